"""The front's answers are the SDK's own: for every server, protocol version and setting of the operator."""

import json
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from infra_mcp_common import command_line
from infra_mcp_common.guard.policy import POLICY_SETTINGS
from infra_mcp_common.runtime import Runtime
from infra_mcp_common.sdk_server import SdkServer
from manifests.manifest import VERSIONS, opening
from manifests.sdk import ask
from sandbox.client import console_script, load, minimal_environment
from support.installers import ROOT, SERVERS
from support.raw import StartRaw

ERAS = [(era, version) for era, versions in VERSIONS.items() for version in versions]
LATEST = [(era, versions[-1]) for era, versions in VERSIONS.items()]
DROPS_TOOLS: dict[str, tuple[list[str], dict[str, str]]] = {
    "read-only by flag": (["--read-only"], {}),
    "read-only": ([], {"INFRA_MCP_READ_ONLY": "true"}),
    "not read-only after all": ([], {"INFRA_MCP_READ_ONLY": "false"}),
    "no-destructive by flag": (["--no-destructive"], {}),
    "no-destructive": ([], {"INFRA_MCP_NO_DESTRUCTIVE": "yes"}),
    "only some": ([], {"INFRA_MCP_TOOLS": "list_*, get_*"}),
    "only some by flag, of those": (["--tools", "*list*,read_*"], {"INFRA_MCP_TOOLS": "get_*"}),
    "all but some": (["--exclude-tools", "*_file*"], {"INFRA_MCP_EXCLUDE_TOOLS": "run_*,delete_*"}),
    "none": ([], {"INFRA_MCP_TOOLS": "no_such_tool"}),
    "unexpanded by the client": ([], {"INFRA_MCP_READ_ONLY": "${READ_ONLY}"}),
    "a wrong value": (["--no-destructive"], {"INFRA_MCP_READ_ONLY": "perhaps"}),
    "limited targets": ([], {"INFRA_MCP_TARGETS": "somewhere"}),
}
CHANGES_SCHEMAS: dict[str, tuple[list[str], dict[str, str]]] = {
    "writes gated": ([], {"INFRA_MCP_GATE": "writes"}),
    "nobody asked": ([], {"INFRA_MCP_ASK": "off"}),
}
SETTINGS: dict[str, tuple[list[str], dict[str, str]]] = {"none at all": ([], {})} | DROPS_TOOLS | CHANGES_SCHEMAS

# The settings are read by one code for all servers; what differs between servers is the classes and names of tools.
LISTINGS = [("ssh", setting, *latest) for setting in SETTINGS for latest in LATEST]
LISTINGS += [(server, setting, *LATEST[-1]) for server in SERVERS for setting in ("read-only", "only some")]


@cache
def sdk_under(server: str, setting: str) -> SdkServer:
    return sdk_alone(server, *SETTINGS[setting])


def sdk_alone(server: str, argv: list[str], environment: Mapping[str, str]) -> SdkServer:
    """The server as it is behind the front, under these flags and settings."""
    composed = load(server)
    flags = vars(command_line.parse(server, composed.title, composed.version, composed.port, argv))
    return composed.build(Runtime(server, composed.settings, environment, flags=flags))


def sorted_lines(answers: list[dict[str, Any]]) -> list[str]:
    return [json.dumps(answer, sort_keys=True) for answer in answers]


def test_the_manifests_are_up_to_date() -> None:
    command = [str(ROOT / "scripts/generate-manifests"), "--check"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("era", "version"), ERAS)
@pytest.mark.parametrize("server", SERVERS)
def test_it_answers_as_the_sdk_in_every_version(start_raw: StartRaw, server: str, era: str, version: str) -> None:
    running = start_raw(f"{server}-mcp")
    expected = [answer for answer in ask(sdk_under(server, "none at all"), opening(era, version)) if "result" in answer]
    served = {answer["id"] for answer in expected}
    running.send(b"".join(line for line in opening(era, version).splitlines(True) if _is_served(line, served)))
    assert sorted_lines(running.answers(len(expected))) == sorted_lines(expected)
    assert not running.has_loaded_the_sdk


def _is_served(line: bytes, served: set[str]) -> bool:
    message = json.loads(line)
    return "id" not in message or message["id"] in served


@pytest.mark.parametrize(("server", "setting", "era", "version"), LISTINGS)
def test_it_lists_what_the_operator_leaves(
    start_raw: StartRaw, server: str, setting: str, era: str, version: str
) -> None:
    argv, environment = SETTINGS[setting]
    running = start_raw(f"{server}-mcp", *argv, env=environment)
    expected = ask(sdk_under(server, setting), _listing(era, version))
    running.send(_listing(era, version))
    assert sorted_lines(running.answers(len(expected))) == sorted_lines(expected)
    assert running.has_loaded_the_sdk == (setting in CHANGES_SCHEMAS)


def _listing(era: str, version: str) -> bytes:
    wanted = {"initialize", "notifications/initialized", "tools/list"}
    lines = opening(era, version).splitlines(True)
    return b"".join(line for line in lines if json.loads(line)["method"] in wanted)


@pytest.mark.parametrize("mode", [0o600, 0o644])
@pytest.mark.parametrize("text", ["INFRA_MCP_READ_ONLY=true\n", "export INFRA_MCP_TOOLS='list_*'\n", "OTHER=1\n"])
@pytest.mark.promise("operator-can-forbid")
def test_it_heeds_the_env_file(start_raw: StartRaw, home: Path, text: str, mode: int) -> None:
    path = home / ".config/infra-mcp/ssh.env"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    path.chmod(mode)
    expected = ask(sdk_alone("ssh", [], minimal_environment(home)), _listing("modern", "2026-07-28"))
    running = start_raw("ssh-mcp")
    running.send(_listing("modern", "2026-07-28"))
    assert sorted_lines(running.answers(1)) == sorted_lines(expected)
    assert not running.has_loaded_the_sdk


def test_every_setting_of_the_operator_is_one_that_the_front_looks_for() -> None:
    names = [name for setting in POLICY_SETTINGS for name in (setting.name, *setting.aliases)]
    assert all(name.startswith("INFRA_MCP_") for name in names)


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["--list-tools"], ["--list-tools", "--read-only"]])
@pytest.mark.parametrize("server", SERVERS)
def test_what_people_ask_for_is_answered_alike_without_the_sdk(
    home: Path, capsys: pytest.CaptureFixture[str], server: str, arguments: list[str]
) -> None:
    command = [sys.executable, "-X", "importtime", str(console_script(f"{server}-mcp")), *arguments]
    environment = minimal_environment(home) | {"COLUMNS": "80"}
    seen = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    with pytest.MonkeyPatch.context() as patched, suppress(SystemExit):
        patched.setenv("COLUMNS", "80")
        load(server).main(arguments)
    assert seen.stdout == capsys.readouterr().out
    assert " mcp" not in seen.stderr
