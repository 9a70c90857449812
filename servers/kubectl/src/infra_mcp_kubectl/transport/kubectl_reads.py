"""What kubectl is asked for. Nothing in here changes anything.

Every value is checked by the type of the argument it came from, and goes in as `--flag=value` or behind the verb, so
that none can become a flag.
"""

from dataclasses import dataclass

from infra_mcp_common.errors import NotFound
from infra_mcp_kubectl.domain.apply import ApplyOptions
from infra_mcp_kubectl.domain.conditions import WaitOutcome
from infra_mcp_kubectl.domain.logs import Container, ContainerLog, LogOptions
from infra_mcp_kubectl.domain.manifests import to_text
from infra_mcp_kubectl.domain.objects import KubeObject
from infra_mcp_kubectl.domain.permissions import Permission
from infra_mcp_kubectl.domain.query import Query
from infra_mcp_kubectl.domain.rollouts import Revision, revisions
from infra_mcp_kubectl.domain.secrets import values_of
from infra_mcp_kubectl.domain.tables import Table
from infra_mcp_kubectl.transport.failures import complaint, failure
from infra_mcp_kubectl.transport.runner import Runner

_MOST_LOG_BYTES = 5_000_000
_LOUD = ("denied", "unreachable", "not_configured")


def optional(flag: str, value: object) -> list[str]:
    """A flag with its value, where there is one."""
    return [f"--{flag}={value}"] if value else []


