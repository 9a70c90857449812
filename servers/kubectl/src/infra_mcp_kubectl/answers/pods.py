"""Logs of pods, and commands inside of them."""

from pydantic import Field

from infra_mcp_common.results import Output, Result
from infra_mcp_kubectl.answers.base import Answer
from infra_mcp_kubectl.domain.logs import ContainerLog

_ROOM = 40_000
_MOST_NAMED = 50


class LogPart(Result):
    """The log of one container."""

    pod: str
    container: str
    text: str
    lines: int = Field(description="Lines shown")
    read: int = Field(description="Lines read, from the end; with grep more than are shown")
    error: str | None = Field(default=None, description="Why there is no log")

    @classmethod
    def of(cls, log: ContainerLog, grep: str | None, room: int) -> "LogPart":
        shown = log.excerpt(grep, room)
        return cls(
            pod=log.container.pod,
            container=log.container.name,
            text="\n".join(shown),
            lines=len(shown),
            read=len(log.lines),
            error=log.error,
        )


class Logs(Answer):
    namespace: str
    logs: list[LogPart]
    not_shown: list[str] | None = Field(default=None, description="Further containers, as pod/container")

    def failed(self) -> bool:
        return all(part.error is not None for part in self.logs)

    @classmethod
    def of(
        cls, context: str, namespace: str, logs: list[ContainerLog], grep: str | None, not_shown: list[str]
    ) -> "Logs":
        parts = [LogPart.of(log, grep, _ROOM // len(logs)) for log in logs]
        return cls(context=context, namespace=namespace, logs=parts, not_shown=not_shown[:_MOST_NAMED] or None)


class ExecResult(Answer):
    """How a command in a container ended."""

    namespace: str
    pod: str
    exit_status: int | None = Field(description="The command's own; null where it was cut off")
    timed_out: bool
    stdout: Output
    stderr: Output

    def failed(self) -> bool:
        return self.timed_out
