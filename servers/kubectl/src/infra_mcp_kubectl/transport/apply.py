"""Applying the objects of a manifest, and finding out for each what came of it."""

from infra_mcp_common.errors import Conflict, InfraError
from infra_mcp_kubectl.domain.apply import ApplyOptions, ApplyOutcome, outcome
from infra_mcp_kubectl.domain.objects import Identity, KubeObject, identity, name_of, namespace_of
from infra_mcp_kubectl.transport.failures import conflicts
from infra_mcp_kubectl.transport.kubectl import Kubectl

# What stops everything; trying the objects one by one would only take longer to fail the same way.
_FATAL = ("timed_out", "unreachable", "not_configured", "refused", "unexpected")
_LONGEST = 600
Known = dict[Identity, KubeObject]


async def apply_objects(kubectl: Kubectl, objects: list[KubeObject], options: ApplyOptions) -> list[ApplyOutcome]:
    """Apply the objects, or let the server try them, and compare what was with what is."""
    before = _by_identity(kubectl, await kubectl.live(objects))
    try:
        after = _by_identity(kubectl, await _send(kubectl, objects, options))
    except InfraError as error:
        if error.kind in _FATAL:
            raise
        # One of them failed, and it has to be found out which.
        return [await _apply_one(kubectl, item, before, options) for item in objects]
    return [_outcome(kubectl, item, before, after, options) for item in objects]


async def _apply_one(kubectl: Kubectl, item: KubeObject, before: Known, options: ApplyOptions) -> ApplyOutcome:
    try:
        after = await _send(kubectl, [item], options)
    except InfraError as error:
        if error.kind in _FATAL:
            raise
        return _failed(kubectl, item, error)
    known = {identity(item, kubectl.scope.namespace): after[0]} if after else {}
    return _outcome(kubectl, item, before, known, options)


async def _send(kubectl: Kubectl, objects: list[KubeObject], options: ApplyOptions) -> list[KubeObject]:
    if options.dry_run:
        return await kubectl.dry_run(objects, options)
    return await kubectl.apply(objects, options)


def _by_identity(kubectl: Kubectl, objects: list[KubeObject]) -> Known:
    return {identity(item, kubectl.scope.namespace): item for item in objects}


def _outcome(kubectl: Kubectl, item: KubeObject, before: Known, after: Known, options: ApplyOptions) -> ApplyOutcome:
    key = identity(item, kubectl.scope.namespace)
    return outcome(item, before.get(key), after.get(key), dry_run=options.dry_run)


def _failed(kubectl: Kubectl, item: KubeObject, error: InfraError) -> ApplyOutcome:
    return ApplyOutcome(
        object=name_of(item),
        namespace=namespace_of(item) or kubectl.scope.namespace,
        action="failed",
        error=f"{error} {error.said[:_LONGEST]}".strip(),
        conflicts=tuple(conflicts(error.said)) if isinstance(error, Conflict) else (),
    )
