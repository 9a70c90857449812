"""Commands in a container, by whichever way works."""

from infra_mcp_common.errors import InfraError
from infra_mcp_proxmox.domain.command import CommandResult, Way
from infra_mcp_proxmox.domain.guest import GuestRef
from infra_mcp_proxmox.transport import console, pct
from infra_mcp_proxmox.transport.client import Client
from infra_mcp_proxmox.transport.wrapped_command import LARGEST, CommandOutput, WrappedCommand

# With these nothing was run, so another way may be tried.
_NOT_BEGUN = {"login", "busy", "token_console"}


async def run(client: Client, guest: GuestRef, command: str, stdin: bytes, seconds: int) -> CommandResult:
    """Run a command through the console; by ssh where that can't be used and the operator has allowed it."""
    wrapped = WrappedCommand(command, stdin, seconds)
    try:
        return _result(await console.run(client, guest, wrapped), "console")
    except InfraError as error:
        if error.facts.get("cause") not in _NOT_BEGUN or not pct.configured():
            raise
    return _result(await pct.run(guest, wrapped), "ssh")


def _result(output: CommandOutput, way: Way) -> CommandResult:
    cut = max(output.stdout_size, output.stderr_size) > LARGEST
    return CommandResult(
        exit_status=None if output.timed_out else output.status,
        stdout=output.stdout,
        stderr=output.stderr,
        way=way,
        timed_out=output.timed_out,
        note=f"Only the first {LARGEST} bytes of a stream were fetched." if cut else None,
    )
