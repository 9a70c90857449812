"""kubectl, and nothing else, starts here: the only place with its command lines.

Every value is checked by the type of the argument it came from, and goes in as `--flag=value` or behind the verb, so
that none can become a flag. Changes pass the protected namespaces once more, whatever tool asked for them.
"""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from infra_mcp_common import command
from infra_mcp_common.call import Kind, require
from infra_mcp_common.errors import InfraError, TimedOut, Unexpected
from infra_mcp_common.spool import HEAD, TAIL, Capture
from infra_mcp_kubectl import manifests, masking
from infra_mcp_kubectl.failures import failure, warnings
from infra_mcp_kubectl.kubeconfig import Context
from infra_mcp_kubectl.protection import Protection

Json = dict[str, Any]
# Read into memory and never spooled: these answers are taken apart, and may hold Secrets.
_WHOLE = 64 * 1024 * 1024


@dataclass(frozen=True)
class Done:
    """How a kubectl ended. stdout stays undecoded until somebody knows how much of it is wanted."""

    status: int
    stdout: Capture
    stderr: str
    timed_out: bool = False

    @property
    def text(self) -> str:
        return self.stdout.whole().decode("utf-8", "replace")

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


class Kubectl:
    """kubectl for one call: one context, one deadline over everything it does."""

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

    # -- reads

    async def table(self, query: Query, *, wide: bool = False) -> Done:
        """`kubectl get` as a table."""
        return await self._well("get", [*(["--output=wide"] if wide else []), *query.words()])

    async def objects(self, query: Query, *, missing_ok: bool = False) -> list[Json]:
        """`kubectl get` as objects."""
        extra = ["--ignore-not-found"] if missing_ok else []
        return _items((await self._well("get", ["--output=json", *extra, *query.words()])).text)

    async def namespace_exists(self, namespace: str) -> bool | None:
        """Whether a namespace is there; None where this user may not look."""
        words = ["--output=name", "--ignore-not-found", "namespaces", namespace]
        done = await self._run("read", "get", words)
        return bool(done.text.strip()) if done.status == 0 else None

    async def some_objects(self, query: Query) -> list[Json]:
        """The objects this user may see, of several kinds; those that can't be read are left out."""
        done = await self._run("read", "get", ["--output=json", "--ignore-not-found", *query.words()])
        return _items(done.text)

    async def live(self, objects: list[Json], namespace: str) -> list[Json]:
        """What the cluster has of these objects; what it does not know is left out."""
        words = ["--output=json", "--ignore-not-found", *self._default_namespace(namespace), "--filename=-"]
        done = await self._run("read", "get", words, stdin=manifests.to_text(objects))
        if done.status != 0 and not done.stdout.size:
            error = failure("Looking at what is there", done.stderr)
            if error.kind in ("denied", "unreachable", "not_configured"):
                raise error
        return _items(done.text)

    async def describe(self, kind: str, name: str, namespace: str) -> Done:
        return await self._well("describe", [f"--namespace={namespace}", kind, name])

    async def dry_run(self, objects: list[Json], namespace: str, flags: Sequence[str]) -> list[Json]:
        """What `apply` would make of these objects, by the server's own dry run."""
        return await self._apply("read", objects, namespace, [*flags, "--dry-run=server"])

    async def logs(self, pod: str, container: str, namespace: str, flags: Sequence[str]) -> Done:
        words = [f"--namespace={namespace}", f"--container={container}", *flags, pod]
        return await self._run("read", "logs", words)

    async def api_resources(self) -> str:
        return (await self._well("api-resources", ["--output=wide"])).text

    async def explain(self, path: str, *, recursive: bool, api_version: str | None) -> str:
        flags = [f"--recursive={str(recursive).lower()}", *([f"--api-version={api_version}"] if api_version else [])]
        return (await self._well("explain", [*flags, path])).text

    async def can_i(self, verb: str, resource: str, namespace: str, *, name: str = "", subresource: str = "") -> Done:
        flags = [f"--namespace={namespace}", *([f"--subresource={subresource}"] if subresource else [])]
        words = [*flags, verb, f"{resource}/{name}" if name else resource]
        return await self._run("read", "auth", ["can-i", *words])

    async def top(self, query: Query, *, containers: bool) -> str:
        flags = ["--containers"] if containers else []
        # Nodes are in no namespace, and `top nodes` knows no flag for one.
        words = [
            word for word in query.words() if query.kind != "nodes" or not word.startswith(("--namespace", "--all"))
        ]
        words.remove(query.kind)
        return (await self._well("top", [query.kind, *flags, *words])).text

    async def rollout_history(self, kind: str, name: str, namespace: str) -> str:
        return (await self._well("rollout", ["history", f"--namespace={namespace}", kind, name])).text

    async def rollout_wait(self, kind: str, name: str, namespace: str, seconds: float) -> Done:
        """`kubectl rollout status`: returns when the rollout has ended, well or not, or the time is up."""
        words = ["status", f"--namespace={namespace}", f"--timeout={seconds:.0f}s", kind, name]
        return await self._run("read", "rollout", words)

    async def wait(self, query: Query, condition: str, seconds: float) -> Done:
        """`kubectl wait`; status 1 is no failure yet, it may just have taken too long."""
        words = query.words()
        return await self._run("read", "wait", [f"--for={condition}", f"--timeout={seconds:.0f}s", *words])

    # -- changes

    async def apply(self, objects: list[Json], namespace: str, flags: Sequence[str]) -> list[Json]:
        for item in objects:
            self.protection.check_object(item, namespace, f"apply of {manifests.name_of(item)}")
        return await self._apply("write", objects, namespace, flags)

    async def delete(self, kind: str, names: list[str], namespace: str, flags: Sequence[str]) -> Done:
        """Ask for deletion without waiting for its end."""
        words = [f"--namespace={namespace}", "--wait=false", *flags, kind, *names]
        return await self._change("destructive", "delete", words, kind, names, namespace)

    async def scale(self, kind: str, name: str, namespace: str, replicas: int) -> Done:
        words = [f"--namespace={namespace}", f"--replicas={replicas}", kind, name]
        return _well(await self._change("write", "scale", words, kind, [name], namespace), f"scale of {kind}/{name}")

    async def rollout(self, action: str, kind: str, name: str, namespace: str, flags: Sequence[str] = ()) -> Done:
        words = [action, f"--namespace={namespace}", *flags, kind, name]
        done = await self._change("write", "rollout", words, kind, [name], namespace)
        return _well(done, f"rollout {action} of {kind}/{name}")

    async def patch(self, kind: str, name: str, namespace: str, style: str, patch: str, *, hidden: set[str]) -> Done:
        """Patch an object. hidden: texts that must not come back in an error."""
        # By stdin, because a command line can be read by everybody on this machine.
        words = [f"--namespace={namespace}", f"--type={style}", "--patch-file=/dev/stdin", kind, name]
        done = await self._change("write", "patch", words, kind, [name], namespace, stdin=patch.encode())
        return _well(replace(done, stderr=masking.without(done.stderr, hidden)), f"patch of {kind}/{name}")

    async def mark(self, verb: str, query: Query, pairs: list[str], *, overwrite: bool) -> Done:
        """`label` or `annotate` named objects."""
        words = [f"--overwrite={str(overwrite).lower()}", *query.words(), *pairs]
        namespace = self.namespace(query.namespace)
        done = await self._change("write", verb, words, query.kind, list(query.names), namespace)
        return _well(done, f"{verb} of {query.kind}/{','.join(query.names)}")

    async def cordon(self, node: str, *, on: bool) -> Done:
        verb = "cordon" if on else "uncordon"
        return _well(await self._change("write", verb, [node], "node", [node], ""), f"{verb} of {node}")

    async def drain(self, node: str, flags: Sequence[str]) -> Done:
        return await self._change("destructive", "drain", [*flags, node], "node", [node], "")

    async def exec(self, pod: str, container: str | None, namespace: str, argv: list[str], seconds: float) -> Done:
        chosen = [f"--container={container}"] if container else []
        words = [f"--namespace={namespace}", *chosen, pod, "--", *argv]
        self.protection.check(namespace, f"exec in {pod}")
        return await self._run("write", "exec", words, head=HEAD, tail=TAIL, seconds=seconds, late_ok=True)

    # -- the way out

    async def _apply(self, kind: Kind, objects: list[Json], namespace: str, flags: Sequence[str]) -> list[Json]:
        words = [*self._default_namespace(namespace), "--output=json", *flags, "--filename=-"]
        done = await self._run(kind, "apply", words, stdin=manifests.to_text(objects))
        return _items(_well(done, "apply").text)

    def _default_namespace(self, namespace: str) -> list[str]:
        """The flag for objects that name no namespace. With the flag kubectl refuses every other namespace."""
        return [] if namespace == self.context.namespace else [f"--namespace={namespace}"]

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
        return _well(await self._run("read", verb, words), f"kubectl {verb}")

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
        finished = await command.run(
            argv, timeout=min(self.left, seconds or self.left), env=env, stdin=stdin, head=head, tail=tail
        )
        if finished.timed_out and not late_ok:
            raise self._late(kind, verb)
        if finished.exit_status is None and not finished.timed_out:
            raise Unexpected(f"kubectl {verb} was ended by {finished.signal}.", "Try again.")
        stderr = finished.stderr.whole().decode("utf-8", "replace")
        return Done(finished.exit_status or 0, finished.stdout, stderr, finished.timed_out)

    def _late(self, kind: Kind, verb: str) -> InfraError:
        step = (
            "The change may have been made or not: look before you repeat it."
            if kind != "read"
            else "The API server may hang: check it, or ask for less."
        )
        return TimedOut(f"kubectl {verb} had no answer within {self._seconds:.0f} seconds and was stopped.", step)


def _well(done: Done, deed: str) -> Done:
    if done.status != 0:
        raise failure(deed, done.stderr)
    return done


def _items(text: str) -> list[Json]:
    if not text.strip():
        return []
    try:
        answer = json.loads(text)
    except ValueError:
        raise Unexpected("kubectl answered with something that is no JSON.", "Check its version.") from None
    items = answer["items"] if answer.get("kind") == "List" else [answer]
    return [item for item in items if isinstance(item, dict)]
