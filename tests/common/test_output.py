"""Output of any size gets a bounded answer, and nothing of it is lost."""

import base64
import os
import time
from pathlib import Path

import pytest

from support.answers import data, error
from support.suite import StartProbe

pytestmark = pytest.mark.anyio


@pytest.fixture
def spool(home: Path) -> Path:
    return home / ".local/state/infra-mcp/output/probe"


async def test_a_small_output_is_whole_and_leaves_no_file(start_probe: StartProbe, spool: Path) -> None:
    async with start_probe() as server:
        assert data(await server.call("run", script="echo hi"))["stdout"] == {"text": "hi\n", "bytes": 3}
    assert not spool.exists()


@pytest.mark.promise("long-output-is-read-on")
async def test_a_big_output_is_cut_and_every_character_can_be_read(start_probe: StartProbe, spool: Path) -> None:
    whole = "".join(f"{number} é\n" for number in range(20_000))
    parts: list[str] = []
    offset: int | None = 0
    async with start_probe() as server:
        out = data(await server.call("run", script="for i in $(seq 0 19999); do echo $i é; done"))["stdout"]
        while offset is not None:
            part = data(await server.call("read_output", output_id=out["output_id"], offset=offset, limit=70_000))
            parts.append(part["text"])
            offset = part.get("next_offset")
    assert "".join(parts) == whole
    assert len(out["text"].encode()) < 33_000
    assert out["bytes"] - out["omitted_bytes"] == 32_000
    assert [oct(file.stat().st_mode & 0o777) for file in spool.iterdir()] == ["0o600"]
    assert oct(spool.stat().st_mode & 0o777) == "0o700"


async def test_bytes_that_are_no_text_survive(start_probe: StartProbe) -> None:
    async with start_probe() as server:
        out = data(await server.call("run", script=r"printf '\377\000\001'"))["stdout"]
    assert base64.b64decode(out["text"]) == b"\xff\x00\x01"


async def test_outputs_of_yesterday_are_removed(start_probe: StartProbe, spool: Path) -> None:
    spool.mkdir(parents=True)
    (spool / ("0" * 16)).write_text("old")
    os.utime(spool / ("0" * 16), times=(time.time() - 90_000,) * 2)
    async with start_probe() as server:
        assert data(await server.call("read_output", output_id="0" * 16))["text"] == "old"
        await server.call("run", script="seq 20000")
        assert error(await server.call("read_output", output_id="0" * 16))["kind"] == "not_found"


@pytest.mark.parametrize("output_id", ["../../audit/probe.jsonl", "", "0" * 15, "G" * 16, "/etc/passwd"])
async def test_only_an_output_can_be_read(start_probe: StartProbe, output_id: str) -> None:
    async with start_probe() as server:
        assert error(await server.call("read_output", output_id=output_id))["kind"] == "invalid_input"
