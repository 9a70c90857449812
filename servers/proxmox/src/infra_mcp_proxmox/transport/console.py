"""Commands in a container through its console: the API's own terminal over a WebSocket, and nothing else.

What is there is one terminal, shared with everybody who has the console open. So only one call at a time uses it, it
is probed before anything is typed, and it is left as it was found.
"""

import secrets
from contextlib import suppress

import anyio

from infra_mcp_common.errors import Conflict, Failed, TimedOut, Unreachable
from infra_mcp_proxmox.domain.guest import GuestRef
from infra_mcp_proxmox.transport.client import Client
from infra_mcp_proxmox.transport.terminal import Terminal, opened
from infra_mcp_proxmox.transport.wrapped_command import CommandOutput, WrappedCommand

_PROBE, _MARGIN, _CLEANUP = 8.0, 20.0, 3.0


async def run(client: Client, guest: GuestRef, wrapped: WrappedCommand) -> CommandOutput:
    """Run a command in a container, as root in its own shell."""
    lock = client.console_locks[guest.vmid]
    try:
        with anyio.fail_after(wrapped.seconds):
            await lock.acquire()
    except TimeoutError:
        raise Conflict(
            f"Another command still uses the console of {guest.vmid}.", "Wait for it, then try again."
        ) from None
    try:
        async with opened(client, guest) as terminal:
            await _check_ready(terminal, guest)
            return await _carry(terminal, wrapped)
    finally:
        lock.release()


async def _carry(terminal: Terminal, wrapped: WrappedCommand) -> CommandOutput:
    """Bring the command in, let it run, bring its answer out; if we must go, so must it."""
    try:
        await terminal.type(wrapped.opening + b"\r")
        ended = await terminal.until(wrapped.go, wrapped.no, seconds=_PROBE)
        if ended == wrapped.go:
            await terminal.type(wrapped.upload)
            ended = await terminal.until(wrapped.end, wrapped.no, seconds=wrapped.seconds + _MARGIN)
        if ended is None:
            await terminal.type(b"\x03")
        await terminal.until(wrapped.out, seconds=_CLEANUP)
    except BaseException:
        with anyio.CancelScope(shield=True), suppress(Unreachable):
            await terminal.type(b"\x03")
            await terminal.until(wrapped.out, seconds=_CLEANUP)
        raise
    if ended == wrapped.end:
        return wrapped.read(bytes(terminal.printed))
    if ended == wrapped.no:
        raise Failed(
            "The container could not run the command: it lacks mktemp, base64 or timeout, or has no room in /tmp.",
            "Install coreutils or busybox in it, or free some space.",
        )
    raise TimedOut(
        "The command did not end, nor could the container stop it in time.",
        "It may still be running there; look before you repeat it.",
    )


async def _check_ready(terminal: Terminal, guest: GuestRef) -> None:
    """Make sure that a shell is listening before it is told anything."""
    await terminal.type(b"\r")
    await terminal.settle()
    if not terminal.asks_for_login:
        word = secrets.token_hex(4)
        await terminal.type(b"\x15 printf '@%%s%s\\n' RDY\r" % word.encode())
        if await terminal.until(b"@RDY" + word.encode(), seconds=_PROBE):
            return
    # A slow container may show its prompt only now.
    raise _asks_for_login(guest) if terminal.asks_for_login else _busy(guest)


def _asks_for_login(guest: GuestRef) -> Conflict:
    return Conflict(
        f"The console of {guest.label} shows a login prompt, so no command can be run through it.",
        "Give it a console without login: update_guest_config with cmode shell, then stop and start the container. "
        "Or let PROXMOX_SSH name the way to its node.",
        cause="login",
    )


def _busy(guest: GuestRef) -> Conflict:
    return Conflict(
        f"The console of {guest.label} is busy: some program runs in it, or no shell is there.",
        "Somebody may be using it in the web interface; end that program there, then try again.",
        cause="busy",
    )
