"""Running kubectl: one context, one deadline, and what came of it."""

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from infra_mcp_common.errors import Failed, InfraError, TimedOut
from infra_mcp_common.guard.kinds import Kind
from infra_mcp_common.io import programs
from infra_mcp_common.io.kept_output import Capture
from infra_mcp_common.tool_calls.call_context import require
from infra_mcp_kubectl.domain.protection import Protection
from infra_mcp_kubectl.safety import masking
from infra_mcp_kubectl.transport.failures import failure, warnings
from infra_mcp_kubectl.transport.kubeconfig import Context

Json = dict[str, Any]
# Read into memory and never spooled: these answers are taken apart, and may hold Secrets.
_WHOLE = 64 * 1024 * 1024


@dataclass(frozen=True)
class Done:
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


@dataclass(frozen=True)
class Query:
    """Which objects of a kind. namespace: None asks for all namespaces."""

    kind: str
    namespace: str | None
    names: tuple[str, ...] = ()
    selector: str = ""
    field_selector: str = ""

    def words(self) -> list[str]:
        flags = ["--all-namespaces" if self.namespace is None else f"--namespace={self.namespace}"]
        flags += [f"--selector={self.selector}"] if self.selector else []
        flags += [f"--field-selector={self.field_selector}"] if self.field_selector else []
        return [*flags, self.kind, *self.names]


class Runner:
    """What starts kubectl for one call, with one deadline over everything the call does."""

    def __init__(self, binary: str, kubeconfig: str, context: Context, protection: Protection, seconds: float) -> None:
        self._binary = binary
        self._kubeconfig = kubeconfig
        self.context = context
        self.protection = protection
        self._seconds = seconds
        self._deadline = time.monotonic() + seconds

    def namespace(self, given: str | None) -> str:
        """The namespace a call means: the one it names, or the context's own."""
        return given or self.context.namespace

    @property
    def left(self) -> float:
        """Seconds until this call's deadline."""
        return max(0.0, self._deadline - time.monotonic())

    async def _change(
        self,
        kind: Kind,
        verb: str,
        words: list[str],
        of: str,
        names: list[str],
        namespace: str,
        *,
        stdin: bytes | None = None,
    ) -> Done:
        self.protection.check_named(of, names, namespace, f"{verb} of {of}/{','.join(names)}")
        return await self._run(kind, verb, words, stdin=stdin)

    async def _well(self, verb: str, words: list[str]) -> Done:
        return well(await self._run("read", verb, words), f"kubectl {verb}")

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
    ) -> Done:
        if kind != "read":
            require(kind, f"kubectl {verb}")
        argv = [self._binary, f"--context={self.context.name}", verb, *words]
        # KUBERC: users may have made flags of their own the default. The others name programs that kubectl would run.
        env = {"KUBECONFIG": self._kubeconfig, "KUBERC": "off", "KUBECTL_EXTERNAL_DIFF": None, "KUBE_EDITOR": None}
        finished = await programs.run(
            argv, timeout=min(self.left, seconds or self.left), env=env, stdin=stdin, head=head, tail=tail
        )
        if finished.timed_out and not late_ok:
            raise self._late(kind, verb)
        if finished.exit_status is None and not finished.timed_out:
            raise Failed(
                f"kubectl {verb} was ended by {finished.signal}.", "Something on this machine ended it; try again."
            )
        return Done(finished.exit_status or 0, finished.stdout, finished.stderr, finished.timed_out)

    def _late(self, kind: Kind, verb: str) -> InfraError:
        step = (
            "The change may have been made or not: look before you repeat it."
            if kind != "read"
            else "The API server may hang: check it, or ask for less."
        )
        return TimedOut(f"kubectl {verb} had no answer within {self._seconds:.0f} seconds and was stopped.", step)


def well(done: Done, deed: str, hidden: Iterable[str] = ()) -> Done:
    """The same, if kubectl ended well; else its error. hidden: texts that must not be quoted in it."""
    if done.status != 0:
        raise failure(deed, masking.without(done.stderr, set(hidden)))
    return done


def items(text: str) -> list[Json]:
    """The objects kubectl printed as JSON: one, or a List of them."""
    if not text.strip():
        return []
    try:
        answer = json.loads(text)
    except ValueError:
        raise Failed("kubectl answered with something that is no JSON.", "Check its version.") from None
    found = answer["items"] if answer.get("kind") == "List" else [answer]
    return [item for item in found if isinstance(item, dict)]
