"""kubectl's command lines, and the only place with them.

Every value is checked by the type of the argument it came from, and goes in as `--flag=value` or behind the verb, so
that none can become a flag. Changes pass the protected namespaces once more, whatever tool asked for them.
"""

from collections.abc import Sequence
from typing import Any

from infra_mcp_common.guard.kinds import Kind
from infra_mcp_common.io.kept_output import HEAD, TAIL
from infra_mcp_kubectl.domain import manifests
from infra_mcp_kubectl.transport.failures import failure
from infra_mcp_kubectl.transport.runner import Done, Query, Runner, items, well

Json = dict[str, Any]


class Kubectl(Runner):
    """kubectl by what it does."""

    # -- reads

    async def table(self, query: Query, *, wide: bool = False) -> Done:
        """`kubectl get` as a table."""
        return await self._well("get", [*(["--output=wide"] if wide else []), *query.words()])

    async def objects(self, query: Query, *, missing_ok: bool = False) -> list[Json]:
        """`kubectl get` as objects."""
        extra = ["--ignore-not-found"] if missing_ok else []
        return items((await self._well("get", ["--output=json", *extra, *query.words()])).text)

    async def namespace_exists(self, namespace: str) -> bool | None:
        """Whether a namespace is there; None where this user may not look."""
        words = ["--output=name", "--ignore-not-found", "namespaces", namespace]
        done = await self._run("read", "get", words)
        return bool(done.text.strip()) if done.status == 0 else None

    async def some_objects(self, query: Query) -> list[Json]:
        """The objects this user may see, of several kinds; those that can't be read are left out."""
        done = await self._run("read", "get", ["--output=json", "--ignore-not-found", *query.words()])
        return items(done.text)

    async def live(self, objects: list[Json], namespace: str) -> list[Json]:
        """What the cluster has of these objects; what it does not know is left out."""
        words = ["--output=json", "--ignore-not-found", *self._default_namespace(namespace), "--filename=-"]
        done = await self._run("read", "get", words, stdin=manifests.to_text(objects))
        if done.status != 0 and not done.stdout.size:
            error = failure("Looking at what is there", done.stderr)
            if error.kind in ("denied", "unreachable", "not_configured"):
                raise error
        return items(done.text)

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
        return well(await self._change("write", "scale", words, kind, [name], namespace), f"scale of {kind}/{name}")

    async def rollout(self, action: str, kind: str, name: str, namespace: str, flags: Sequence[str] = ()) -> Done:
        words = [action, f"--namespace={namespace}", *flags, kind, name]
        done = await self._change("write", "rollout", words, kind, [name], namespace)
        return well(done, f"rollout {action} of {kind}/{name}")

    async def patch(self, kind: str, name: str, namespace: str, style: str, patch: str, *, hidden: set[str]) -> Done:
        """Patch an object. hidden: texts that must not come back in an error."""
        # By stdin, because a command line can be read by everybody on this machine.
        words = [f"--namespace={namespace}", f"--type={style}", "--patch-file=/dev/stdin", kind, name]
        done = await self._change("write", "patch", words, kind, [name], namespace, stdin=patch.encode())
        return well(done, f"patch of {kind}/{name}", hidden)

    async def mark(self, verb: str, query: Query, pairs: list[str], *, overwrite: bool) -> Done:
        """`label` or `annotate` named objects."""
        words = [f"--overwrite={str(overwrite).lower()}", *query.words(), *pairs]
        namespace = self.namespace(query.namespace)
        done = await self._change("write", verb, words, query.kind, list(query.names), namespace)
        return well(done, f"{verb} of {query.kind}/{','.join(query.names)}")

    async def cordon(self, node: str, *, on: bool) -> Done:
        verb = "cordon" if on else "uncordon"
        return well(await self._change("write", verb, [node], "node", [node], ""), f"{verb} of {node}")

    async def drain(self, node: str, flags: Sequence[str]) -> Done:
        return await self._change("destructive", "drain", [*flags, node], "node", [node], "")

    async def exec(self, pod: str, container: str | None, namespace: str, argv: list[str], seconds: float) -> Done:
        chosen = [f"--container={container}"] if container else []
        words = [f"--namespace={namespace}", *chosen, pod, "--", *argv]
        self.protection.check(namespace, f"exec in {pod}")
        return await self._run("write", "exec", words, head=HEAD, tail=TAIL, seconds=seconds, late_ok=True)

    # -- shared

    async def _apply(self, kind: Kind, objects: list[Json], namespace: str, flags: Sequence[str]) -> list[Json]:
        words = [*self._default_namespace(namespace), "--output=json", *flags, "--filename=-"]
        done = await self._run(kind, "apply", words, stdin=manifests.to_text(objects))
        return items(well(done, "apply").text)

    def _default_namespace(self, namespace: str) -> list[str]:
        """The flag for objects that name no namespace. With the flag kubectl refuses every other namespace."""
        return [] if namespace == self.context.namespace else [f"--namespace={namespace}"]
