"""Two servers in one process, each with a cluster and settings of its own, that are asked at the same time."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest

from sandbox.client import in_memory
from sandbox.kubernetes.cluster import Cluster
from support.kubectl import Kubectl, Use

pytestmark = pytest.mark.anyio

CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n"


@pytest.fixture
def other(cluster: Cluster) -> Iterator[Cluster]:
    with Cluster(populated=False) as other:
        yield other


@pytest.fixture
def other_home(tmp_path: Path, other: Cluster) -> Path:
    """A home with the kubeconfig where kubectl has it."""
    home = tmp_path / "other"
    (home / ".kube").mkdir(parents=True)
    other.write_kubeconfig(home / ".kube" / "config")
    return home


async def test_two_servers_at_once_do_not_see_each_others_cluster_settings_or_home(
    use: Use, cluster: Cluster, other: Cluster, other_home: Path
) -> None:
    settings = {"KUBECTL_MCP_PROTECTED_NAMESPACES": "def*", "INFRA_MCP_TARGETS": "sandbox"}
    async with use() as first, in_memory("kubectl-mcp", home=other_home, env=settings) as server:
        second, answers = Kubectl(server), dict[str, Any]()

        async def ask(name: str, kubectl: Kubectl) -> None:
            answers[f"pods of {name}"] = (await kubectl.call("get", kind="pods"))["page"]["total"]
            contexts = await kubectl.call("list_contexts")
            answers[f"protected in {name}"] = contexts["protected_namespaces"]
            answers[f"allowed in {name}"] = sum(context["allowed"] for context in contexts["contexts"])

        async with anyio.create_task_group() as group:
            for name, kubectl in (("first", first), ("second", second)):
                group.start_soon(ask, name, kubectl)
        await first.call("apply", manifest=CONFIG)
        assert await second.refused("apply", manifest=CONFIG) == "refused"
    assert answers == {
        "pods of first": 8,
        "pods of second": 0,
        "protected in first": ["kube-system", "production", "prod"],
        "protected in second": ["def*"],
        "allowed in first": 5,
        "allowed in second": 1,
    }
    assert [len(each.recording.changes()) for each in (cluster, other)] == [1, 0]
    assert other.recording.requests
