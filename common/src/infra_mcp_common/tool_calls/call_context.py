"""The call that is running: what it may do, to what, and whom it tells about progress.

Tools declare an intent, transports know the fact. A transport asks `require` before it sends anything that could
change something, so a tool declared `read` can't change anything by mistake, and `check_target` before it reaches a
target.
"""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from infra_mcp_common.errors import Refused
from infra_mcp_common.guard.kinds import ORDER, Kind
from infra_mcp_common.runtime import current

Report = Callable[[float, float | None, str], Awaitable[None]]


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


def require(kind: Kind, action: str) -> None:
    """Refuse `action` (as "POST /records") when the running call may not do things of this kind."""
    call = _current.get() or Call("nothing")
    if ORDER[kind] > ORDER[call.allowed]:
        raise Refused(f"{action} would change something, but {call.tool} is running as {call.allowed}.")


def check_target(target: str, *other_names: str) -> None:
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
        await call.report(call.steps if done is None else done, total, current().tell(message))
