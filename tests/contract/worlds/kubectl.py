"""The sandbox's cluster, with the real kubectl before it; only `exec` runs without containers."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from contract.worlds.base import SECRET, Call, Json, World
from sandbox.kubernetes.cluster import Cluster
from sandbox.kubernetes.world import deployment
from support.tools import require

WEB = {"kind": "deployment", "name": "web"}
MANIFEST = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: new}\ndata: {a: b}\n"


class KubectlWorld(World):
    name = "kubectl"

    @contextmanager
    def opened(self) -> Iterator[None]:
        require("kubectl")
        with Cluster() as self.cluster:
            config = self.cluster.kubeconfig
            config.write_text(config.read_text().replace("admin-token", SECRET))
            self.cluster.api.users[SECRET] = self.cluster.api.users["admin-token"]
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

    def tamper(self, body: Callable[[bytes], bytes]) -> None:
        self.cluster.faults.tamper = body

    def state(self) -> Any:
        store = self.cluster.api.store
        return {kind: store.items(resource) for kind, resource in self.cluster.api.kinds.items()}, len(
            self.cluster.recording.changes()
        )
