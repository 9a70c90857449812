"""The sandbox's cluster, with the real kubectl before it; only `exec` runs without containers."""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from contract.worlds.base import Call, Fault, Json, World
from contract.worlds.door import Door, Reply, http_faults, tls
from sandbox.kubernetes.certificate import make, public_part
from sandbox.kubernetes.cluster import Cluster
from sandbox.kubernetes.world import deployment
from support.sshd import free_port
from support.tools import require

WEB = {"kind": "deployment", "name": "web"}
MANIFEST = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: new}\ndata: {a: b}\n"


REASONS = {
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    409: "Conflict",
    429: "TooManyRequests",
    500: "InternalError",
}
STATUSES = {401: "denied", 403: "denied", 404: "not_found", 409: "conflict", 429: "failed", 500: "failed"}


def refusal(status: int) -> Reply:
    """How the API server says no."""
    said = {"message": "something is not right", "reason": REASONS.get(status, "Unknown"), "code": status}
    body = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", **said}
    return Reply(status, json.dumps(body).encode())


class KubectlWorld(World):
    name = "kubectl"
    probe = Call("get", {"kind": "pods"})
    light = Call("list_contexts")
    over_http = True
    may_die = True

    @contextmanager
    def opened(self) -> Iterator[None]:
        require("kubectl")
        with Cluster() as self.cluster:
            config = self.cluster.kubeconfig
            config.write_text(config.read_text().replace("admin-token", self.secret))
            self.cluster.api.users[self.secret] = self.cluster.api.users["admin-token"]
            self.env = {
                "KUBECONFIG": str(config),
                "KUBECTL_MCP_BIN": str(self.cluster.write_stub()),
                "KUBECTL_MCP_PROTECTED_NAMESPACES": "kube-public",
            }
            self.cluster.put(deployment("web", "nginx:1.28"))
            yield

    def calls(self, answers: Mapping[str, Json]) -> Iterator[Call]:
        yield from self.reads()
        yield Call("exec", {"pod": "crasher", "command": ["seq", "20000"]})
        yield Call("read_output", {"output_id": answers["exec"]["stdout"]["output_id"]})
        yield Call("apply", {"manifest": MANIFEST})
        yield Call("patch", {"kind": "configmap", "name": "new", "patch": '{"data": {"a": "c"}}'})
        yield Call("label", {**WEB, "labels": {"tier": "front"}})
        yield Call("annotate", {**WEB, "annotations": {"note": "seen"}})
        yield Call("scale", {**WEB, "replicas": 4})
        yield Call("rollout_restart", WEB)
        yield Call("rollout_undo", WEB)
        yield Call("cordon", {"node": "node-2"})
        yield Call("drain", {"node": "node-2", "force": True, "wait_seconds": 1}, confirm=True)
        yield Call("delete", {"kind": "configmap", "names": ["new"]}, confirm=True)

    def reads(self) -> Iterator[Call]:
        yield from (Call(tool) for tool in ("list_contexts", "api_resources", "diagnose", "events", "top"))
        yield Call("get", {"kind": "pods"})
        yield Call("get", {"kind": "configmap", "names": ["settings"], "output": "full"})
        yield Call("describe", {"kind": "pod", "name": "crasher"})
        yield Call("wait", {**WEB, "condition": "condition=Available", "timeout_seconds": 5})
        yield Call("logs", {"pod": "crasher"})
        yield Call("explain", {"path": "pod.spec"})
        yield Call("can_i", {"verb": "get", "kind": "pods"})
        yield Call("diff", {"manifest": MANIFEST})
        yield Call("rollout_status", WEB)
        yield Call("rollout_history", WEB)

    def plant(self, text: str) -> set[str]:
        self.cluster.log("crasher", "app", [text])
        settings, crasher = self.cluster.get("ConfigMap", "settings"), self.cluster.get("Pod", "crasher")
        assert settings is not None
        assert crasher is not None
        settings["data"]["mode"] = text
        crasher["metadata"].setdefault("annotations", {})["note"] = text
        self.cluster.put(settings)
        self.cluster.put(crasher)
        return {"get", "describe", "logs"}

    def recorded(self) -> dict[str, str]:
        return {"STUB_KUBECTL_LOG": str(self.cluster.home / "command-lines")}

    def command_lines(self) -> list[str]:
        lines = map(json.loads, (self.cluster.home / "command-lines").read_text().splitlines())
        return [" ".join(line).partition(" -- ")[0] for line in lines]

    @contextmanager
    def faulty(self) -> Iterator[list[Fault]]:
        target, good, stale = ("127.0.0.1", int(self.cluster.url.rsplit(":", 1)[1])), *self._certificates()
        self.door, expired = (Door(target, tls=tls(certificate)) for certificate in (good, stale))
        killed = self.cluster.home / "killed"
        killed.write_text("#!/bin/sh\nkill -9 $$\n")
        killed.chmod(0o700)
        with self.door.opened(), expired.opened():
            self.env |= {"KUBECONFIG": self._leading_to(self.door.port, good), "KUBECTL_MCP_TIMEOUT": "12"}
            nowhere, outdated = self._leading_to(free_port(), good), self._leading_to(expired.port, stale)
            yield [
                *http_faults(self.door, refusal, STATUSES),
                Fault("refused", "unreachable", settings={"KUBECONFIG": nowhere}),
                Fault("expired", "unreachable", settings={"KUBECONFIG": outdated}, says="expired"),
                Fault("missing binary", "not_configured", settings={"KUBECTL_MCP_BIN": "/nowhere/kubectl"}),
                Fault("killed child", "failed", settings={"KUBECTL_MCP_BIN": str(killed)}),
            ]

    def _certificates(self) -> tuple[Path, Path]:
        folders = [self.cluster.home / name for name in ("good", "stale")]
        for folder in folders:
            folder.mkdir()
        return make(folders[0]), make(folders[1], timedelta(days=-1))

    def _leading_to(self, port: int, certificate: Path) -> str:
        """A kubeconfig like the cluster's own that leads to another port."""
        config = json.loads(self.cluster.kubeconfig.read_text())
        authority = base64.b64encode(public_part(certificate)).decode()
        config["clusters"][0]["cluster"] |= {
            "server": f"https://127.0.0.1:{port}",
            "certificate-authority-data": authority,
        }
        path = self.cluster.home / f"kubeconfig-{port}"
        path.write_text(json.dumps(config))
        path.chmod(0o600)
        return str(path)

    def mend(self) -> None:
        self.door.mend()

    def tamper(self, body: Callable[[bytes], bytes]) -> None:
        self.cluster.faults.tamper = body

    def state(self) -> Any:
        store = self.cluster.api.store
        return {kind: store.items(resource) for kind, resource in self.cluster.api.kinds.items()}, len(
            self.cluster.recording.changes()
        )
