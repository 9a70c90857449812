"""Two servers of one kind in one process: each has its own cluster, token, policy and consoles."""

from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest

from sandbox.client import RunningServer, in_memory
from sandbox.proxmox import FakeProxmox
from sandbox.proxmox.auth import ALL
from support.answers import data, error

pytestmark = pytest.mark.anyio


@pytest.fixture
def other() -> Iterator[FakeProxmox]:
    with FakeProxmox(["other1"]) as fake:
        yield fake


async def test_calls_at_once_go_each_to_its_own_cluster_with_its_own_token_and_policy(
    pve: FakeProxmox, other: FakeProxmox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PROXMOX_HOST", "PROXMOX_API_TOKEN", "PROXMOX_PROTECTED", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://nowhere.invalid")
    clusters = {"one": pve, "two": other}
    tokens = {"one": pve.token, "two": other.add_token("ai@pve!two", {"/": ALL})}
    settings = {name: cluster.environment(tokens[name]) for name, cluster in clusters.items()}
    settings["two"]["PROXMOX_PROTECTED"] = "100"
    told: dict[str, set[str]] = {"one": set(), "two": set()}

    async def use(name: str, server: RunningServer) -> None:
        who = data(await server.call("whoami"))
        ran = data(await server.call("exec_container", container=100, command=f"echo {name}"))
        told[name] |= {who["host"], ran["stdout"]["text"].strip()}

    async with (
        in_memory("proxmox-mcp", home=tmp_path, env=settings["one"]) as one,
        in_memory("proxmox-mcp", home=tmp_path, env=settings["two"]) as two,
    ):
        for cluster in clusters.values():
            cluster.add_guest(100, "lxc", running=True, config={"cmode": "shell"})
            cluster.requests.clear()
        async with anyio.create_task_group() as group:
            for _ in range(3):
                group.start_soon(use, "one", one)
                group.start_soon(use, "two", two)
        assert "confirm_with" in data(await one.call("delete_guest", guest=100))
        assert error(await two.call("delete_guest", guest=100))["kind"] == "refused"
    assert told == {name: {cluster.address, name} for name, cluster in clusters.items()}
    for name, cluster in clusters.items():
        assert {request.token for request in cluster.requests} == {tokens[name].id}
        assert not [request for request in cluster.requests if request.status >= 400]
