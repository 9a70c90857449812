"""How a typed function says that it is a tool.

    @tool("destructive", timeout=300, preview=preview_delete)
    async def delete_guest(api: Annotated[Api, Resolve(connect)], vmid: ...) -> Task:
        \"\"\"Delete a VM or container with its disks.\"\"\"

Name, description and schema come from the function; class, deadline and preview from here.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any, TypeVar

from infra_mcp_common.guard.kinds import Kind

F = TypeVar("F", bound=Callable[..., Any])
GRACE = 15.0


@dataclass(frozen=True)
class Declaration:
    """What a tool says of itself. kind: its safety class. timeout: seconds for a whole call; a tool with an argument
    `timeout` gets that instead, and `grace` beyond it to stop and to answer. preview: what a gated call would do, as a
    function of some of the same arguments. arbitrary: it runs what the caller supplies, so its class can't bound what
    it does.
    """

    kind: Kind
    timeout: float
    preview: Callable[..., Any] | None
    arbitrary: bool
    meta: dict[str, Any]
    grace: float


_declared: dict[Callable[..., Any], Declaration] = {}


def tool(
    kind: Kind,
    *,
    timeout: float = 60.0,
    preview: Callable[..., Any] | None = None,
    arbitrary: bool = False,
    meta: dict[str, Any] | None = None,
    grace: float = GRACE,
) -> Callable[[F], F]:
    """Declare an async function as a tool of this safety class."""

    def declare(fn: F) -> F:
        _declared[fn] = Declaration(kind, timeout, preview, arbitrary, meta or {}, grace)
        return fn

    return declare


def declared_in(module: ModuleType) -> list[tuple[Callable[..., Any], Declaration]]:
    """The tools of a module, in the order they are written."""
    own = [fn for fn in vars(module).values() if inspect.isfunction(fn) and fn.__module__ == module.__name__]
    return [(fn, _declared[fn]) for fn in own if fn in _declared]
