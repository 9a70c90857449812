"""Copies between this machine and a host: whole, verified, within the operator's folders, and never a key."""

import os
from pathlib import Path

import pytest

from sandbox.client import RunningServer
from support.answers import data, error
from support.client import StartServer
from support.ssh_keys import make_key
from support.sshd import Sshd

pytestmark = pytest.mark.anyio


async def test_a_file_goes_up_and_comes_back_the_same(mcp: RunningServer, target: Sshd, client_home: Path) -> None:
    content = os.urandom(3_000_000)
    (client_home / "up").write_bytes(content)
    told: list[float] = []

    async def note(progress: float, total: float | None, message: str | None) -> None:
        told.append(progress)

    arguments = {"host": "target", "local_path": "up", "path": "there"}
    result = await mcp.client.call_tool("upload_file", arguments, progress_callback=note)
    up = data(result)
    down = data(await mcp.call("download_file", host="target", path="there", local_path="down"))
    assert (target.home / "there").read_bytes() == content == (client_home / "down").read_bytes()
    assert up["sha256"] == down["sha256"]
    assert told == sorted(told)
    assert told[-1] == len(content)


async def test_nothing_is_overwritten_unasked(mcp: RunningServer, target: Sshd, client_home: Path) -> None:
    (client_home / "local").write_text("local")
    (target.home / "remote").write_text("remote")
    pair = {"host": "target", "local_path": "local", "path": "remote"}
    assert error(await mcp.call("upload_file", **pair))["kind"] == "conflict"
    assert error(await mcp.call("download_file", **pair))["kind"] == "conflict"
    assert ((client_home / "local").read_text(), (target.home / "remote").read_text()) == ("local", "remote")
    await mcp.call("upload_file", **pair, overwrite=True)
    assert (target.home / "remote").read_text() == "local"


@pytest.mark.promise("paths-lie-inside-the-folders")
async def test_only_the_operators_folders_are_read_and_written(
    start: StartServer, sshd: Sshd, home: Path, tmp_path: Path
) -> None:
    (tmp_path / "outside").write_text("x")
    (home / "allowed").mkdir()
    (home / "allowed/way-out").symlink_to(tmp_path)
    (sshd.home / "file").write_text("x")
    paths = [str(tmp_path / "outside"), "../../outside", "way-out/outside"]
    async with start("ssh-mcp", env={"SSH_MCP_LOCAL_ROOTS": str(home / "allowed")}) as mcp:
        for path in paths:
            up = error(await mcp.call("upload_file", host="target", local_path=path, path="up"))
            down = error(await mcp.call("download_file", host="target", path="file", local_path=path, overwrite=True))
            assert (up["kind"], down["kind"]) == ("refused", "refused")
    assert not (sshd.home / "up").exists()


async def test_keys_are_neither_sent_nor_overwritten(mcp: RunningServer, target: Sshd, client_home: Path) -> None:
    key = make_key(client_home / "backup-of-a-key")
    (target.home / "file").write_text("x")
    for path in (".ssh/id_ed25519", ".ssh/config", str(key)):
        assert error(await mcp.call("upload_file", host="target", local_path=path, path="up"))["kind"] == "refused"
    down = await mcp.call("download_file", host="target", path="file", local_path=".ssh/config", overwrite=True)
    assert error(down)["kind"] == "refused"
    assert not (target.home / "up").exists()


async def test_a_download_that_fails_leaves_nothing_behind(mcp: RunningServer, target: Sshd, client_home: Path) -> None:
    before = sorted(client_home.rglob("*"))
    assert error(await mcp.call("download_file", host="target", path="gone", local_path="x"))["kind"] == "not_found"
    assert not (client_home / "x").exists()
    assert [path for path in sorted(client_home.rglob("*")) if path not in before and ".local" not in path.parts] == []
