"""Who we are to the cluster, from the settings."""

import re
from dataclasses import dataclass, field

from infra_mcp_common.errors import NotConfigured
from infra_mcp_common.runtime import current
from infra_mcp_proxmox import settings
from infra_mcp_proxmox.transport import trust
from infra_mcp_proxmox.transport.hosts import Host, parse
from infra_mcp_proxmox.transport.trust import Trust

_TOKEN = re.compile(r"(?:PVEAPIToken=)?(?P<id>[^\s@!=]+@[^\s@!=]+![^\s@!=]+)=(?P<secret>\S+)")


@dataclass(frozen=True)
class Identity:
    """Everything a connection is made from; equal settings make equal identities."""

    hosts: tuple[Host, ...]
    token_id: str
    secret: str = field(repr=False)
    trust: Trust

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"PVEAPIToken={self.token_id}={self.secret}"}


def load() -> Identity:
    """The identity that the settings describe now; NotConfigured says which one is missing or wrong."""
    hosts = parse(current().settings.require(settings.HOST), current().settings.get(settings.PORT))
    token_id, secret = _token()
    current().secrets.learn(secret)
    return Identity(hosts, token_id, secret, trust.load())


def _token() -> tuple[str, str]:
    user = current().settings.get(settings.USER)
    if user and not current().settings.get(settings.TOKEN):
        name = current().settings.require(settings.TOKEN_NAME).rpartition("!")[2]
        text = f"{user}!{name}={current().settings.require(settings.TOKEN_VALUE)}"
    else:
        text = current().settings.require(settings.TOKEN)
    found = _TOKEN.fullmatch(text)
    if found is None:
        raise NotConfigured(
            "The API token is not of the form user@realm!id=secret.",
            "Copy token id and secret as Proxmox showed them, joined by '='.",
            setting=settings.TOKEN.name,
        )
    return found["id"], found["secret"]
