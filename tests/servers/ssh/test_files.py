"""Files on a host: read in parts, replaced whole, and never followed where they are no files."""

import hashlib
import os
import stat

import pytest

from sandbox.client import RunningServer
from support.answers import data, error
from support.client import StartServer
from support.sshd import Sshd

pytestmark = pytest.mark.anyio


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


async def test_a_file_is_read_in_parts_that_make_up_the_whole(mcp: RunningServer, target: Sshd) -> None:
    text = "aé€𝄞\n" * 20
    (target.home / "file").write_text(text)
    parts: list[str] = []
    offset: int | None = 0
    while offset is not None:
        part = data(await mcp.call("read_file", host="target", path="~/file", offset=offset, limit=33))
        parts.append(part["text"])
        offset = part.get("next_offset")
    assert "".join(parts) == text
    assert (part["size"], part["sha256"]) == (len(text.encode()), sha256(text.encode()))
    assert not part["altered"]


async def test_the_last_lines_are_read_without_the_first(mcp: RunningServer, target: Sshd) -> None:
    (target.home / "log").write_text("".join(f"line {number}\n" for number in range(5000)))
    part = data(await mcp.call("read_file", host="target", path="log", tail=2))
    assert part["text"] == "line 4998\nline 4999\n"
    assert part["offset"] == part["size"] - len(part["text"])


async def test_a_proc_file_is_read_although_its_size_is_zero(mcp: RunningServer, target: Sshd) -> None:
    part = data(await mcp.call("read_file", host="target", path="/proc/version"))
    assert part["text"].startswith("Linux version")
    assert part["size"] == len(part["text"])


async def test_a_binary_file_is_told_apart(mcp: RunningServer, target: Sshd) -> None:
    (target.home / "binary").write_bytes(b"\x7fELF\0\0")
    part = data(await mcp.call("read_file", host="target", path="binary"))
    assert (part["encoding"], part["text"]) == ("base64", "f0VMRgAA")


async def test_control_characters_are_taken_out_and_said_to_be(mcp: RunningServer, target: Sshd) -> None:
    (target.home / "odd").write_text("a\x1b[31mb\u202ec\n")
    part = data(await mcp.call("read_file", host="target", path="odd"))
    assert (part["text"], part["altered"]) == ("abc\n", True)


async def test_a_written_file_keeps_mode_and_owner(mcp: RunningServer, target: Sshd) -> None:
    file = target.home / "file"
    file.write_text("old")
    file.chmod(0o640)
    if os.geteuid() == 0:
        os.chown(file, 1234, 2345)
    before = file.stat()
    written = data(await mcp.call("write_file", host="target", path="file", content="new"))
    after = file.stat()
    assert file.read_text() == "new"
    assert (after.st_mode, after.st_uid, after.st_gid) == (before.st_mode, before.st_uid, before.st_gid)
    assert (written["replaced"]["sha256"], written["sha256"]) == (sha256(b"old"), sha256(b"new"))
    assert [name.name for name in target.home.iterdir()] == ["file"]


async def test_a_new_file_gets_the_mode_asked_for(mcp: RunningServer, target: Sshd) -> None:
    await mcp.call("write_file", host="target", path="script", content="#!/bin/sh\n", mode="0750")
    await mcp.call("write_file", host="target", path="plain", content="x")
    assert [stat.S_IMODE((target.home / name).stat().st_mode) for name in ("script", "plain")] == [0o750, 0o644]


async def test_a_file_that_changed_meanwhile_is_not_overwritten(mcp: RunningServer, target: Sshd) -> None:
    (target.home / "file").write_text("theirs")
    for expected in (sha256(b"mine"), "absent"):
        facts = error(await mcp.call("write_file", host="target", path="file", content="new", expected_sha256=expected))
        assert (facts["kind"], facts["sha256"]) == ("conflict", sha256(b"theirs"))
    await mcp.call("write_file", host="target", path="file", content="new", expected_sha256=sha256(b"theirs"))
    assert (target.home / "file").read_text() == "new"


async def test_a_link_is_written_through_to_its_file_and_stays_a_link(mcp: RunningServer, target: Sshd) -> None:
    (target.home / "real").write_text("old")
    (target.home / "link").symlink_to("real")
    await mcp.call("write_file", host="target", path="link", content="new")
    assert (target.home / "link").is_symlink()
    assert (target.home / "real").read_text() == "new"


@pytest.mark.parametrize("tool", ["read_file", "write_file"])
async def test_what_is_no_regular_file_is_left_alone(mcp: RunningServer, target: Sshd, tool: str) -> None:
    (target.home / "folder").mkdir()
    os.mkfifo(target.home / "pipe")
    extra = {"content": "x"} if tool == "write_file" else {}
    for path in ("folder", "pipe", "/dev/null"):
        assert error(await mcp.call(tool, host="target", path=path, **extra))["kind"] == "refused"


async def test_with_writes_gated_the_preview_shows_the_difference_and_changes_nothing(
    start_beside: StartServer, target: Sshd
) -> None:
    (target.home / "file").write_text("same\nold\n")
    call = {"host": "target", "path": "file", "content": "same\nnew\n"}
    async with start_beside("ssh-mcp", env={"INFRA_MCP_GATE": "writes"}) as mcp:
        preview = data(await mcp.call("write_file", **call))
        assert (target.home / "file").read_text() == "same\nold\n"
        await mcp.call("write_file", **call, **preview["confirm_with"])
    assert preview["now"]["diff"][-2:] == ["-old", "+new"]
    assert (target.home / "file").read_text() == "same\nnew\n"


async def test_a_masked_secret_is_not_written_back(start_beside: StartServer, target: Sshd) -> None:
    (target.home / "config").write_text("password = correct-horse\n")
    async with start_beside("ssh-mcp", env={"SSH_MCP_SUDO_PASSWORD": "correct-horse"}) as mcp:
        part = data(await mcp.call("read_file", host="target", path="config"))
        assert "correct-horse" not in part["text"]
        facts = error(await mcp.call("write_file", host="target", path="config", content=part["text"]))
    assert facts["kind"] == "invalid_input"
    assert (target.home / "config").read_text() == "password = correct-horse\n"


async def test_missing_and_forbidden_are_told_apart(mcp: RunningServer, target: Sshd) -> None:
    assert error(await mcp.call("read_file", host="target", path="nowhere"))["kind"] == "not_found"
    assert error(await mcp.call("write_file", host="target", path="/proc/x", content=""))["kind"] in {
        "not_found",
        "file_denied",
    }


async def test_a_directory_is_listed_by_name_and_in_pages(mcp: RunningServer, target: Sshd) -> None:
    for number in range(25):
        (target.home / f"file-{number:02}").write_bytes(b"x" * number)
    (target.home / "folder").mkdir()
    first = data(await mcp.call("list_directory", host="target", path="~", limit=20))
    rest = data(await mcp.call("list_directory", host="target", limit=20, offset=first["page"]["next_offset"]))
    names = [entry["name"] for entry in first["entries"] + rest["entries"]]
    assert names == [*(f"file-{number:02}" for number in range(25)), "folder"]
    assert (first["page"]["total"], rest["page"].get("next_offset")) == (26, None)
    assert (rest["entries"][-1]["kind"], rest["entries"][-2]["size"]) == ("directory", 24)
