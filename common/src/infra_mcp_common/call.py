"""The call that is running: what it may do, to what, and whom it tells about progress.

Tools declare an intent, transports know the fact. A transport asks `require` before it sends anything that could
change something, so a tool declared `read` can't change anything by mistake, and `aim` before it reaches a target.
"""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Literal

from infra_mcp_common.clean import clean
from infra_mcp_common.errors import Refused
from infra_mcp_common.redact import redact

Kind = Literal["read", "write", "destructive"]
Report = Callable[[float, float | None, str], Awaitable[None]]
_ORDER: dict[Kind, int] = {"read": 0, "write": 1, "destructive": 2}


async def _tell_nobody(_done: float, _total: float | None, _message: str) -> None:
    return None


@dataclass
class Call:
    tool: str
    allowed: Kind = "read"
    permits: Callable[..., None] = lambda *_names: None
    report: Report = _tell_nobody
    targets: list[str] = field(default_factory=list)
    steps: int = 0


_current: ContextVar[Call | None] = ContextVar("call", default=None)


@contextmanager
def entered(call: Call) -> Iterator[Call]:
    token = _current.set(call)
    try:
        yield call
    finally:
        _current.reset(token)


def require(kind: Kind, deed: str) -> None:
    """Refuse `deed` (as "POST /records") when the running call may not do things of this kind."""
    call = _current.get() or Call("nothing")
    if _ORDER[kind] > _ORDER[call.allowed]:
        raise Refused(f"{deed} would change something, but {call.tool} is running as {call.allowed}.")


def aim(target: str, *other_names: str) -> None:
    """Note what the running call acts on (host, zone, guest), after the operator's target lists let it pass.

    other_names: what else the same target is called, an address or an id; the lists may name any of them.
    """
    call = _current.get()
    if call is not None and target not in call.targets:
        call.permits(target, *other_names)
        call.targets.append(target)


async def progress(message: str, done: float | None = None, total: float | None = None) -> None:
    """Tell the client how far the running call is. `done` must grow; without it the messages are counted."""
    call = _current.get()
    if call is not None:
        call.steps += 1
        await call.report(call.steps if done is None else done, total, redact(clean(message)))
