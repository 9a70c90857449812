"""Commands in a VM through its QEMU guest agent."""

import time
from typing import Literal

import anyio

from infra_mcp_common.tool_calls.call_context import progress
from infra_mcp_proxmox.domain.guest import GuestRef
from infra_mcp_proxmox.transport.api import Api, Row

Interpreter = Literal["sh", "powershell", "cmd"]
_WORDS: dict[Interpreter, list[str]] = {
    "sh": ["/bin/sh", "-c"],
    "powershell": ["powershell.exe", "-NoProfile", "-NonInteractive", "-Command"],
    "cmd": ["cmd.exe", "/c"],
}


async def run(
    api: Api, guest: GuestRef, interpreter: Interpreter, command: str, stdin: str | None, seconds: float
) -> tuple[int, Row | None]:
    """The command's pid in the guest, and its final state; None for one that is still running at the deadline."""
    words: list[str] | str = [*_WORDS[interpreter], command]
    if str((await api.version()).get("version", "")).startswith("7."):
        # Before 8.0 the words travel in one string.
        words = "\0".join(words)
    began, pause = time.monotonic(), 0.05
    pid = await api.agent_exec(guest, {"command": words, "input-data": stdin})
    while True:
        state = await api.agent_exec_status(guest, pid)
        if state.get("exited"):
            return pid, state
        left = seconds - (time.monotonic() - began)
        if left <= 0:
            return pid, None
        await progress(f"running as pid {pid} for {time.monotonic() - began:.0f} s")
        await anyio.sleep(min(pause, left))
        pause = min(pause * 1.5, 2.0)


def to_bytes(text: str) -> bytes:
    """The bytes of an output. The API hands each on as a character of its own, so UTF-8 arrives taken apart."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode()
