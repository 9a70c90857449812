"""Everything that one server needs at run time, in one object, so that several servers can live in one process.

No module keeps state of its own. A call runs inside the runtime of its server (`entered`), where `current()` finds it:
code that serves every call (redaction, programs, audit, private files) asks there. Tools and transports get their
objects by `Resolve`, from functions that ask the runtime to `keep` them.
"""

import inspect
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TypeVar

import anyio

from infra_mcp_common.guard import policy
from infra_mcp_common.guard.audit import Audit
from infra_mcp_common.guard.caller import current as current_caller
from infra_mcp_common.guard.policy import Policy
from infra_mcp_common.paths import Paths
from infra_mcp_common.settings import Setting, Settings
from infra_mcp_common.text.cleaning import clean
from infra_mcp_common.text.redaction import Secrets

T = TypeVar("T")
CALLS_AT_ONCE = 32


class Runtime:
    """One server at work.

    environment: all that our code reads of one; a console script gives that of its process. directory: where
    relative paths begin. remote: whether clients may be on other machines, so that paths and ids of this machine must
    say so. calls: the scopes of those that run. children: process groups of the programs that run.
    """

    def __init__(
        self,
        server: str,
        settings: Sequence[Setting],
        environment: Mapping[str, str],
        *,
        flags: Mapping[str, Any] | None = None,
        directory: Path | None = None,
    ) -> None:
        self.server = server
        self.environment = environment
        self.paths = Paths(server, environment, directory)
        self.secrets = Secrets()
        self.settings = Settings(settings, environment, self.paths, self.secrets)
        self.operator = policy.load(self.settings, flags or {})
        self.audit = Audit(server, self.paths, self.secrets)
        self.remote = False
        self.calls: set[anyio.CancelScope] = set()
        self.places = anyio.CapacityLimiter(CALLS_AT_ONCE)
        self.children: set[int] = set()
        self._kept: dict[Callable[..., Any], Any] = {}

    @property
    def script(self) -> str:
        """The console script of this server, as its user types it."""
        return f"{self.server}-mcp"

    @property
    def machine(self) -> str:
        """The name of this machine."""
        return socket.gethostname()

    @property
    def policy(self) -> Policy:
        """What holds for the running call or listing: the operator's policy, or what a key leaves of it."""
        caller = current_caller()
        return caller.policy if caller else self.operator

    def keep(self, make: Callable[[], T]) -> T:
        """The one object of this kind, made at the first use: connections, caches. Its `close` is called at the end."""
        if make not in self._kept:
            self._kept[make] = make()
        kept: T = self._kept[make]
        return kept

    def tell(self, text: str) -> str:
        """Foreign text as it may leave this server: cleaned, secrets masked."""
        return self.secrets.redact(clean(text))

    async def close(self) -> None:
        """Let go of everything that was kept."""
        kept, self._kept = self._kept, {}
        with entered(self):
            for each in kept.values():
                closed = each.close() if hasattr(each, "close") else None
                if inspect.isawaitable(closed):
                    await closed


_current: ContextVar[Runtime] = ContextVar("runtime")


def current() -> Runtime:
    """The runtime of the server whose call, command or check this is; LookupError outside of all."""
    return _current.get()


@contextmanager
def entered(runtime: Runtime) -> Iterator[Runtime]:
    """Run the block for this server."""
    token = _current.set(runtime)
    try:
        yield runtime
    finally:
        _current.reset(token)
