"""Commands in a container through its console: the API's own terminal over a WebSocket, and nothing else.

What is there is one terminal, shared with everybody who has the console open. So only one call at a time uses it, it
is probed before anything is typed, and it is left as it was found.
"""

import asyncio
import re
import secrets
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import anyio

from infra_mcp_common.errors import Conflict, Failed, TimedOut, Unreachable
from infra_mcp_proxmox.domain.guest import GuestRef
from infra_mcp_proxmox.transport.api import Api
from infra_mcp_proxmox.transport.client import API
from infra_mcp_proxmox.transport.wrapped_command import Frame, Framed

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection

_LOGIN = re.compile(rb"(?:login|Password|Login): *$")
_ANSI = re.compile(rb"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07]*\x07|\x1b[=>()][0AB]?")
_PIECE = 2048
_CONNECT, _WELCOME, _PROBE, _QUIET, _MARGIN, _CLEANUP = 10.0, 8.0, 8.0, 0.12, 20.0, 3.0
_locks: dict[tuple[str, int], asyncio.Lock] = defaultdict(asyncio.Lock)


class Terminal:
    """A container's console, opened: type into it, read what it prints."""

    def __init__(self, socket: "ClientConnection") -> None:
        self._socket = socket
        self.printed = bytearray()

    async def type(self, keys: bytes) -> None:
        """Send keystrokes in pieces that the server and the terminal's input take."""
        from websockets.exceptions import ConnectionClosed

        for start in range(0, len(keys), _PIECE):
            piece = keys[start : start + _PIECE]
            try:
                await self._socket.send(b"0:%d:" % len(piece) + piece)
            except ConnectionClosed:
                raise _closed() from None

    async def until(self, *wanted: bytes, seconds: float) -> bytes | None:
        """Read until one of these was printed, and return which; None at the deadline."""
        seen = 0
        with anyio.move_on_after(seconds):
            while True:
                # Only what is new, and as much before it as a mark may have been cut by.
                for each in wanted:
                    if self.printed.find(each, max(0, seen - len(each))) >= 0:
                        return each
                seen = len(self.printed)
                self.printed += await self._receive()
        return None

    async def settle(self) -> None:
        """Read until it falls silent."""
        with anyio.move_on_after(1.0):
            self.printed += await self._receive()
            while True:
                with anyio.move_on_after(_QUIET) as silence:
                    self.printed += await self._receive()
                if silence.cancelled_caught:
                    break

    @property
    def asks_for_login(self) -> bool:
        """Whether the last that it printed is a prompt for a name or a password."""
        return _LOGIN.search(_ANSI.sub(b"", bytes(self.printed[-400:]))) is not None

    async def _receive(self) -> bytes:
        from websockets.exceptions import ConnectionClosed

        try:
            data = await self._socket.recv()
        except ConnectionClosed:
            raise _closed() from None
        return data if isinstance(data, bytes) else data.encode()


async def run(api: Api, guest: GuestRef, frame: Frame) -> Framed:
    """Run a framed command in a container, as root in its own shell."""
    lock = _locks[api.client.host, guest.vmid]
    try:
        with anyio.fail_after(frame.seconds):
            await lock.acquire()
    except TimeoutError:
        raise Conflict(
            f"Another command still uses the console of {guest.vmid}.", "Wait for it, then try again."
        ) from None
    try:
        async with _opened(api, guest) as terminal:
            await _check_ready(terminal, guest)
            return await _carry(terminal, frame)
    finally:
        lock.release()


async def _carry(terminal: Terminal, frame: Frame) -> Framed:
    """Bring the command in, let it run, bring its answer out; if we must go, so must it."""
    try:
        await terminal.type(frame.opening + b"\r")
        ended = await terminal.until(frame.go, frame.no, seconds=_PROBE)
        if ended == frame.go:
            await terminal.type(frame.upload)
            ended = await terminal.until(frame.end, frame.no, seconds=frame.seconds + _MARGIN)
        if ended is None:
            await terminal.type(b"\x03")
        await terminal.until(frame.out, seconds=_CLEANUP)
    except BaseException:
        with anyio.CancelScope(shield=True), suppress(Unreachable):
            await terminal.type(b"\x03")
            await terminal.until(frame.out, seconds=_CLEANUP)
        raise
    if ended == frame.end:
        return frame.read(bytes(terminal.printed))
    if ended == frame.no:
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


@asynccontextmanager
async def _opened(api: Api, guest: GuestRef) -> AsyncIterator[Terminal]:
    """The console's terminal, past its own check of the ticket."""
    access = await api.open_console(guest)
    socket = await _connect(api, guest, access)
    try:
        terminal = Terminal(socket)
        await socket.send(f"{access['user']}:{access['ticket']}\n".encode())
        try:
            welcome = await terminal.until(b"OK", seconds=_WELCOME)
        except Unreachable:
            welcome = None
        if welcome is None:
            raise _unverified(guest)
        del terminal.printed[: terminal.printed.index(b"OK") + 2]
        yield terminal
    finally:
        with anyio.CancelScope(shield=True), anyio.move_on_after(1.0):
            await socket.close()


async def _connect(api: Api, guest: GuestRef, access: dict[str, Any]) -> "ClientConnection":
    from websockets.asyncio.client import connect
    from websockets.exceptions import WebSocketException

    identity = api.client.identity
    query = f"port={quote(str(access['port']))}&vncticket={quote(access['ticket'], safe='')}"
    address = f"wss://{api.client.host}{API}{api.console_path(guest)}?{query}"
    context = await anyio.to_thread.run_sync(api.client.trust.context)
    try:
        return await connect(
            address,
            ssl=context,
            additional_headers=identity.headers,
            subprotocols=["binary"],  # type: ignore[list-item]
            compression=None,
            max_size=None,
            max_queue=64,
            ping_interval=None,
            open_timeout=_CONNECT,
            user_agent_header=None,
        )
    except (WebSocketException, OSError, TimeoutError) as error:
        raise Unreachable(
            f"The console of {guest.label} could not be opened.",
            "Try again; if it stays so, open the console in the web interface and see what that says.",
            said=str(error)[:300],
        ) from None


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


def _closed() -> Unreachable:
    return Unreachable(
        "The console was closed.",
        "The container may have stopped, or a command may still be running in it: look before you try again.",
    )


def _unverified(guest: GuestRef) -> Failed:
    return Failed(
        f"The console of {guest.label} closed before it began: this Proxmox VE can't verify console tickets of API "
        "tokens (pve-container before 6.1.3).",
        "Upgrade to Proxmox VE 9.2, where tokens work, or let PROXMOX_SSH name the way to its node for pct exec.",
        cause="token_console",
    )
