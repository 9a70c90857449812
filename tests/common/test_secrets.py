"""A secret that a server holds is in no answer, no error, no log and no audit line, however it is spelt."""

import base64
import json
from pathlib import Path
from urllib.parse import quote

import pytest

from infra_mcp_common.text.redaction import MASK
from support.answers import data
from support.suite import StartProbe, StartProbeProcess

pytestmark = pytest.mark.anyio

SECRET = 'canary/"s3cret"+=x'


@pytest.mark.parametrize(
    "spelling",
    [SECRET, quote(SECRET, safe=""), json.dumps(SECRET), base64.b64encode(SECRET.encode()).decode()],
)
@pytest.mark.promise("every-spelling-is-masked")
async def test_a_held_secret_is_masked_in_every_spelling(
    start_probe_process: StartProbeProcess, home: Path, spelling: str
) -> None:
    async with start_probe_process(env={"PROBE_TOKEN": SECRET}) as server:
        said = data(await server.call("say", text=f"before {spelling} after"))
        failed = await server.call("fail", said=spelling)
        await server.call("crash", detail=spelling)
    assert said["text"].startswith("before ") and said["text"].endswith(" after") and MASK in said["text"]
    audit = (home / ".local/state/infra-mcp/audit/probe.jsonl").read_text()
    for place in (json.dumps(said), failed.model_dump_json(), server.stderr, audit):
        assert "canary" not in place
        assert base64.b64encode(b"canary").decode()[:8] not in place


async def test_a_held_secret_is_masked_in_progress(start_probe: StartProbe) -> None:
    told: list[str | None] = []

    async def note(progress: float, total: float | None, message: str | None) -> None:
        told.append(message)

    async with start_probe(env={"PROBE_TOKEN": SECRET}) as server:
        script = {"script": f"echo '{SECRET}'"}
        await server.client.call_tool("run", script, progress_callback=note)
    assert told == [MASK]


async def test_a_held_secret_is_masked_across_every_cut_and_in_the_kept_file(
    start_probe: StartProbe, home: Path
) -> None:
    script = f"yes '{SECRET}' | head -n 40000 | tr -d '\\n'"  # so that every cut lies in a secret
    async with start_probe(env={"PROBE_TOKEN": SECRET}) as server:
        out = data(await server.call("run", script=script))["stdout"]
        rest = data(await server.call("read_output", output_id=out["output_id"], limit=100_000))["text"]
    kept = (home / ".local/state/infra-mcp/output/probe" / out["output_id"]).read_text()
    assert out["bytes"] == 40000 * len(SECRET)
    assert kept == MASK * 40000
    assert rest == kept[:100_000]
    assert set(out["text"]) <= set(MASK) | set("\n[... 0123456789 bytes left out ...]\n")


@pytest.mark.parametrize(
    "secret",
    [
        "-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n-----END OPENSSH PRIVATE KEY-----",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N",
        "AKIAIOSFODNN7EXAMPLE",
        "ghp_" + "a1B2" * 9,
    ],
)
@pytest.mark.promise("well-known-shapes-are-masked")
async def test_well_known_shapes_of_secrets_are_masked(start_probe: StartProbe, secret: str) -> None:
    async with start_probe() as server:
        assert data(await server.call("say", text=f"a {secret} b"))["text"] == f"a {MASK} b"
