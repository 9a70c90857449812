"""A fake cluster of three nodes, furnished for a tour of all tools."""

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from contract.worlds.base import Call, Fault, Json, World
from contract.worlds.door import Door, Reply, http_faults, tls
from sandbox.proxmox import FakeProxmox
from sandbox.proxmox.tls import LIFE, Authority
from support.proxmox_tour import BACKUP, finished_task, furnish, stops
from support.sshd import free_port

SAID = {
    401: "authentication failure",
    403: "Permission check failed (/nodes/pve1, Sys.Audit)",
    404: "No such file or directory",
    500: "CT is locked (backup)",
    501: "Method 'GET /nodes/pve1/status' not implemented",
    595: "No route to host",
}
STATUSES = {401: "denied", 403: "denied", 404: "failed", 500: "conflict", 501: "failed", 595: "node_down"}


def refusal(status: int) -> Reply:
    """How Proxmox VE says no: in the reason phrase, and on newer versions in the body, too."""
    said = SAID.get(status, "OK")
    return Reply(status, json.dumps({"data": None, "message": f"{said}\n"}).encode(), reason=said)


def issued(authority: Authority, file: Path, life: timedelta) -> Path:
    """The file, now with a certificate of this authority; with a negative life, it has expired."""
    authority.issue("pve1", file, life)
    return file


class ProxmoxWorld(World):
    name = "proxmox"
    probe = Call("get_node_status", {"node": "pve1"})
    light = Call("get_next_id")
    over_http = True
    may_die = True

    @contextmanager
    def opened(self) -> Iterator[None]:
        with FakeProxmox() as self.fake:
            furnish(self.fake)
            self.fake.token.secret = str(uuid5(NAMESPACE_URL, self.secret))
            self.env = self.fake.environment()
            self.secrets = {self.fake.token.secret}
            yield

    def calls(self, answers: Mapping[str, Json]) -> Iterator[Call]:
        yield Call("exec_container", {"container": "ct", "command": "seq 20000"})
        yield Call("read_output", {"output_id": answers["exec_container"]["stdout"]["output_id"]})
        for stop in stops(finished_task(self.fake)):
            arguments = dict(stop.arguments)
            if arguments.get("backup") == BACKUP:
                arguments["backup"] = self._backup_of(arguments["vmid"])
            yield Call(stop.tool, arguments, stop.confirm)

    def _backup_of(self, vmid: int) -> str:
        """One of this guest, or else the newest one."""
        volumes = self.fake.cluster.storages["backups"].volumes
        own = [each.volid for each in volumes if each.vmid == vmid]
        return (own or [each.volid for each in volumes[-1:]] or ["backups:backup/none"])[0]

    def plant(self, text: str) -> set[str]:
        for guest in self.fake.cluster.guests.values():
            guest.config["description"] = text
        for kind in ("qmstart", "qmstop", "vzstart", "qmsuspend"):
            self.fake.tasks.plan(kind, "WARNINGS: 1", log=[text])
        return {"get_vm", "get_container"}

    @contextmanager
    def faulty(self) -> Iterator[list[Fault]]:
        host, port = self.fake.address.split(":")
        authority, own = Authority.create(), self.home.parent / "door"
        authority.write_ca(ca := self.home.parent / "door-ca.pem")
        self.env["PROXMOX_CA_FILE"] = str(ca)
        self.door, stale = (
            Door((host, int(port)), tls=tls(issued(authority, own.with_suffix(name), life)))
            for name, life in ((".good", LIFE), (".stale", -LIFE))
        )
        with self.door.opened(), stale.opened():
            self.env["PROXMOX_HOST"] = f"{host}:{self.door.port}"
            yield [
                *http_faults(self.door, refusal, STATUSES),
                Fault("refused", "unreachable", settings={"PROXMOX_HOST": f"{host}:{free_port()}"}),
                Fault("expired", "unreachable", settings={"PROXMOX_HOST": f"{host}:{stale.port}"}, says="expired"),
            ]

    def mend(self) -> None:
        self.door.mend()

    def tamper(self, body: Callable[[bytes], bytes]) -> None:
        self.fake.recorder.tamper = body

    def state(self) -> Any:
        cluster = self.fake.cluster
        sent = [request for request in self.fake.requests if request.method != "GET"]
        return copy.deepcopy((cluster.guests, cluster.storages)), len(sent)
