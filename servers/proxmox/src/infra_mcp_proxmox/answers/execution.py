"""Commands in guests."""

from pydantic import Field

from infra_mcp_common.results import Output, Result
from infra_mcp_proxmox.domain.command import CommandResult, Way
from infra_mcp_proxmox.domain.guest import GuestRef


class Exec(Result):
    """How a command in a guest ended. exit_status is null where it did not end by itself."""

    vmid: int
    node: str
    exit_status: int | None
    signal: int | None = None
    timed_out: bool = False
    stdout: Output
    stderr: Output
    seconds: float
    way: Way = Field(description="How the command got there")
    note: str | None = None

    @classmethod
    def of(cls, guest: GuestRef, result: CommandResult, stdout: Output, stderr: Output, seconds: float) -> "Exec":
        """stdout, stderr: of the result, kept where they are long. seconds: from the call to its end."""
        return cls(
            vmid=guest.vmid,
            node=guest.node,
            exit_status=result.exit_status,
            signal=result.signal,
            timed_out=result.timed_out,
            stdout=stdout,
            stderr=stderr,
            seconds=round(seconds, 2),
            way=result.way,
            note=result.note,
        )
