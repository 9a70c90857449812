"""What servers cost that nobody has called yet, beside a bare interpreter, the bare SDK, and peers in Go and Node."""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from benches.contest import Contestant, Sample
from benches.life import LISTED, LISTED_PSS, live, milliseconds
from benches.peers import npm_package
from benches.wire import wire
from sandbox.client import console_script, minimal_environment
from sandbox.kubernetes.cluster import Cluster

FIRST, LATER = "first call after an idle start", "later calls"
CLAUDE = "claude mcp list, with as many as we have"
ROWS = {LISTED: "ms", LISTED_PSS: "MB", FIRST: "ms", LATER: "ms", CLAUDE: "ms"}
SERVERS = sorted(path.parent.name for path in Path(__file__).parents[3].glob("servers/*/pyproject.toml"))
SDK = """
from mcp.server import MCPServer
server = MCPServer("bare", version="0")
@server.tool()
async def nothing() -> None:
    "Do nothing."
server.run()
"""
PYTHON = """
import sys
for line in sys.stdin:
    print('{"id":1,"result":{}}', flush=True)
"""
GO, NODE = ("kubernetes-mcp-server", "0.0.67"), ("mcp-server-kubernetes", "4.1.7")

Command = Sequence[str | Path]


@contextmanager
def contest(folder: Path, *, peers: bool) -> Iterator[list[Contestant]]:
    ours: dict[str, Command] = {server: [console_script(f"{server}-mcp")] for server in SERVERS}
    bare: Command = [sys.executable, "-c", SDK]
    with Cluster() as cluster:
        environment = minimal_environment(folder) | {"KUBECONFIG": str(cluster.kubeconfig)}
        listed = _Claude(folder / "ours", ours).sample
        nothing = _Claude(folder / "nothing", {}).sample
        contestants = [
            Contestant("ssh-mcp", lambda: {**_called(ours["ssh"], environment, "list_hosts"), **listed()}),
            *(Contestant(f"{name}-mcp", _starter(ours[name], environment)) for name in SERVERS if name != "ssh"),
            Contestant("Python alone", lambda: {**_python(environment), **nothing()}),
            Contestant("SDK alone", _sdk(folder, bare, environment)),
        ]
        yield contestants + ([_go(environment), _node(environment)] if peers else [])


def _sdk(folder: Path, bare: Command, environment: Mapping[str, str]) -> Callable[[], Sample]:
    listed = _Claude(folder / "sdk", dict.fromkeys(SERVERS, bare)).sample
    return lambda: {**_called(bare, environment, "nothing"), **listed()}


def _go(environment: Mapping[str, str]) -> Contestant:
    name, package = " ".join(GO), npm_package(*GO)
    if isinstance(package, str):
        return Contestant(name, absent=package)
    found = sorted(package.parent.glob(f"{GO[0]}-*/bin/{GO[0]}*"))
    return Contestant(f"Go {name}", _starter(found[:1], environment)) if found else Contestant(name, absent="no binary")


def _node(environment: Mapping[str, str]) -> Contestant:
    name, package = " ".join(NODE), npm_package(*NODE)
    if isinstance(package, str):
        return Contestant(name, absent=package)
    return Contestant(f"Node {name}", _starter(["node", package / "dist/index.js"], environment))


def _called(command: Command, environment: Mapping[str, str], tool: str) -> Sample:
    figures = live(command, environment, lambda server: server.call(tool), FIRST, LATER)
    return {title: figures[title] for title in ROWS if title in figures}


def _starter(command: Command, environment: Mapping[str, str]) -> Callable[[], Sample]:
    def start() -> Sample:
        begin = time.perf_counter()
        with wire(command, environment) as server:
            server.list_tools()
            return {LISTED: (time.perf_counter() - begin) * 1000, LISTED_PSS: server.memory()[1]}

    return start


def _python(environment: Mapping[str, str]) -> Sample:
    """An interpreter that answers what it must, and knows nothing."""
    begin = time.perf_counter()
    with wire([sys.executable, "-c", PYTHON], environment) as server:
        server.request("tools/list")
        return {LISTED: (time.perf_counter() - begin) * 1000, LISTED_PSS: server.memory()[1]}


class _Claude:
    """A Claude Code in which these servers are registered."""

    def __init__(self, home: Path, servers: Mapping[str, Command]) -> None:
        home.mkdir(exist_ok=True)
        self._program = shutil.which("claude")
        self._home = home
        self._environment = minimal_environment(home) | {
            "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
            "DISABLE_AUTOUPDATER": "1",
        }
        for name, command in servers.items() if self._program else ():
            self._run("add", name, "--", *map(str, command))

    def sample(self) -> Sample:
        return {CLAUDE: milliseconds(lambda: self._run("list"))} if self._program else {}

    def _run(self, *arguments: str) -> None:
        command = [self._program or "claude", "mcp", *arguments]
        quiet = subprocess.DEVNULL
        subprocess.run(command, check=True, cwd=self._home, env=self._environment, stdin=quiet, stdout=quiet)
