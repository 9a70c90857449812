"""What a plan does to resources, and what it would lose."""

from collections.abc import Iterable
from typing import Any, Literal

from pydantic import Field

from infra_mcp_common.results import Result
from infra_mcp_terraform.domain import attributes, changes, risks
from infra_mcp_terraform.domain.changes import Action


class AttributeChange(Result):
    """One attribute; before or after is left out where it is null or absent."""

    path: str
    before: Any = None
    after: Any = None
    forces_replacement: bool | None = None

    @classmethod
    def of(cls, change: attributes.AttributeChange) -> "AttributeChange":
        forces = change.forces_replacement or None
        return cls(path=change.path, before=change.before, after=change.after, forces_replacement=forces)


class Change(Result):
    """What a plan does to one resource."""

    address: str
    action: Action
    reason: str | None = Field(None, description="Terraform's own word for it")
    previous_address: str | None = None
    attributes: list[AttributeChange] = Field(description="Changed attributes; those that force a replacement first")
    omitted_attributes: int | None = None

    @classmethod
    def of(cls, change: changes.Change) -> "Change":
        return cls(
            address=change.address,
            action=change.action,
            reason=change.reason,
            previous_address=change.previous_address,
            attributes=[AttributeChange.of(attribute) for attribute in change.attributes],
            omitted_attributes=change.omitted_attributes or None,
        )

    @classmethod
    def all_of(cls, found: Iterable[changes.Change]) -> list["Change"]:
        return [cls.of(one) for one in found]


class Risk(Result):
    """A resource that would be lost or made anew."""

    address: str
    action: Literal["delete", "replace", "forget"]
    stateful: bool = Field(description="Its type usually holds data: a database, disk, bucket, key, guest …")
    forced_by: list[str] | None = Field(None, description="Attributes that can't be changed in place")
    reason: str | None = None

    @classmethod
    def of(cls, risk: risks.Risk) -> "Risk":
        return cls(
            address=risk.address,
            action=risk.action,
            stateful=risk.stateful,
            forced_by=list(risk.forced_by) or None,
            reason=risk.reason,
        )
