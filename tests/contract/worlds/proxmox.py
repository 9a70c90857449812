"""A fake cluster of three nodes, furnished for a tour of all tools."""

import copy
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from contract.worlds.base import Call, Json, World
from sandbox.proxmox import FakeProxmox
from servers.proxmox.test_every_tool import finished_task
from servers.proxmox.tour import BACKUP, furnish, stops


class ProxmoxWorld(World):
    name = "proxmox"

    @contextmanager
    def opened(self) -> Iterator[None]:
        with FakeProxmox() as self.fake:
            furnish(self.fake)
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
        volumes = self.fake.cluster.storages["backups"].volumes
        return next((each.volid for each in volumes if each.vmid == vmid), volumes[-1].volid)

    def plant(self, text: str) -> set[str]:
        for guest in self.fake.cluster.guests.values():
            guest.config["description"] = text
        for kind in ("qmstart", "qmstop", "vzstart", "qmsuspend"):
            self.fake.tasks.plan(kind, "WARNINGS: 1", log=[text])
        return {"get_vm", "get_container"}

    def tamper(self, body: Callable[[bytes], bytes]) -> None:
        self.fake.recorder.tamper = body

    def state(self) -> Any:
        cluster = self.fake.cluster
        sent = [request for request in self.fake.requests if request.method != "GET"]
        return copy.deepcopy((cluster.guests, cluster.storages)), len(sent)
