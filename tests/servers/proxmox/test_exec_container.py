"""Commands in containers, through the console of the API alone and a real shell behind it."""

import base64
import hashlib
from functools import partial
from pathlib import Path

import anyio
import pytest

from sandbox.client import RunningServer
from sandbox.proxmox import FakeProxmox
from support.answers import data, error
from support.tools import wait_for

pytestmark = pytest.mark.anyio

SHELL = {"cmode": "shell"}


@pytest.fixture
def container(pve: FakeProxmox) -> int:
    return pve.add_guest(101, "lxc", name="ct", running=True, config=SHELL).vmid


@pytest.mark.parametrize("shell", ["/bin/sh", "/bin/bash"])
async def test_status_and_both_streams_come_back_apart(
    pve: FakeProxmox, server: RunningServer, container: int, shell: str
) -> None:
    pve.cluster.guests[container].shell = shell
    ran = data(await server.call("exec_container", container="ct", command="echo out; echo err >&2; exit 7"))
    assert (ran["exit_status"], ran["stdout"]["text"], ran["stderr"]["text"]) == (7, "out\n", "err\n")


async def test_bytes_survive_the_terminal(server: RunningServer, container: int) -> None:
    command = r"printf '\000\001\003\004\015\012\033[2J\377\376'"
    ran = data(await server.call("exec_container", container=container, command=command))
    assert base64.b64decode(ran["stdout"]["text"]) == b"\x00\x01\x03\x04\r\n\x1b[2J\xff\xfe"


async def test_quotes_marks_and_non_ascii_reach_the_shell_unchanged(server: RunningServer, container: int) -> None:
    text = 'it\'s "$HOME" `id` \\ @END ÄÖ→\n\ttabs\n'
    ran = data(await server.call("exec_container", container=container, command="cat", stdin=text))
    assert ran["stdout"]["text"] == text


async def test_a_megabyte_comes_back_whole(server: RunningServer, container: int) -> None:
    command = "yes 0123456789abcde | head -c 1000000"
    ran = data(await server.call("exec_container", container=container, command=command))
    out = ran["stdout"]
    assert (ran["exit_status"], out["bytes"]) == (0, 1_000_000)
    rest = ""
    offset: int | None = 0
    while offset is not None:
        part = data(await server.call("read_output", output_id=out["output_id"], offset=offset, limit=100_000))
        rest, offset = rest + part["text"], part.get("next_offset")
    assert hashlib.sha256(rest.encode()).digest() == hashlib.sha256(b"0123456789abcde\n" * 62_500).digest()


async def test_more_than_is_kept_of_a_stream_is_counted_and_said(server: RunningServer, container: int) -> None:
    most = 16 * 2**20
    command = f"head -c {most + 9} /dev/zero | tr '\\0' x"
    ran = data(await server.call("exec_container", container=container, command=command))
    assert (ran["exit_status"], ran["stdout"]["bytes"]) == (0, most)
    assert str(most) in ran["note"]


async def test_a_long_command_goes_in_whole(server: RunningServer, container: int) -> None:
    words = " ".join(f"word{number}" for number in range(3000))
    ran = data(await server.call("exec_container", container=container, command=f"set -- {words}; echo $# ${{3000}}"))
    assert ran["stdout"]["text"] == "3000 word2999\n"


