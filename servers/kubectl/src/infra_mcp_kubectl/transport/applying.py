"""Applying objects and telling, object by object, what came of it."""

from dataclasses import dataclass
from typing import Any

from infra_mcp_common.errors import Conflict, InfraError, InvalidInput
from infra_mcp_kubectl.answers.objects import Applied, FieldConflict, Outcome
from infra_mcp_kubectl.domain import manifests, tables
from infra_mcp_kubectl.domain.changes import differences
from infra_mcp_kubectl.safety import masking
from infra_mcp_kubectl.transport import failures
from infra_mcp_kubectl.transport.kubectl import Kubectl

Json = dict[str, Any]
Identity = tuple[str, str, str, str]
# What stops everything; trying the objects one by one would only take longer to fail the same way.
_FATAL = ("timed_out", "unreachable", "not_configured", "refused", "unexpected")


@dataclass(frozen=True)
class Plan:
    objects: list[Json]
    namespace: str
    server_side: bool = False
    force: bool = False
    dry_run: bool = False

    @property
    def flags(self) -> list[str]:
        flags = ["--server-side"] if self.server_side else []
        return [*flags, *(["--force-conflicts"] if self.force else [])]


def check(kubectl: Kubectl, plan: Plan) -> None:
    """Refuse a manifest that reaches into a protected namespace, also as a dry run: nobody should plan on it."""
    for item in plan.objects:
        kubectl.protection.check_object(item, plan.namespace, f"apply of {manifests.name_of(item)}")
        own = item["metadata"].get("namespace")
        if own and plan.namespace not in (own, kubectl.context.namespace):
            raise InvalidInput(
                f"{manifests.name_of(item)} says namespace {own}, the call says {plan.namespace}.", "Make them agree."
            )


async def carry_out(kubectl: Kubectl, plan: Plan) -> Applied:
    """Apply the objects, or let the server try them, and compare what was with what is."""
    live = await kubectl.live(plan.objects, plan.namespace)
    before = {identity(item, plan.namespace): item for item in live}
    outcomes = await _together(kubectl, plan, before)
    if outcomes is None:
        outcomes = [await _alone(kubectl, plan, item, before) for item in plan.objects]
    _shorten(outcomes)
    return Applied(context=kubectl.context.name, dry_run=plan.dry_run, outcomes=outcomes)


def _shorten(outcomes: list[Outcome]) -> None:
    """Keep the changes of as many objects as fit into one answer; of the others only their number."""
    room = tables.ROOM
    for outcome in outcomes:
        room -= tables.size(outcome)
        if room < 0 and outcome.changes:
            outcome.more_changes, outcome.changes = len(outcome.changes), None


async def _together(kubectl: Kubectl, plan: Plan, before: dict[Identity, Json]) -> list[Outcome] | None:
    """All objects at once; None where one failed and it has to be found out which."""
    try:
        after = await _send(kubectl, plan, plan.objects)
    except InfraError as error:
        if error.kind in _FATAL:
            raise
        return None
    by_identity = {identity(item, plan.namespace): item for item in after}
    return [_outcome(plan, item, before, by_identity.get(identity(item, plan.namespace))) for item in plan.objects]


async def _alone(kubectl: Kubectl, plan: Plan, item: Json, before: dict[Identity, Json]) -> Outcome:
    try:
        after = await _send(kubectl, plan, [item])
    except InfraError as error:
        if error.kind in _FATAL:
            raise
        return _failed(plan, item, error)
    return _outcome(plan, item, before, after[0] if after else None)


async def _send(kubectl: Kubectl, plan: Plan, objects: list[Json]) -> list[Json]:
    try:
        if plan.dry_run:
            return await kubectl.dry_run(objects, plan.namespace, plan.flags)
        return await kubectl.apply(objects, plan.namespace, plan.flags)
    except InfraError as error:
        # The cluster may quote what it did not like.
        values = masking.values_of(objects)
        error.said = masking.without(error.said, values)
        raise


def _outcome(plan: Plan, item: Json, before: dict[Identity, Json], after: Json | None) -> Outcome:
    old = before.get(identity(item, plan.namespace))
    named = {"object": manifests.name_of(item), "namespace": (after or {}).get("metadata", {}).get("namespace")}
    if after is None:
        return Outcome(**named, action="failed", error="kubectl did not say what became of it; look with get.")
    if old is None:
        return Outcome(**named, action="created")
    if old["metadata"].get("resourceVersion") == after["metadata"].get("resourceVersion") and not plan.dry_run:
        return Outcome(**named, action="unchanged")
    changes = differences(old, after)
    return Outcome(**named, action="configured" if changes else "unchanged", changes=changes or None)


def _failed(plan: Plan, item: Json, error: InfraError) -> Outcome:
    taken = failures.conflicts(error.said) if isinstance(error, Conflict) else []
    return Outcome(
        object=manifests.name_of(item),
        namespace=item["metadata"].get("namespace") or plan.namespace,
        action="failed",
        error=f"{error} {error.said[:600]}".strip(),
        conflicts=[FieldConflict(manager=manager, field=field) for manager, field in taken] or None,
    )


def identity(item: Json, namespace: str) -> Identity:
    """What makes two objects the same: group, kind, namespace and name."""
    group = str(item.get("apiVersion", "")).rpartition("/")[0]
    metadata = item["metadata"]
    return group, str(item.get("kind")), str(metadata.get("namespace") or namespace), str(metadata["name"])
