"""kubectl-mcp on an embedded API server, with the kubectl of this machine; only `exec` is played by a stub."""

import shutil
from pathlib import Path
from typing import Any

from demos.stage import Stage, perform
from sandbox.kubernetes.cluster import Cluster

SHOP = """
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {mode: shop, level: debug}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart}
spec:
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec: {containers: [{name: cart, image: "cart:1"}]}
"""
INTO_PRODUCTION = "{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: production}}"


async def play(folder: Path) -> None:
    home = folder / "home"
    if shutil.which("kubectl") is None:
        print("\nkubectl-mcp needs kubectl, which is not installed here.")
        return
    with Cluster() as cluster:
        _settle(home, cluster)
        async with perform("kubectl-mcp", home=home) as stage:
            await _look(stage)
            await _change(stage)
        async with perform("kubectl-mcp", home=home, env={"INFRA_MCP_GATE": "writes"}) as stage:
            await stage.call(
                "A write is only a preview", "apply", manifest=SHOP.replace("cart:1", "cart:2"), ends="preview"
            )


async def _look(stage: Stage) -> None:
    await stage.list_tools()
    await stage.call("The pods, those in trouble first", "get", kind="pods")
    await stage.call("Why is one of them in trouble?", "diagnose", kind="pod", name="crasher")
    await stage.call("A Secret, without what is secret", "get", kind="secret", names=["s1"], output="full")
    await stage.call("A command in a container", "exec", pod="web-1", command=["true"], ends="refused")
    await stage.call("A command in a container that is there", "exec", pod="crasher", command=["sh", "-c", "exit 3"])


async def _change(stage: Stage) -> None:
    await stage.call("What would a manifest change?", "diff", manifest=SHOP)
    await stage.call("Apply it", "apply", manifest=SHOP)
    await stage.call("A protected namespace", "apply", manifest=INTO_PRODUCTION, ends="refused")
    cart: dict[str, Any] = {"kind": "pods", "selector": "app=cart"}
    await stage.call("What would a deletion take?", "delete", **cart, ends="preview")
    await stage.call("Confirmed, it is done", "delete", **cart, confirmed=True)


def _settle(home: Path, cluster: Cluster) -> None:
    """The kubeconfig where kubectl has it, and the stub in the server's env file."""
    (home / ".kube").mkdir(parents=True)
    cluster.write_kubeconfig(home / ".kube" / "config")
    env_file = home / ".config" / "infra-mcp" / "kubectl.env"
    env_file.parent.mkdir(parents=True)
    env_file.touch(mode=0o600)
    env_file.write_text(f"KUBECTL_MCP_BIN={cluster.write_stub()}\n", encoding="utf-8")
