"""What became of a command."""

from pydantic import Field

from infra_mcp_common.results import Output, Result
from infra_mcp_ssh.domain.commands import Outcome, RemoteProcess


class CommandResult(Result):
    """How a remote command ended."""

    host: str
    exit_status: int | None = Field(description="null where a signal or a lost connection ended it")
    signal: str | None = Field(None, description="The signal that ended it, as TERM")
    timed_out: bool
    connection_lost: bool
    remote_process: RemoteProcess = Field(description="What is known of the process on the host")
    stdout: Output
    stderr: Output
    seconds: float

    @classmethod
    def of(cls, outcome: Outcome, stdout: Output, stderr: Output) -> "CommandResult":
        return cls(
            host=str(outcome.host),
            exit_status=outcome.exit_status,
            signal=outcome.signal,
            timed_out=outcome.timed_out,
            connection_lost=outcome.connection_lost,
            remote_process=outcome.remote_process,
            stdout=stdout,
            stderr=stderr,
            seconds=round(outcome.seconds, 3),
        )

    def failed(self) -> bool:
        return self.timed_out or self.connection_lost
