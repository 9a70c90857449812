"""Who may not come in is told so, and what a key may not do is not done."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import pytest

from sandbox.client import Mode
from support.answers import data, error
from support.http_server import (
    HEADERS,
    KEY,
    PROBE_COMMAND,
    HttpServer,
    StartHttp,
    plain_client,
    probe_environment,
    request,
)
from support.suite import ROOT

pytestmark = pytest.mark.anyio
READER, VISITOR = "the-key-of-the-reader-1", "the-key-of-the-visitor-1"
FILE = {
    "mcp_api_key": KEY,
    "keys": [
        {"name": "reader", "key": READER, "read_only": True, "exclude_tools": ["reveal"]},
        {"name": "visitor", "key": VISITOR, "tools": ["visit", "make"], "targets": ["web-*"]},
    ],
}


@pytest.fixture
def keys_file(tmp_path: Path) -> Path:
    # JSON is YAML.
    return written(tmp_path / "keys.yaml", json.dumps(FILE))


def written(path: Path, text: str, mode: int = 0o600) -> Path:
    path.touch(mode)
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"Authorization": ""}, 401),
        ({"Authorization": KEY}, 401),
        ({"Authorization": f"Bearer {KEY}x"}, 401),
        ({"Authorization": f"Bearer {KEY[:-1]}"}, 401),
        ({"Authorization": f"Basic {KEY}"}, 401),
        ({"Host": "rebound.example"}, 421),
        ({"Host": "localhost.rebound.example"}, 421),
        ({"Host": "[::1"}, 421),
        ({"Origin": "https://page.example"}, 403),
        ({"Origin": "http://192.0.2.7"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
@pytest.mark.parametrize("path", ["/mcp", "/metrics"])
@pytest.mark.promise("every-call-needs-a-key", "host-and-origin")
async def test_a_stranger_is_refused(
    http_server: HttpServer, tmp_path: Path, changed: dict[str, str], status: int, path: str
) -> None:
    made = tmp_path / "made"
    async with plain_client(HEADERS | changed, base_url=http_server.base) as http:
        body = request("make", {"path": str(made)})
        answer = await (http.post(path, json=body) if path == "/mcp" else http.get(path))
    assert (answer.status_code, made.exists()) == (status, False)
    assert KEY not in answer.text + http_server.stderr


@pytest.mark.parametrize("name", ["mcp.example.org", "other.example:8443", "127.0.0.1", "[::1]:3001", "192.0.2.7"])
@pytest.mark.promise("host-and-origin")
async def test_known_names_and_any_address_are_welcome(http_server: HttpServer, name: str) -> None:
    async with plain_client(HEADERS | {"Host": name}) as http:
        assert (await http.post(http_server.url, json=request("say", {"text": "x"}))).status_code == 200


@pytest.mark.promise("without-a-key-this-machine-only")
async def test_without_a_key_this_machine_is_served_and_no_other(start_http: StartHttp, home: Path) -> None:
    with start_http(key=None) as server:
        async with server.client(key=None) as client:
            assert data(await client.call_tool("say", {"text": "x"}))["text"] == "x"
    assert "INFRA_MCP_API_KEY" in refused_start(home, "--http", "0.0.0.0:0")


def refused_start(home: Path, *arguments: str) -> str:
    """What a server says that refuses to start."""
    command = [*PROBE_COMMAND, *arguments]
    done = subprocess.run(
        command, env=probe_environment(home), stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    return done.stderr.decode()


@pytest.mark.parametrize(
    ("content", "mode", "said"),
    [
        ({"keys": [{"name": "a", "key": READER, "readonly": True}]}, 0o600, "readonly"),
        ({"keys": [{"name": "a", "key": READER, "read_only": "yes"}]}, 0o600, "read_only"),
        ({"keys": [{"name": "a", "key": READER}, {"name": "b", "key": READER}]}, 0o600, "same value"),
        ({"keys": [{"name": "a", "key": "short"}]}, 0o600, "openssl"),
        ({"kyes": []}, 0o600, "kyes"),
        ({"mcp_api_key": READER}, 0o644, "chmod 600"),
    ],
)
@pytest.mark.promise("named-keys")
async def test_keys_that_are_not_certain_keep_the_server_from_starting(
    home: Path, tmp_path: Path, content: dict[str, Any], mode: int, said: str
) -> None:
    path = written(tmp_path / "keys.yaml", json.dumps(content), mode)
    stderr = await anyio.to_thread.run_sync(refused_start, home, "--http", "127.0.0.1:0", "--http-config", str(path))
    assert said in stderr
    assert READER not in stderr


@pytest.mark.parametrize("mode", ["auto", "legacy"])
@pytest.mark.promise("keys-have-fewer-rights-never-more", "named-keys", "no-argument-widens-policy")
async def test_a_key_with_fewer_rights_sees_and_does_less(
    start_http: StartHttp, keys_file: Path, home: Path, tmp_path: Path, mode: Mode
) -> None:
    made = tmp_path / "made"
    with start_http("--http-config", str(keys_file), "--exclude-tools", "make", key=None) as server:
        async with server.client(KEY, mode) as client:
            assert {"run", "destroy"} < {tool.name for tool in (await client.list_tools()).tools}
        async with server.client(READER, mode) as client:
            names = {tool.name for tool in (await client.list_tools()).tools}
            for tool, arguments in (("run", {"script": f"touch {made}"}), ("reveal", {})):
                assert error(await client.call_tool(tool, arguments))["kind"] == "refused"
        async with server.client(VISITOR, mode) as client:
            # What the operator took from everybody, no key gives back.
            assert [tool.name for tool in (await client.list_tools()).tools] == ["visit"]
            assert error(await client.call_tool("make", {"path": str(made)}))["kind"] == "refused"
            assert error(await client.call_tool("visit", {"target": "db"}))["kind"] == "refused"
            assert data(await client.call_tool("visit", {"target": "web-1"}))["text"] == "web-1"
    assert names == {"say", "crash", "fail", "dawdle", "sneak", "visit", "read_output"}
    assert not made.exists()
    log = [json.loads(line) for line in (home / ".local/state/infra-mcp/audit/probe.jsonl").read_text().splitlines()]
    assert [(line["key"], line["tool"], line["outcome"]) for line in log] == [
        ("reader", "run", "error:refused"),
        ("reader", "reveal", "error:refused"),
        ("visitor", "make", "error:refused"),
        ("visitor", "visit", "error:refused"),
        ("visitor", "visit", "ok"),
    ]


@pytest.mark.promise("named-keys")
async def test_the_file_of_keys_that_is_documented_gives_the_rights_it_shows(
    start_http: StartHttp, tmp_path: Path
) -> None:
    (shown,) = re.findall(r"```yaml\n(.*?)```", (ROOT / "SECURITY.md").read_text("utf-8"), re.DOTALL)
    secret = written(tmp_path / "dashboard", f"{READER}\n")
    text = shown.replace("/run/secrets/dashboard", str(secret)).replace("6f1c…", VISITOR)
    with start_http("--http-config", str(written(tmp_path / "keys.yaml", text)), key=None) as server:
        async with server.client(READER) as client:
            assert error(await client.call_tool("make", {"path": str(tmp_path / "made")}))["kind"] == "refused"
            assert error(await client.call_tool("visit", {"target": "db"}))["kind"] == "refused"
            assert data(await client.call_tool("visit", {"target": "web-1"}))["text"] == "web-1"
        async with server.client(VISITOR) as client:
            names = {tool.name for tool in (await client.list_tools()).tools}
    assert {"make", "destroy"} & names == {"make"}


@pytest.mark.parametrize(
    "give",
    [
        lambda path: written(path / "file.env", f"mcp_api_key={KEY}\nbind_host=127.0.0.1\nbind_port=0\n"),
        lambda path: written(path / "file.yaml", f"mcp_api_key: {KEY}\nbind_host: 127.0.0.1\nbind_port: 0\n"),
    ],
    ids=["env", "yaml"],
)
async def test_a_file_of_settings_is_understood(
    start_http: StartHttp, tmp_path: Path, give: Callable[[Path], Path]
) -> None:
    with start_http("--http", "--http-config", str(give(tmp_path)), key=None) as server:
        async with server.client(KEY) as client:
            assert data(await client.call_tool("say", {"text": "x"}))["text"] == "x"
        async with plain_client({}) as http:
            assert (await http.post(server.url)).status_code == 401
