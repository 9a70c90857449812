"""What terraform has to say."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Literal

from pydantic import Field

from infra_mcp_common.results import Result
from infra_mcp_terraform.domain import diagnostics


class Diagnostic(Result):
    """What terraform has to say about the configuration or a resource."""

    severity: Literal["error", "warning"]
    summary: str
    detail: str | None = None
    address: str | None = Field(None, description="The resource concerned")
    file: str | None = None
    line: int | None = None
    snippet: str | None = Field(None, description="The line of the configuration")

    @classmethod
    def of(cls, found: diagnostics.Diagnostic) -> "Diagnostic":
        return cls(**asdict(found))

    @classmethod
    def all_of(cls, found: Iterable[diagnostics.Diagnostic]) -> list["Diagnostic"]:
        return [cls.of(one) for one in found]
