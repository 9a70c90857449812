"""kubectl-mcp beside the plain kubectl command and a peer of npm, on the sandbox's API server with 100 pods more."""

import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benches.contest import Contestant, Sample
from benches.life import milliseconds, typical_milliseconds
from benches.peers import npm_package
from benches.wire import wire
from sandbox.client import console_script, minimal_environment
from sandbox.kubernetes.cluster import Cluster
from sandbox.kubernetes.world import pod

LISTED = "process start to first tools/list"
RSS, PSS = "memory when listed, RSS", "memory when listed, PSS"
GET, EIGHT = "get pods", "get pods, eight at once"
DIAGNOSE = "diagnose a namespace"
ROWS = {LISTED: "ms", RSS: "MB", PSS: "MB", GET: "ms", EIGHT: "ms", DIAGNOSE: "ms"}
_TIMES = 8

PEER_VERSION = "4.1.7"
Calls = Mapping[str, tuple[str, Mapping[str, Any]]]
OURS: Calls = {GET: ("get", {"kind": "pods"}), DIAGNOSE: ("diagnose", {})}
PEERS: Calls = {GET: ("kubectl_get", {"resourceType": "pods", "name": "", "namespace": "default", "output": "wide"})}


@contextmanager
def contest(folder: Path, *, peers: bool) -> Iterator[list[Contestant]]:
    home = folder / "home"
    home.mkdir()
    with Cluster() as cluster:
        for number in range(100):
            cluster.put(pod(f"load-{number:03}"))
        environment = minimal_environment(home) | {"KUBECONFIG": str(cluster.kubeconfig)}
        contestants = [
            Contestant("kubectl-mcp", lambda: _use_server([console_script("kubectl-mcp")], environment, OURS)),
            Contestant("kubectl command", lambda: _use_kubectl(environment)),
        ]
        yield [*contestants, _peer(environment)] if peers else contestants


def _peer(environment: Mapping[str, str]) -> Contestant:
    name = f"npm mcp-server-kubernetes {PEER_VERSION}"
    package = npm_package("mcp-server-kubernetes", PEER_VERSION)
    if isinstance(package, str):
        return Contestant(name, absent=package)
    command = ["node", str(package / "dist/index.js")]
    return Contestant(name, lambda: _use_server(command, environment, PEERS))


def _use_server(command: Sequence[str | Path], environment: Mapping[str, str], calls: Calls) -> Sample:
    """Start a server, list its tools, then ask for the pods of a namespace, one by one and eight at once."""
    tool, arguments = calls[GET]
    begin = time.perf_counter()
    with wire(command, environment) as server:
        server.list_tools()
        figures = {LISTED: (time.perf_counter() - begin) * 1000}
        figures[RSS], figures[PSS] = server.memory()
        server.call(tool, **arguments)
        figures[GET] = typical_milliseconds(lambda: server.call(tool, **arguments), _TIMES)
        figures[EIGHT] = milliseconds(lambda: server.call_together(8, tool, **arguments))
        if DIAGNOSE in calls:
            other, more = calls[DIAGNOSE]
            figures[DIAGNOSE] = milliseconds(lambda: server.call(other, **more))
    return figures


def _use_kubectl(environment: Mapping[str, str]) -> Sample:
    kubectl = shutil.which("kubectl") or "kubectl"

    def begin() -> "subprocess.Popen[bytes]":
        nothing = subprocess.DEVNULL
        return subprocess.Popen([kubectl, "get", "pods"], env=dict(environment), stdin=nothing, stdout=nothing)

    def get(count: int = 1) -> None:
        running = [begin() for _ in range(count)]
        if any(process.wait() for process in running):
            raise RuntimeError("kubectl failed")

    get()
    return {GET: typical_milliseconds(get, _TIMES), EIGHT: milliseconds(lambda: get(8))}
