"""The connection to the cluster: one API, several hosts to ask, answers unwrapped and refusals translated."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from infra_mcp_common.errors import InfraError, NotConfigured, Unreachable
from infra_mcp_common.guard.kinds import Kind
from infra_mcp_common.io.http import Answer, Http, Method
from infra_mcp_proxmox.domain.task import Upid
from infra_mcp_proxmox.transport.errors import translate
from infra_mcp_proxmox.transport.hosts import Host
from infra_mcp_proxmox.transport.identity import Identity
from infra_mcp_proxmox.transport.trust import Trust

API = "/api2/json"
Params = Mapping[str, object]


class Client:
    """Asks the host that answered last, and the others where that one does not take connections.

    console_locks: a container's console is one terminal, so only one command at a time uses it.
    """

    def __init__(self, identity: Identity) -> None:
        self.identity = identity
        self._hosts = [_http(identity, host) for host in identity.hosts]
        self._good = 0
        self.console_locks: dict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    @property
    def host(self) -> str:
        """Authority of the host that answered last."""
        return self.identity.hosts[self._good].authority

    @property
    def trust(self) -> Trust:
        """How that host proves who it is."""
        return self.identity.trust.of(self.identity.hosts[self._good])

    async def row(self, path: str, params: Params | None = None, *, timeout: float = 30.0) -> Any:
        """What is read here, one object."""
        return await self.data("GET", path, params, timeout=timeout) or {}

    async def rows(self, path: str, params: Params | None = None, *, timeout: float = 30.0) -> list[Any]:
        """What is read here, a list of objects."""
        return list(await self.data("GET", path, params, timeout=timeout) or [])

    async def change(self, method: Method, path: str, params: Params, *, kind: Kind | None = None) -> Upid | None:
        """Send a change; its task, where it has one."""
        upid = await self.data(method, path, params, kind=kind, timeout=60)
        return Upid.parse(upid) if isinstance(upid, str) else None

    async def data(
        self,
        method: Method,
        path: str,
        params: Params | None = None,
        *,
        kind: Kind | None = None,
        timeout: float = 30.0,
    ) -> Any:
        """The `data` of an answer."""
        return (await self.body(method, path, params, kind=kind, timeout=timeout)).get("data")

    async def body(
        self,
        method: Method,
        path: str,
        params: Params | None = None,
        *,
        kind: Kind | None = None,
        timeout: float = 30.0,
    ) -> dict[str, Any]:
        """The whole body of an answer; refusals are raised as the errors they mean."""
        answer = await self.raw(method, API + path, _plain(params or {}), kind=kind, timeout=timeout)
        if answer.status >= 300:
            raise translate(answer, f"{method} {path}", self.identity.token_id)
        body = answer.json()
        return body if isinstance(body, dict) else {}

    async def raw(
        self,
        method: Method,
        path: str,
        params: Params | None = None,
        *,
        kind: Kind | None = None,
        timeout: float = 30.0,
    ) -> Answer:
        in_query = method in ("GET", "DELETE")
        sent: dict[str, Any] = {"params" if in_query else "data": params}
        first: InfraError | None = None
        for number in self._order():
            try:
                answer = await self._hosts[number].request(method, path, **sent, kind=kind, timeout=timeout)
            except Unreachable as error:
                if error.facts.get("cause") not in ("refused", "dns"):
                    raise _explained(error, self.identity) from None
                first = first or error
            else:
                self._good = number
                return answer
        raise _all_silent(first, len(self._hosts))

    def _order(self) -> list[int]:
        """The good one first."""
        return sorted(range(len(self._hosts)), key=lambda number: number != self._good)

    def close(self) -> None:
        for host in self._hosts:
            host.close()


def _http(identity: Identity, host: Host) -> Http:
    trust = identity.trust.of(host)
    return Http(
        f"Proxmox VE at {host.authority}",
        host.url,
        identity.headers,
        trust.verify,
        adapter=trust.adapter(),
        insist=len(identity.hosts) == 1,
    )


def _plain(params: Params) -> dict[str, object]:
    """Parameters as the API wants them: booleans as 1 and 0, nothing for None."""
    given = {name: value for name, value in params.items() if value is not None}
    return {name: int(value) if isinstance(value, bool) else value for name, value in given.items()}


def _all_silent(first: InfraError | None, hosts: int) -> InfraError:
    if first is None:
        return NotConfigured("PROXMOX_HOST names no host.", "Set it.")
    if hosts > 1:
        return Unreachable(f"None of the {hosts} hosts answers. {first.problem}", first.next_step, cause="refused")
    return first


def _explained(error: Unreachable, identity: Identity) -> InfraError:
    """A certificate that is not trusted has one cause far more often than others: the cluster's own CA."""
    cause, trust = str(error.facts.get("cause")), identity.trust
    if cause not in ("tls", "expired"):
        return error
    if cause == "expired":
        advice = "Renew it on the node: pvecm updatecerts --force for its own, pvenode acme cert renew for others."
    elif trust.fingerprints:
        advice = "Its fingerprint is not in PROXMOX_FINGERPRINT. Compare it on the node: pvenode cert info."
    else:
        advice = (
            "A fresh installation signs its own: copy /etc/pve/pve-root-ca.pem from a node and set PROXMOX_CA_FILE to "
            "it, or set PROXMOX_FINGERPRINT to what pvenode cert info shows."
        )
    return Unreachable(error.problem, advice, cause=cause)
