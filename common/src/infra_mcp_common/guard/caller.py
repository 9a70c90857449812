"""Who is calling, where one process serves several: the client behind an API key, and what it may do.

Set by the door of the HTTP endpoint, read by the guard of every call and listing. On stdio there is no caller, and the
operator's policy holds as it is.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from infra_mcp_common.guard.policy import Policy


@dataclass(frozen=True)
class Caller:
    """name: that of the key, None where no key is needed. policy: the operator's, narrowed by the rights of the key."""

    name: str | None
    policy: Policy


_current: ContextVar[Caller | None] = ContextVar("caller", default=None)


def current() -> Caller | None:
    return _current.get()


@contextmanager
def entered(caller: Caller) -> Iterator[None]:
    token = _current.set(caller)
    try:
        yield
    finally:
        _current.reset(token)
