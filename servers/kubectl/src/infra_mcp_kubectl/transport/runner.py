"""Running kubectl: one context, one deadline, and what came of it."""

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Self

from infra_mcp_common.errors import Failed, InfraError, TimedOut
from infra_mcp_common.guard.kinds import Kind
from infra_mcp_common.io import programs
from infra_mcp_common.io.kept_output import Capture
from infra_mcp_common.tool_calls.call_context import require
from infra_mcp_kubectl import settings
from infra_mcp_kubectl.domain.contexts import Context
from infra_mcp_kubectl.domain.objects import KubeObject
from infra_mcp_kubectl.domain.protection import Protection
from infra_mcp_kubectl.domain.scope import Scope
from infra_mcp_kubectl.transport.failures import failure, warnings

# Read into memory and never spooled: these answers are taken apart, and may hold Secrets.
_WHOLE = 64 * 1024 * 1024
# Users may have made flags of their own the default in a kuberc. The others name programs that kubectl would run.
_CHILD = {"KUBERC": "off", "KUBECTL_EXTERNAL_DIFF": None, "KUBE_EDITOR": None}


@dataclass(frozen=True)
class Ended:
    """How a kubectl ended. stdout stays undecoded until somebody knows how much of it is wanted."""

    status: int
    stdout: Capture
    errors: Capture
    timed_out: bool = False

    @property
    def text(self) -> str:
        return self.stdout.whole().decode("utf-8", "replace")

    @property
    def stderr(self) -> str:
        """stderr, cut in the middle where it is long."""
        return self.errors.output().text

    @property
    def warnings(self) -> list[str]:
        return warnings(self.stderr)

    def objects(self) -> list[KubeObject]:
        """The objects kubectl printed as JSON: one, or a List of them."""
        if not self.text.strip():
            return []
        try:
            answer = json.loads(self.text)
        except ValueError:
            raise Failed("kubectl answered with something that is no JSON.", "Check its version.") from None
        found = answer["items"] if answer.get("kind") == "List" else [answer]
        return [item for item in found if isinstance(item, dict)]

    def succeeded(self, action: str, hidden: Iterable[str] = ()) -> Self:
        """The same, if kubectl ended well; else its error. hidden: texts that must not be quoted in it."""
        if self.status != 0:
            raise failure(action, self.stderr, hidden)
        return self


@dataclass(frozen=True)
class Deadline:
    """When a call must be over. seconds: how many it was given."""

    seconds: float
    at: float

    @classmethod
    def after(cls, seconds: float) -> "Deadline":
        return cls(seconds, time.monotonic() + seconds)

    @property
    def left(self) -> float:
        """Seconds until then."""
        return max(0.0, self.at - time.monotonic())


@dataclass(frozen=True)
class Runner:
    """What starts kubectl for one call, in one context and scope, with one deadline over everything the call does."""

    binary: str
    kubeconfig: str
    context: Context
    scope: Scope
    protection: Protection
    deadline: Deadline

    def within(self, namespace: str) -> Self:
        """The same for another namespace."""
        return replace(self, scope=Scope(namespace))

    def everywhere(self) -> Self:
        """The same for all namespaces."""
        return replace(self, scope=Scope(self.scope.namespace, every=True))

    @property
    def _namespace(self) -> str:
        return f"--namespace={self.scope.namespace}"

    async def _change(
        self,
        kind: Kind,
        verb: str,
        words: Sequence[str],
        of: str,
        names: Sequence[str],
        *,
        stdin: bytes | None = None,
    ) -> Ended:
        """Change named objects of a kind, unless they are protected."""
        self.protection.check_named(of, names, self.scope.namespace, f"{verb} of {of}/{','.join(names)}")
        return await self._run(kind, verb, words, stdin=stdin)

    async def _read(self, verb: str, words: Sequence[str]) -> Ended:
        return (await self._run("read", verb, words)).succeeded(f"kubectl {verb}")

    async def _run(
        self,
        kind: Kind,
        verb: str,
        words: Sequence[str],
        *,
        stdin: bytes | None = None,
        head: int = _WHOLE,
        tail: int = 0,
        seconds: float | None = None,
        late_ok: bool = False,
    ) -> Ended:
        if kind != "read":
            require(kind, f"kubectl {verb}")
        argv = [self.binary, f"--context={self.context.name}", verb, *words]
        timeout = min(self.deadline.left, seconds or self.deadline.left)
        env = {settings.KUBECONFIG.name: self.kubeconfig, **_CHILD}
        finished = await programs.run(
            argv, timeout=timeout, cwd=settings.directory(), env=env, stdin=stdin, head=head, tail=tail
        )
        if finished.timed_out and not late_ok:
            raise self._late(kind, verb)
        if finished.exit_status is None and not finished.timed_out:
            raise Failed(
                f"kubectl {verb} was ended by {finished.signal}.", "Something on this machine ended it; try again."
            )
        return Ended(finished.exit_status or 0, finished.stdout, finished.stderr, finished.timed_out)

    def _late(self, kind: Kind, verb: str) -> InfraError:
        step = (
            "The change may have been made or not: look before you repeat it."
            if kind != "read"
            else "The API server may hang: check it, or ask for less."
        )
        seconds = self.deadline.seconds
        return TimedOut(f"kubectl {verb} had no answer within {seconds:.0f} seconds and was stopped.", step)
