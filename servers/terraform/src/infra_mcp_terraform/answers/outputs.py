"""Outputs of the root module."""

from typing import Any

from pydantic import Field

from infra_mcp_common.results import Result
from infra_mcp_terraform.domain.states import Output


class OutputValue(Result):
    value: Any = Field(description="Masked where sensitive")
    sensitive: bool

    @classmethod
    def of(cls, output: Output, *, reveal: bool) -> "OutputValue":
        return cls(value=output.clear if reveal else output.value, sensitive=output.sensitive)


class Outputs(Result):
    """Outputs of the last apply."""

    directory: str
    workspace: str
    outputs: dict[str, OutputValue]
