"""What goes wrong is told by class, ends at the deadline, and leaves nothing behind."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import anyio
import psutil
import pytest

from sandbox.client import console_script, minimal_environment
from sandbox.kubernetes.cluster import Cluster
from support.answers import error, text
from support.kubectl import Use
from support.sshd import free_port
from support.tools import wait_for

pytestmark = pytest.mark.anyio

CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}"


async def test_a_missing_kubeconfig_is_named_and_kubectl_is_not_left_to_try_localhost(
    use: Use, cluster: Cluster, tmp_path: Path
) -> None:
    lines = tmp_path / "command-lines"
    stub = {"KUBECTL_MCP_BIN": str(cluster.write_stub()), "STUB_KUBECTL_LOG": str(lines)}
    for named, told in ((str(tmp_path / "nowhere"), str(tmp_path / "nowhere")), ("", ".kube/config")):
        async with use(KUBECONFIG=named, **stub) as kubectl:
            result = await kubectl.server.call("get", kind="pods")
        assert error(result)["kind"] == "not_configured"
        assert told in text(result)
    assert not lines.exists()


BROKEN = ["contexts: [", "just text", "contexts: nope", "\x00\x01", "{}", '{"contexts": [{"context": {}}]}']


async def test_a_broken_kubeconfig_is_named_and_not_quoted(use: Use, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    async with use(KUBECONFIG=str(broken)) as kubectl:
        for content in BROKEN:
            broken.write_text(content + "\n# token: canary-in-the-kubeconfig\n")
            result = await kubectl.server.call("get", kind="pods")
            assert error(result)["kind"] == "not_configured", content
            assert str(broken) in text(result)
            assert "canary" not in text(result)


async def test_a_missing_kubectl_is_named(use: Use) -> None:
    async with use(KUBECTL_MCP_BIN="/nowhere/kubectl") as kubectl:
        result = await kubectl.server.call("get", kind="pods")
    assert error(result)["kind"] == "not_configured"
    assert "/nowhere/kubectl" in text(result)


async def test_a_server_that_is_not_there_is_told_without_the_noise_of_kubectl(
    use: Use, cluster: Cluster, tmp_path: Path
) -> None:
    config = json.loads(cluster.kubeconfig.read_text())
    config["clusters"][0]["cluster"]["server"] = f"https://127.0.0.1:{free_port()}"
    dead = tmp_path / "dead"
    dead.write_text(json.dumps(config))
    async with use(KUBECONFIG=str(dead)) as kubectl:
        result = await kubectl.server.call("get", kind="pods")
    assert error(result)["kind"] == "unreachable"
    assert "memcache.go" not in text(result)


@pytest.mark.promise("certificates-are-checked")
async def test_a_certificate_nobody_vouches_for_is_refused(use: Use, cluster: Cluster, tmp_path: Path) -> None:
    config = json.loads(cluster.kubeconfig.read_text())
    del config["clusters"][0]["cluster"]["certificate-authority-data"]
    unknown = tmp_path / "unknown"
    unknown.write_text(json.dumps(config))
    async with use(KUBECONFIG=str(unknown)) as kubectl:
        assert await kubectl.refused("get", kind="pods") == "unreachable"
    assert cluster.recording.requests == []


async def test_a_server_that_accepts_and_never_answers_ends_at_the_deadline_with_no_process_left(
    use: Use, cluster: Cluster, running_programs: Callable[[], set[psutil.Process]]
) -> None:
    cluster.faults.mode = "hang"
    calls = {"get": {"kind": "pods"}, "diagnose": {}, "apply": {"manifest": CONFIG}, "logs": {"pod": "crasher"}}
    async with use(KUBECTL_MCP_TIMEOUT="2") as kubectl:
        for tool, arguments in calls.items():
            with anyio.fail_after(15):
                assert await kubectl.refused(tool, **arguments) == "timed_out"
            assert running_programs() == set()


async def test_a_cancelled_call_leaves_no_process(
    use: Use, cluster: Cluster, running_programs: Callable[[], set[psutil.Process]]
) -> None:
    cluster.faults.mode = "hang"
    async with use() as kubectl:
        with anyio.move_on_after(1):
            await kubectl.server.call("get", kind="pods")
        await anyio.to_thread.run_sync(wait_for, lambda: not running_programs(), "kubectl ends")
        cluster.faults.released.set()
        cluster.faults.mode = ""
        await kubectl.call("list_contexts")


async def test_a_server_that_breaks_is_told_as_such(use: Use, cluster: Cluster) -> None:
    async with use() as kubectl:
        await kubectl.call("get", kind="pods")
        for mode in ("drop", "broken"):
            cluster.faults.mode = mode
            assert await kubectl.refused("get", kind="pods") == "unreachable"


async def test_a_slow_server_is_waited_for_and_eight_calls_wait_at_once(use: Use, cluster: Cluster) -> None:
    async with use() as kubectl:
        await kubectl.call("get", kind="pods")
        cluster.faults.mode, cluster.faults.delay = "slow", 1.0
        answers = []

        async def ask() -> None:
            answers.append(await kubectl.call("get", kind="pods"))

        with anyio.fail_after(20):
            async with anyio.create_task_group() as group:
                for _ in range(8):
                    group.start_soon(ask)
    assert [answer["page"]["total"] for answer in answers] == [8] * 8
    assert cluster.faults.most_at_once >= 4


def test_the_doctor_says_what_works_and_what_does_not(cluster: Cluster, home: Path) -> None:
    def examine(**more: str) -> dict[str, str]:
        environment = minimal_environment(home) | {"KUBECONFIG": str(cluster.kubeconfig)} | more
        command = [str(console_script("kubectl-mcp")), "doctor", "--json"]
        said = subprocess.run(command, env=environment, capture_output=True, text=True, check=False).stdout
        return {finding["check"]: finding["state"] for finding in json.loads(said)["findings"]}

    assert examine()["cluster sandbox"] == "ok"
    assert examine(KUBECTL_MCP_BIN="/nowhere")["kubectl"] == "failed"
    assert examine(KUBECONFIG="/nowhere")["contexts"] == "failed"
    cluster.api.users["admin-token"] = cluster.api.users["nobody-token"]
    assert examine()["cluster sandbox"] == "failed"


async def test_the_kubeconfig_is_never_changed(use: Use, cluster: Cluster) -> None:
    before = (cluster.kubeconfig.read_bytes(), cluster.kubeconfig.stat().st_mtime_ns)
    async with use() as kubectl:
        await kubectl.call("get", kind="pods", context="viewer", namespace="default")
        await kubectl.call("list_contexts")
        await kubectl.refused("get", kind="pods", context="expired")
    assert (cluster.kubeconfig.read_bytes(), cluster.kubeconfig.stat().st_mtime_ns) == before


async def test_the_operator_chooses_the_contexts(use: Use, cluster: Cluster) -> None:
    async with use(INFRA_MCP_TARGETS="viewer, no*") as kubectl:
        contexts = (await kubectl.call("list_contexts"))["contexts"]
        assert await kubectl.refused("get", kind="pods") == "refused"
        assert await kubectl.refused("get", kind="pods", context="prod") == "refused"
        answer = await kubectl.call("get", kind="pods", context="viewer")
    assert [context["name"] for context in contexts if context["allowed"]] == ["viewer", "nobody"]
    assert answer["context"] == "viewer"
    assert {request.user for request in cluster.recording.requests} == {"viewer"}
