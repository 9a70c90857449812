"""Ending a remote command and what it started, and knowing whether that worked.

Closing a channel or a connection leaves a command running on the host. Two ways end it, and both are used:
a signal request of the protocol, which sshd passes to the process group (but not in sessions of root, where older
versions refuse it), and a sweep: a small shell program on a second channel that finds the processes which carry the
command's mark, in their environment or their command line, and signals each with its group.
Of a command under sudo either reaches sudo alone, which passes TERM on to its child; that child is `timeout`, which
passes it on to the whole group, and follows with KILL.
"""

import secrets
import shlex
from contextlib import suppress
from typing import TYPE_CHECKING

import anyio

from infra_mcp_ssh.domain.commands import RemoteProcess
from infra_mcp_ssh.transport.connections import Connection

if TYPE_CHECKING:
    from asyncssh import SSHClientProcess

VARIABLE = "INFRA_MCP_CALL"
TERM_SECONDS, KILL_SECONDS = 2.0, 2.0
_SUDO_TERM_SECONDS = TERM_SECONDS + 1.5

# The mark comes by stdin and is looked for as [i]nfra-..., so that the sweep does not carry it itself.
# Status 0: all gone; 1: some left; 2: can't tell.
_SWEEP = """
[ -r /proc/self/environ ] || exit 2
read -r mark signal tries
marked() { grep -ls "[i]${mark#i}" /proc/[0-9]*/environ /proc/[0-9]*/cmdline | cut -d/ -f3 | sort -u; }
for pid in $(marked); do
    [ "$signal" = LOOK ] || kill -s "$signal" -- "-$pid" "$pid" 2>/dev/null
done
while [ -n "$(marked)" ]; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || exit 1
    sleep 0.1
done
"""


def new_mark() -> str:
    """What a command and its children are known by on the host."""
    return f"infra-mcp-{secrets.token_hex(8)}"


def bounded(text: str, seconds: float) -> list[str]:
    """The command as root runs it: under `timeout`, where there is one, which ends its whole group on a signal."""
    limit = f"timeout -k {TERM_SECONDS:g} {seconds + 10:g}"
    choose = f'if command -v timeout >/dev/null; then exec {limit} sh -c "$0"; else exec sh -c "$0"; fi'
    return ["--", "sh", "-c", choose, text]


async def stop(connection: Connection, process: "SSHClientProcess[bytes]", mark: str, *, sudo: bool) -> RemoteProcess:
    """End a command: TERM, then KILL to what is left. Says what is known of it in the end."""
    if process.exit_status is not None:
        return "may still run" if await _sweep(connection, mark, "LOOK", 0.0) is False else "ended"
    patience = _SUDO_TERM_SECONDS if sudo else TERM_SECONDS
    for signal, seconds in (("TERM", patience), ("KILL", KILL_SECONDS)):
        if not connection.alive:
            break
        with suppress(OSError):
            process.send_signal(signal)
        gone = await _sweep(connection, mark, signal, seconds)
        with anyio.move_on_after(0.5):
            await process.wait_closed()
        if process.exit_status is not None and gone is not False:
            return "killed"
    return "may still run"


async def _sweep(connection: Connection, mark: str, signal: str, seconds: float) -> bool | None:
    """Signal all that carries the mark, and wait for it to go. None where this host can't tell."""
    import asyncssh

    told = f"{mark} {signal} {int(seconds * 10) + 1}\n"
    with suppress(asyncssh.Error, OSError), anyio.move_on_after(seconds + 1):
        async with connection.spare:
            swept = await connection.ssh.run(shlex.join(["sh", "-c", _SWEEP]), input=told, check=False)
        return {0: True, 1: False}.get(swept.exit_status if swept.exit_status is not None else 2)
    return None
