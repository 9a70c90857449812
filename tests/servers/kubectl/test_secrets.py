"""What is in a Secret appears nowhere: no answer, no error, no log, no command line, no file."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from sandbox.client import ServerProcess
from sandbox.kubernetes.cluster import Cluster
from sandbox.kubernetes.validation import DENY
from sandbox.kubernetes.world import S1_PASSWORD, secret
from support.answers import text
from support.kubectl import Kubectl, Use

pytestmark = pytest.mark.anyio

CANARY = "canary-Zx81-value"
GUESS = "jsonpath={.data.password}=x"
FORMS = [form for value in (CANARY, S1_PASSWORD) for form in (value, base64.b64encode(value.encode()).decode())]


def manifest(value: str, name: str = "s2") -> str:
    item = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "stringData": {"password": value}}
    return json.dumps(item)


def denied() -> str:
    """A Secret whose refusal quotes it."""
    item = json.loads(manifest(CANARY, "s1"))
    item["metadata"]["annotations"] = {DENY: "yes"}
    return json.dumps(item)


@pytest.fixture
def cluster(cluster: Cluster) -> Cluster:
    item = secret("copied", password=CANARY)
    item["metadata"]["annotations"] = {
        "kubectl.kubernetes.io/last-applied-configuration": manifest(CANARY, "copied"),
        "tool.example.com/notes": f"the password is {CANARY}",
        "objectset.example.com/applied": "H4sIAAAAAAAA",
    }
    cluster.put(item)
    return cluster


async def everything(kubectl: Kubectl) -> list[str]:
    """What every tool that can touch a Secret says."""
    calls: list[tuple[str, dict[str, Any]]] = [
        ("get", {"kind": "secrets"}),
        ("get", {"kind": "secrets", "output": "full", "all_namespaces": True}),
        ("get", {"kind": "Secrets.v1.", "output": "full"}),
        ("get", {"kind": "secret", "fields": ["data", "data.password", "metadata.annotations", "stringData"]}),
        ("describe", {"kind": "secret", "name": "copied"}),
        ("describe", {"kind": "Secrets.v1.", "name": "copied"}),
        ("apply", {"manifest": manifest(CANARY), "dry_run": True}),
        ("apply", {"manifest": manifest("first-value-of-it")}),
        ("diff", {"manifest": manifest(CANARY)}),
        ("apply", {"manifest": manifest(CANARY)}),
        ("apply", {"manifest": manifest(CANARY), "server_side": True}),
        ("apply", {"manifest": manifest(CANARY, "Bad_Name")}),
        ("apply", {"manifest": manifest(CANARY), "namespace": "nosuch"}),
        ("apply", {"manifest": manifest(CANARY).replace('"stringData"', '"srtingData"')}),
        ("apply", {"manifest": manifest(CANARY) + "}"}),
        ("apply", {"manifest": denied()}),
        ("patch", {"kind": "secret", "name": "s1", "patch": denied()}),
        ("patch", {"kind": "secret", "name": "s1", "patch": json.dumps({"stringData": {"password": CANARY}})}),
        ("patch", {"kind": "secret", "name": "s1", "patch": json.dumps({"data": {"password": CANARY}})}),
        ("label", {"kind": "secret", "name": "copied", "labels": {"a": "b"}}),
        ("annotate", {"kind": "secret", "name": "copied", "annotations": {"tool.example.com/notes": None}}),
        (
            "wait",
            {"kind": "secret", "name": "copied", "condition": GUESS, "timeout_seconds": 1},
        ),
        ("delete", {"kind": "secret", "names": ["s1", "copied"]}),
        ("delete", {"kind": "secret", "names": ["copied"], "confirmed": True}),
        ("diagnose", {}),
        ("events", {}),
    ]
    return [text(await kubectl.server.call(tool, **arguments)) for tool, arguments in calls]


async def test_a_canary_in_a_secret_appears_in_no_answer_log_file_or_command_line(
    use_process: Use, cluster: Cluster, home: Path, tmp_path: Path
) -> None:
    lines = tmp_path / "command-lines"
    stub = str(cluster.write_stub())
    async with use_process(KUBECTL_MCP_BIN=stub, STUB_KUBECTL_LOG=str(lines), INFRA_MCP_ASK="off") as kubectl:
        said = await everything(kubectl)
        assert isinstance(kubectl.server, ServerProcess)
        said.append(kubectl.server.stderr)
    written = [path.read_text("utf-8", "replace") for path in home.rglob("*") if path.is_file()]
    told = "\n".join([*said, *written, lines.read_text()])
    assert "s2" in told, "the calls did not reach the cluster"
    for form in FORMS:
        assert form not in told


async def test_a_changed_secret_is_told_as_changed_without_its_values(use: Use) -> None:
    async with use() as kubectl:
        await kubectl.call("apply", manifest=manifest("one-value"))
        answer = await kubectl.call("apply", manifest=manifest("another-value"))
    assert answer["outcomes"][0]["action"] == "configured"
    assert [change["path"] for change in answer["outcomes"][0]["changes"]] == ["data.password"]


async def test_the_contents_of_a_secret_can_not_be_guessed_at_by_waiting(use: Use) -> None:
    async with use() as kubectl:
        for kind in ("secret", "Secrets.v1."):
            assert await kubectl.refused("wait", kind=kind, name="s1", condition=GUESS) == "invalid_input"


async def test_a_mask_is_not_written_back(use: Use, cluster: Cluster) -> None:
    async with use() as kubectl:
        shown = await kubectl.call("get", kind="secret", names=["s1"], output="full")
        kind = await kubectl.refused("apply", manifest=json.dumps(shown["items"][0], ensure_ascii=False))
    assert kind == "invalid_input"
    assert cluster.recording.changes() == []
