"""Drift: what was changed outside Terraform."""

from pydantic import Field

from infra_mcp_common.results import Page, Result
from infra_mcp_terraform.answers.changes import Change
from infra_mcp_terraform.answers.diagnostics import Diagnostic


class Drift(Result):
    """What differs between the state and the real infrastructure."""

    directory: str
    workspace: str
    in_sync: bool
    drifted: list[Change] = Field(description="before: as in the state; after: as it really is")
    page: Page
    warnings: list[Diagnostic] | None = None
