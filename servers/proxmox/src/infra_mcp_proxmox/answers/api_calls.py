"""Calls of the API that have no tool of their own."""

from pydantic import Field

from infra_mcp_common.results import Result
from infra_mcp_proxmox.answers.changes import Change
from infra_mcp_proxmox.domain.api_schema import Endpoint, Rule

# So many calls are shown with their parameters.
_ENOUGH = 3


class ApiCall(Result):
    method: str
    path: str
    description: str
    privileges: str | None = None
    parameters: list[dict[str, object]] | None = None

    @classmethod
    def of(cls, call: Endpoint, *, full: bool) -> "ApiCall":
        """full: with parameters, and more of the description."""
        parameters = [_parameter(name, rule) for name, rule in sorted(call.parameters.items())] if full else None
        return cls(
            method=call.method,
            path=call.path,
            description=call.description[: 1000 if full else 200],
            privileges=call.privileges,
            parameters=parameters,
        )


class ApiCalls(Result):
    calls: list[ApiCall]
    total: int = Field(description="How many matched")

    @classmethod
    def of(cls, found: list[Endpoint], limit: int) -> "ApiCalls":
        shown = found[:limit]
        return cls(calls=[ApiCall.of(call, full=len(shown) <= _ENOUGH) for call in shown], total=len(found))


class ApiAnswer(Result):
    """What a call answered, as it came."""

    method: str
    path: str
    data: object
    task: Change | None = Field(default=None, description="How the task that it started went")
    omitted: int | None = Field(
        default=None, description="Rows of a list that were left out; narrow the call or raise limit"
    )

    @classmethod
    def of(cls, method: str, path: str, data: object, limit: int, task: Change | None = None) -> "ApiAnswer":
        """limit: how many rows of a list at most."""
        if not isinstance(data, list):
            return cls(method=method, path=path, data=data, task=task)
        omitted = len(data) - limit if len(data) > limit else None
        return cls(method=method, path=path, data=data[:limit], omitted=omitted, task=task)


def _parameter(name: str, rule: Rule) -> dict[str, object]:
    shown = ("type", "enum", "minimum", "maximum", "default", "pattern")
    kept = {key: value for key, value in rule.items() if key in shown}
    needed = {} if rule.get("optional") else {"required": True}
    return {"name": name, **kept, **needed, "description": str(rule.get("description", ""))[:160]}
