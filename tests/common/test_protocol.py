"""What a client sees of every server: both eras, the same tools at any time, and nothing on stdout but the protocol."""

import json
import subprocess
from pathlib import Path

import pytest
from mcp.types import TextContent

from sandbox.client import Mode, console_script, minimal_environment
from support.client import StartServer
from support.raw import HANDSHAKE, RawServer
from support.suite import PROBE, SERVERS, StartProbe

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("name", SERVERS)
@pytest.mark.parametrize("mode", ["auto", "legacy"])
@pytest.mark.promise("starts-with-nothing-set")
async def test_a_server_without_any_setting_shakes_hands_and_lists_its_tools(
    start: StartServer, name: str, mode: Mode
) -> None:
    async with start(f"{name}-mcp", mode=mode) as server:
        tools = await server.client.list_tools()
        version = server.client.server_info.version if server.client.server_info else ""
    assert len(tools.tools) >= 6
    printed = subprocess.run([console_script(f"{name}-mcp"), "--version"], capture_output=True, text=True, check=True)
    assert printed.stdout == f"{name}-mcp {version}\n"


async def test_the_tools_are_the_same_in_both_eras_and_after_any_call(start_probe: StartProbe) -> None:
    seen = []
    for mode in ("auto", "legacy"):
        async with start_probe(mode=mode) as server:
            for call in ((), ("reveal",), ("crash", "x"), ("nonsense",)):
                if call:
                    await server.call(call[0], **({"detail": call[1]} if len(call) > 1 else {}))
                listed = await server.client.list_tools(cache_mode="bypass")
                seen.append([json.dumps(tool.model_dump(mode="json"), sort_keys=True) for tool in listed.tools])
    assert all(listing == seen[0] for listing in seen)


def test_stdout_carries_the_protocol_and_nothing_else(home: Path, tmp_path: Path) -> None:
    call = {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "say", "arguments": {"text": "hi"}}}
    command = [console_script("python"), PROBE]
    with RawServer(command, minimal_environment(home), tmp_path / "stderr") as server:
        for message in (*HANDSHAKE, call):
            server.send(json.dumps(message).encode() + b"\n")
        answers = server.answers(2)
        server.close_input()
        assert [answer["id"] for answer in [*answers, *server.rest()]] == [1, 2]


@pytest.mark.parametrize("arguments", [["--bad-flag"], ["nonsense"]])
def test_wrong_flags_end_with_usage_on_stderr_and_an_empty_stdout(home: Path, arguments: list[str]) -> None:
    argv = [str(console_script("python")), str(PROBE), *arguments]
    finished = subprocess.run(argv, capture_output=True, text=True, check=False, env=minimal_environment(home))
    assert finished.returncode == 2
    assert (finished.stdout, finished.stderr.split(":")[0]) == ("", "usage")


async def test_text_and_structured_answer_say_the_same(start_probe: StartProbe) -> None:
    async with start_probe() as server:
        result = await server.call("say", text="é")
    assert isinstance(result.content[0], TextContent)
    assert json.loads(result.content[0].text) == result.structured_content == {"text": "é"}
