"""The state: its resources and its lock."""

from typing import Any, Literal

from pydantic import Field

from infra_mcp_common.results import Page, Result
from infra_mcp_terraform.domain import states


class Resource(Result):
    """One resource instance of the state. In lists long texts are cut; state_show has them whole."""

    address: str
    type: str
    mode: Literal["managed", "data"]
    provider: str
    tainted: bool | None = None
    depends_on: list[str] | None = None
    attributes: dict[str, Any]

    @classmethod
    def of(cls, resource: states.Resource) -> "Resource":
        return cls(**vars(resource))


class State(Result):
    """A part of the state."""

    directory: str
    workspace: str
    terraform_version: str | None = None
    types: dict[str, int] = Field(description="How many resources of each type match")
    resources: list[Resource]
    outputs: list[str] = Field(description="Names of the outputs")
    page: Page


class Addresses(Result):
    """Resources of the state, by address."""

    directory: str
    workspace: str
    addresses: list[str]
    page: Page


class Unlocked(Result):
    directory: str
    lock_id: str
    unlocked: bool
