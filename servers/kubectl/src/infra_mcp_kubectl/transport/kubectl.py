"""What kubectl is told to change.

Every change passes the protected namespaces once more, whatever tool asked for it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from infra_mcp_common.io.kept_output import HEAD, TAIL
from infra_mcp_common.results import Output
from infra_mcp_kubectl.domain.apply import ApplyOptions
from infra_mcp_kubectl.domain.manifests import to_text
from infra_mcp_kubectl.domain.objects import KubeObject, name_of
from infra_mcp_kubectl.domain.secrets import values_of
from infra_mcp_kubectl.transport.failures import complaint, failure
from infra_mcp_kubectl.transport.kubectl_reads import KubectlReads, optional
from infra_mcp_kubectl.transport.runner import Ended

Warnings = list[str]
_ENDED = re.compile(r"^command terminated with exit code (\d+)\n?\Z", re.MULTILINE)


@dataclass(frozen=True)
class CommandOutcome:
    """How a command in a container ended. exit_status: None where it was cut off."""

    exit_status: int | None
    timed_out: bool
    stdout: Output
    stderr: Output


@dataclass(frozen=True)
class Kubectl(KubectlReads):
    """kubectl by what it does."""

    async def apply(self, objects: list[KubeObject], options: ApplyOptions) -> list[KubeObject]:
        """The objects as they are then. Those that are Secrets are not quoted in errors."""
        for item in objects:
            self.protection.check_object(item, self.scope.namespace, f"apply of {name_of(item)}")
        ended = await self._run("write", "apply", self._apply_words(options), stdin=to_text(objects))
        return ended.succeeded("apply", values_of(objects)).objects()

    async def delete(self, kind: str, names: list[str], cascade: str) -> str:
        """Ask for deletion without waiting for its end; what kubectl complained of, or ""."""
        words = [self._namespace, "--wait=false", f"--cascade={cascade}", kind, *names]
        ended = await self._change("destructive", "delete", words, kind, names)
        return complaint(ended.stderr) if ended.status != 0 else ""

    async def scale(self, kind: str, name: str, replicas: int) -> Warnings:
        words = [self._namespace, f"--replicas={replicas}", kind, name]
        ended = await self._change("write", "scale", words, kind, [name])
        return ended.succeeded(f"scale of {kind}/{name}").warnings

    async def rollout_restart(self, kind: str, name: str) -> None:
        await self._rollout("restart", kind, name)

    async def rollout_undo(self, kind: str, name: str, to_revision: int | None) -> Warnings:
        """Go back to a revision; None for the one before."""
        return await self._rollout("undo", kind, name, optional("to-revision", to_revision))

    async def patch(self, kind: str, name: str, style: str, patch: str, *, hidden: set[str]) -> Warnings:
        """Patch an object. hidden: texts that must not come back in an error."""
        # By stdin, because a command line can be read by everybody on this machine.
        words = [self._namespace, f"--type={style}", "--patch-file=/dev/stdin", kind, name]
        ended = await self._change("write", "patch", words, kind, [name], stdin=patch.encode())
        return ended.succeeded(f"patch of {kind}/{name}", hidden).warnings

    async def label(self, kind: str, name: str, labels: dict[str, str | None], *, overwrite: bool) -> Warnings:
        """Set labels; None removes one."""
        return await self._set_metadata("label", kind, name, labels, overwrite=overwrite)

    async def annotate(self, kind: str, name: str, annotations: dict[str, str | None], *, overwrite: bool) -> Warnings:
        """Set annotations; None removes one."""
        return await self._set_metadata("annotate", kind, name, annotations, overwrite=overwrite)

    async def cordon(self, node: str, *, on: bool) -> Warnings:
        verb = "cordon" if on else "uncordon"
        ended = await self._change("write", verb, [node], "node", [node])
        return ended.succeeded(f"{verb} of {node}").warnings

    async def drain(self, node: str, seconds: int, *, delete_local_data: bool, force: bool) -> str:
        """Cordon a node and evict its pods; what kubectl complained of, or ""."""
        flags = ["--ignore-daemonsets", f"--timeout={seconds}s"]
        flags += ["--delete-emptydir-data"] if delete_local_data else []
        flags += ["--force"] if force else []
        ended = await self._change("destructive", "drain", [*flags, node], "node", [node])
        return complaint(ended.stderr) if ended.status != 0 else ""

    async def exec(self, pod: str, container: str | None, command: list[str], seconds: float) -> CommandOutcome:
        """Run a command in a container, cut off after so many seconds."""
        words = [self._namespace, *optional("container", container), pod, "--", *command]
        self.protection.check(self.scope.namespace, f"exec in {pod}")
        ended = await self._run("write", "exec", words, head=HEAD, tail=TAIL, seconds=seconds, late_ok=True)
        status = _exit_status(ended)
        stderr = ended.errors.output()
        stderr.text = _ENDED.sub("", stderr.text) if status else stderr.text
        return CommandOutcome(status, ended.timed_out, ended.stdout.output(), stderr)

    async def _rollout(
        self, action: Literal["restart", "undo"], kind: str, name: str, flags: Sequence[str] = ()
    ) -> Warnings:
        words = [action, self._namespace, *flags, kind, name]
        ended = await self._change("write", "rollout", words, kind, [name])
        return ended.succeeded(f"rollout {action} of {kind}/{name}").warnings

    async def _set_metadata(
        self,
        verb: Literal["label", "annotate"],
        kind: str,
        name: str,
        values: dict[str, str | None],
        *,
        overwrite: bool,
    ) -> Warnings:
        pairs = [f"{key}-" if value is None else f"{key}={value}" for key, value in values.items()]
        words = [f"--overwrite={str(overwrite).lower()}", self._namespace, kind, name, *pairs]
        ended = await self._change("write", verb, words, kind, [name])
        return ended.succeeded(f"{verb} of {kind}/{name}").warnings


def _exit_status(ended: Ended) -> int | None:
    """The command's exit status, None where it was cut off. kubectl's own failure, which looks alike, is raised."""
    if ended.timed_out or ended.status == 0:
        return None if ended.timed_out else 0
    said = _ENDED.search(ended.stderr)
    if said is None or int(said[1]) != ended.status:
        raise failure("exec", ended.stderr)
    return ended.status