async def test_at_the_timeout_the_command_is_stopped_and_what_it_printed_is_kept(
    server: RunningServer, container: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    alive = tmp_path_factory.mktemp("container") / "pid"
    command = f"echo begun; echo $$ > {alive}; sleep 600"
    ran = data(await server.call("exec_container", container=container, command=command, timeout=1))
    assert (ran["exit_status"], ran["timed_out"], ran["stdout"]["text"]) == (None, True, "begun\n")
    pid = alive.read_text().strip()
    after = data(await server.call("exec_container", container=container, command=f"kill -0 {pid} || echo gone"))
    assert after["stdout"]["text"] == "gone\n"


async def test_a_cancelled_call_stops_its_command_and_frees_the_console(
    server: RunningServer, container: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    alive = tmp_path_factory.mktemp("container") / "pid"
    command = f"echo $$ > {alive}; exec sleep 600"
    async with anyio.create_task_group() as group:
        group.start_soon(partial(server.call, "exec_container", container=container, command=command))
        await anyio.to_thread.run_sync(wait_for, lambda: alive.exists() and alive.stat().st_size, "it runs", 30)
        group.cancel_scope.cancel()
    pid = alive.read_text().strip()
    check = f"for i in $(seq 50); do kill -0 {pid} || exit 0; sleep 0.2; done; exit 9"
    assert data(await server.call("exec_container", container=container, command=check))["exit_status"] == 0


async def test_calls_on_one_container_take_turns(pve: FakeProxmox, server: RunningServer, container: int) -> None:
    answers: dict[int, str] = {}

    async def call(number: int) -> None:
        command = f"echo {number}; sleep 0.2; echo {number}"
        ran = data(await server.call("exec_container", container=container, command=command))
        answers[number] = ran["stdout"]["text"]

    async with anyio.create_task_group() as group:
        for number in range(4):
            group.start_soon(call, number)
    assert answers == {number: f"{number}\n{number}\n" for number in range(4)}


async def test_a_login_prompt_is_recognised_and_told_what_to_do(pve: FakeProxmox, server: RunningServer) -> None:
    pve.add_guest(102, "lxc", running=True)
    result = await server.call("exec_container", container=102, command="id")
    assert (error(result)["kind"], error(result)["cause"]) == ("conflict", "login")
    assert "cmode" in str(result.content)


async def test_a_login_prompt_that_comes_late_is_recognised_too(
    pve: FakeProxmox, server: RunningServer, tmp_path: Path
) -> None:
    getty = tmp_path / "getty"
    getty.write_text("#!/bin/sh\nread -r _\nread -r _\nprintf 'slow login: '\nread -r _\n")
    getty.chmod(0o755)
    pve.add_guest(102, "lxc", running=True, config=SHELL, shell=str(getty))
    assert error(await server.call("exec_container", container=102, command="id"))["cause"] == "login"


async def test_a_console_in_use_is_left_alone(pve: FakeProxmox, server: RunningServer, container: int) -> None:
    await server.call("exec_container", container=container, command="true")
    terminal = pve.cluster.terminals[container]
    seen = terminal.view()
    seen.settimeout(10)
    terminal.type(b"cat\n")
    assert seen.recv(4096)
    assert error(await server.call("exec_container", container=container, command="id"))["cause"] == "busy"
    seen.close()


async def test_before_9_2_the_limit_of_tokens_is_explained(
    pve: FakeProxmox, server: RunningServer, container: int
) -> None:
    pve.cluster.token_consoles = False
    result = await server.call("exec_container", container=container, command="id")
    assert error(result)["cause"] == "token_console"
    assert "9.2" in str(result.content)


async def test_a_container_that_is_off_is_no_success(pve: FakeProxmox, server: RunningServer) -> None:
    pve.add_guest(103, "lxc", config=SHELL)
    assert error(await server.call("exec_container", container=103, command="true"))["kind"] == "conflict"


async def test_the_console_is_left_as_it_was_found(pve: FakeProxmox, server: RunningServer, container: int) -> None:
    before = set(Path("/tmp").glob("tmp.*/w"))
    await server.call("exec_container", container=container, command="true")
    assert set(Path("/tmp").glob("tmp.*/w")) == before
    terminal = pve.cluster.terminals[container]
    seen, heard = terminal.view(), bytearray()
    seen.setblocking(False)
    terminal.type(b"echo back\n")

    def what_is_typed_shows_again() -> bool:
        try:
            heard.extend(seen.recv(4096))
        except BlockingIOError:
            return False
        return heard.count(b"back") == 2

    try:
        wait_for(what_is_typed_shows_again, "the terminal echoes again")
    finally:
        seen.close()
