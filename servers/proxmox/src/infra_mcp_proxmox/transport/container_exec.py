"""Commands in a container, by whichever way works."""

from infra_mcp_common.errors import InfraError
from infra_mcp_proxmox.answers.guests import Way
from infra_mcp_proxmox.domain.guest import GuestRef
from infra_mcp_proxmox.transport import console, pct
from infra_mcp_proxmox.transport.api import Api
from infra_mcp_proxmox.transport.wrapped_command import Frame, Framed

# With these nothing was run, so another way may be tried.
_NOT_BEGUN = {"login", "busy", "token_console"}


async def run(api: Api, guest: GuestRef, command: str, stdin: bytes, seconds: int) -> tuple[Framed, Way]:
    """Run a command through the console; by ssh where that can't be used and the operator has allowed it."""
    frame = Frame(command, stdin, seconds)
    try:
        return await console.run(api, guest, frame), "console"
    except InfraError as error:
        if error.facts.get("cause") not in _NOT_BEGUN or not pct.configured():
            raise
    return await pct.run(guest, frame), "ssh"