@dataclass(frozen=True)
class KubectlReads(Runner):
    """kubectl as far as it only reads."""

    async def table(self, query: Query, *, wide: bool = False) -> Table:
        """`kubectl get` as a table."""
        ended = await self._read("get", [*optional("output", "wide" if wide else ""), *self._words(query)])
        return Table.parse(ended.text, ended.warnings)

    async def objects(self, query: Query, *, missing_ok: bool = False) -> list[KubeObject]:
        """`kubectl get` as objects."""
        extra = ["--ignore-not-found"] if missing_ok else []
        return (await self._read("get", ["--output=json", *extra, *self._words(query)])).objects()

    async def one(self, kind: str, name: str) -> KubeObject:
        """The object as it is. Raises NotFound where there is none."""
        found = await self.objects(Query(kind, (name,)), missing_ok=True)
        if not found:
            place = f"in namespace {self.scope.namespace}"
            raise NotFound(f"There is no {kind}/{name} {place}.", f"List them with get, kind: {kind}.")
        return found[0]

    async def readable_objects(self, query: Query) -> list[KubeObject]:
        """The objects this user may see, of several kinds; those that can't be read are left out."""
        words = ["--output=json", "--ignore-not-found", *self._words(query)]
        return (await self._run("read", "get", words)).objects()

    async def live(self, objects: list[KubeObject]) -> list[KubeObject]:
        """What the cluster has of these objects; what it does not know is left out."""
        words = ["--output=json", "--ignore-not-found", *self._default_namespace(), "--filename=-"]
        ended = await self._run("read", "get", words, stdin=to_text(objects))
        if ended.status != 0 and not ended.stdout.size:
            error = failure("Looking at what is there", ended.stderr)
            if error.kind in _LOUD:
                raise error
        return ended.objects()

    async def namespace_exists(self, namespace: str) -> bool | None:
        """Whether a namespace is there; None where this user may not look."""
        words = ["--output=name", "--ignore-not-found", "namespaces", namespace]
        ended = await self._run("read", "get", words)
        return bool(ended.text.strip()) if ended.status == 0 else None

    async def describe(self, kind: str, name: str) -> str:
        return (await self._read("describe", [self._namespace, kind, name])).text

    async def dry_run(self, objects: list[KubeObject], options: ApplyOptions) -> list[KubeObject]:
        """What `apply` would make of these objects, by the server's own dry run."""
        words = [*self._apply_words(options), "--dry-run=server"]
        ended = await self._run("read", "apply", words, stdin=to_text(objects))
        return ended.succeeded("apply", values_of(objects)).objects()

    async def logs(self, container: Container, options: LogOptions) -> ContainerLog:
        """A container's log, or why there is none."""
        flags = [f"--tail={options.tail}", f"--limit-bytes={_MOST_LOG_BYTES}", *optional("since", options.since)]
        flags += ["--previous"] if options.previous else []
        words = [self._namespace, f"--container={container.name}", *flags, container.pod]
        ended = await self._run("read", "logs", words)
        if ended.status != 0:
            return ContainerLog(container, error=complaint(ended.stderr)[:500])
        return ContainerLog(container, ended.text.splitlines())

    async def api_resources(self) -> Table:
        return Table.parse((await self._read("api-resources", ["--output=wide"])).text)

    async def explain(self, path: str, *, recursive: bool, api_version: str | None) -> str:
        flags = [f"--recursive={str(recursive).lower()}", *optional("api-version", api_version)]
        return (await self._read("explain", [*flags, path])).text

    async def can_i(self, verb: str, kind: str, name: str | None = None, subresource: str | None = None) -> Permission:
        """Whether this context's user may do something in the namespace."""
        resource = f"{kind}/{name}" if name else kind
        words = ["can-i", self._namespace, *optional("subresource", subresource), verb, resource]
        ended = await self._run("read", "auth", words)
        answer = ended.text.strip().partition("\n")[0]
        if answer.split(" ")[0] not in ("yes", "no"):
            raise failure("auth can-i", ended.stderr)
        return Permission(answer.startswith("yes"), answer if " " in answer else complaint(ended.stderr))

    async def top_pods(self, name: str | None, selector: str | None, *, containers: bool) -> Table:
        flags = ["--containers"] if containers else []
        words = ["pods", *flags, self._scope_flag(), *optional("selector", selector), *([name] if name else [])]
        return Table.parse((await self._read("top", words)).text)

    async def top_nodes(self, name: str | None, selector: str | None) -> Table:
        words = ["nodes", *optional("selector", selector), *([name] if name else [])]
        return Table.parse((await self._read("top", words)).text)

    async def rollout_history(self, kind: str, name: str) -> list[Revision]:
        return revisions((await self._read("rollout", ["history", self._namespace, kind, name])).text)

    async def rollout_wait(self, kind: str, name: str, seconds: float) -> None:
        """`kubectl rollout status`: returns when the rollout has ended, well or not, or the time is up."""
        await self._run("read", "rollout", ["status", self._namespace, f"--timeout={seconds:.0f}s", kind, name])

    async def wait(self, kind: str, name: str, condition: str, seconds: float) -> WaitOutcome:
        """`kubectl wait`; that the time was up is no failure."""
        words = [f"--for={condition}", f"--timeout={seconds:.0f}s", self._namespace, kind, name]
        ended = await self._run("read", "wait", words)
        if ended.status == 0:
            return WaitOutcome(True, ended.text.strip())
        said = complaint(ended.stderr)
        if "timed out" not in said:
            raise failure("wait", ended.stderr)
        return WaitOutcome(False, said)

    def _words(self, query: Query) -> list[str]:
        flags = [*optional("selector", query.selector), *optional("field-selector", query.field_selector)]
        return [self._scope_flag(), *flags, query.kind, *query.names]

    def _scope_flag(self) -> str:
        return "--all-namespaces" if self.scope.every else self._namespace

    def _apply_words(self, options: ApplyOptions) -> list[str]:
        flags = ["--server-side"] if options.server_side else []
        flags += ["--force-conflicts"] if options.force_conflicts else []
        return [*self._default_namespace(), "--output=json", *flags, "--filename=-"]

    def _default_namespace(self) -> list[str]:
        """The flag for objects that name no namespace. With the flag kubectl refuses every other namespace."""
        return [] if self.scope.namespace == self.context.namespace else [self._namespace]
