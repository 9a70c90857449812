"""Commands in a VM through its QEMU guest agent."""

import time
from typing import TypedDict

import anyio

from infra_mcp_common.tool_calls.call_context import progress
from infra_mcp_proxmox.domain.command import CommandResult, Interpreter
from infra_mcp_proxmox.domain.guest import GuestRef
from infra_mcp_proxmox.transport.client import Client
from infra_mcp_proxmox.transport.paths import guest_path

_WORDS: dict[Interpreter, list[str]] = {
    "sh": ["/bin/sh", "-c"],
    "powershell": ["powershell.exe", "-NoProfile", "-NonInteractive", "-Command"],
    "cmd": ["cmd.exe", "/c"],
}

_ExecStatus = TypedDict(
    "_ExecStatus",
    {
        "exited": int,
        "exitcode": int,
        "signal": int,
        "out-data": str,
        "err-data": str,
        "out-truncated": int,
        "err-truncated": int,
    },
    total=False,
)


async def run(
    client: Client, guest: GuestRef, interpreter: Interpreter, command: str, stdin: str | None, seconds: float
) -> CommandResult:
    """Run a command, and wait at most so long for its end: the agent can't stop it."""
    pid = await _start(client, guest, [*_WORDS[interpreter], command], stdin)
    status = await _until_exited(client, guest, pid, seconds)
    if status is None:
        note = f"It still runs in the VM as pid {pid}; what it printed so far can't be had."
        return CommandResult(None, b"", b"", "agent", timed_out=True, note=note)
    truncated = status.get("out-truncated") or status.get("err-truncated")
    return CommandResult(
        exit_status=status.get("exitcode"),
        stdout=_bytes(status.get("out-data", "")),
        stderr=_bytes(status.get("err-data", "")),
        way="agent",
        signal=status.get("signal"),
        note="The agent cut the output." if truncated else None,
    )


async def _start(client: Client, guest: GuestRef, words: list[str], stdin: str | None) -> int:
    """Start the command; its pid in the guest."""
    # Before 8.0 the words travel in one string.
    old = str((await client.row("/version")).get("version", "")).startswith("7.")
    given = {"command": "\0".join(words) if old else words, "input-data": stdin}
    return int((await client.data("POST", guest_path(guest, "agent", "exec"), given))["pid"])


async def _until_exited(client: Client, guest: GuestRef, pid: int, seconds: float) -> _ExecStatus | None:
    """The command's final state; None for one that is still running at the deadline."""
    began, pause = time.monotonic(), 0.05
    while True:
        status: _ExecStatus = await client.row(guest_path(guest, "agent", "exec-status"), {"pid": pid})
        if status.get("exited"):
            return status
        left = seconds - (time.monotonic() - began)
        if left <= 0:
            return None
        await progress(f"running as pid {pid} for {time.monotonic() - began:.0f} s")
        await anyio.sleep(min(pause, left))
        pause = min(pause * 1.5, 2.0)


def _bytes(text: str) -> bytes:
    """The bytes of an output. The API hands each on as a character of its own, so UTF-8 arrives taken apart."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode()
