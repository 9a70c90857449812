"""proxmox-mcp beside the bare requests that its tools make, on a cluster of 1,000 guests in a process of its own."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from urllib.parse import quote

import requests

from benches.contest import Contestant, Sample
from benches.life import LISTED, LISTED_PSS, LISTED_RSS, milliseconds, typical_milliseconds
from benches.wire import wire
from sandbox.client import console_script, minimal_environment

FIRST, LISTING, STARTING = "first listing", "listing of 1,000 guests", "start_vm, task awaited"
SHOWN = 1000
ROWS = {LISTED: "ms", LISTED_RSS: "MB", LISTED_PSS: "MB", FIRST: "ms", LISTING: "ms", STARTING: "ms"}


@contextmanager
def contest(folder: Path, *, peers: bool) -> Iterator[list[Contestant]]:  # noqa: ARG001 -- peers need a real cluster
    home = folder / "home"
    home.mkdir()
    with cluster() as settings:
        stopped = count(100)
        yield [
            Contestant("proxmox-mcp", lambda: _ours(minimal_environment(home) | settings, stopped)),
            Contestant("bare requests", lambda: _bare(settings, stopped)),
        ]


@contextmanager
def cluster() -> Iterator[dict[str, str]]:
    """The settings that reach a cluster with enough stopped VMs to start another one each time."""
    path = os.pathsep.join(sys.path)
    command = [sys.executable, "-m", "sandbox.proxmox", "--guests", str(SHOWN), "--nodes", "1"]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": path}
    )
    assert process.stdin  # noqa: S101 -- started with pipes
    assert process.stdout  # noqa: S101
    try:
        yield json.loads(process.stdout.readline())
    finally:
        process.stdin.close()
        process.stdout.close()
        process.wait(timeout=10)


def _ours(environment: Mapping[str, str], stopped: Iterator[int]) -> Sample:
    figures: dict[str, float] = {}
    begin = time.perf_counter()
    with wire([console_script("proxmox-mcp")], environment) as server:
        server.list_tools()
        figures[LISTED] = (time.perf_counter() - begin) * 1000
        figures[LISTED_RSS], figures[LISTED_PSS] = server.memory()
        figures[FIRST] = milliseconds(lambda: server.call("list_guests", limit=SHOWN))
        figures[LISTING] = typical_milliseconds(lambda: server.call("list_guests", limit=SHOWN))
        figures[STARTING] = typical_milliseconds(lambda: server.call("start_vm", vm=next(stopped)))
    return figures


def _bare(settings: Mapping[str, str], stopped: Iterator[int]) -> Sample:
    """The same requests on a kept connection, by somebody who knows node and type already but must find the guest."""
    base = f"https://{settings['PROXMOX_HOST']}/api2/json"
    with requests.Session() as session:
        session.trust_env = False  # a bundle of the environment would override the cluster's CA
        session.verify = settings["PROXMOX_CA_FILE"]
        session.headers["Authorization"] = f"PVEAPIToken={settings['PROXMOX_API_TOKEN']}"

        def listing() -> None:
            session.get(f"{base}/cluster/resources", timeout=30).json()

        def starting() -> None:
            listing()
            upid = session.post(f"{base}/nodes/pve1/qemu/{next(stopped)}/status/start", timeout=30).json()["data"]
            session.get(f"{base}/nodes/pve1/tasks/{quote(upid, safe='')}/status", timeout=30).raise_for_status()

        return {
            FIRST: milliseconds(listing),
            LISTING: typical_milliseconds(listing),
            STARTING: typical_milliseconds(starting),
        }
