"""Gathering what a diagnosis needs, a few kubectl at once, and putting it together."""

import re
from dataclasses import dataclass
from typing import Any

import anyio

from infra_mcp_common.errors import InfraError, InvalidInput, NotFound
from infra_mcp_kubectl.answers.objects import Cause, Diagnosis, EventGroup, Rollout
from infra_mcp_kubectl.domain import events as eventgroups
from infra_mcp_kubectl.domain import pod_causes as diagnosis
from infra_mcp_kubectl.domain import rollouts
from infra_mcp_kubectl.transport.kubectl import Kubectl
from infra_mcp_kubectl.transport.runner import Query

Json = dict[str, Any]
_WORKLOADS = "deployments.apps,statefulsets.apps,daemonsets.apps,replicasets.apps,jobs.batch"
_ROLLING = ("Deployment", "StatefulSet", "DaemonSet")
_MOST, _LOGS, _WARNINGS, _LOG_LINES = 12, 3, 8, 15


@dataclass(frozen=True)
class Target:
    kind: str
    name: str | None
    namespace: str

    @property
    def shown(self) -> str:
        return f"{self.kind}/{self.name or self.namespace}"


@dataclass
class Facts:
    """What the cluster says of a namespace."""

    pods: list[Json]
    workloads: list[Json]
    events: list[Json]

    def owner(self, item: Json) -> Json | None:
        """What controls an object, by uid."""
        for reference in item["metadata"].get("ownerReferences") or []:
            for workload in self.workloads:
                if workload["metadata"].get("uid") == reference.get("uid"):
                    return workload
        return None

    def top(self, item: Json) -> Json | None:
        """The outermost owner: of a pod its deployment, not the replicaset in between."""
        found = None
        while (above := self.owner(item)) is not None:
            found = item = above
        return found


async def investigate(kubectl: Kubectl, target: Target) -> Diagnosis:
    """Diagnose a target. Raises NotFound where it is not there."""
    if (target.kind == "namespace") != (target.name is None):
        raise InvalidInput("name belongs to every kind but namespace.", "Choose the namespace by `namespace`.")
    facts = await _gather(kubectl, target)
    if not facts.pods and not facts.workloads:
        await _check_namespace(kubectl, target.namespace)
    pods, owners = _scope(facts, target)
    groups = eventgroups.group(facts.events)
    causes = [cause for pod in pods for cause in diagnosis.pod_causes(pod, groups)]
    states = [rollouts.rollout(owner, kubectl.context.name) for owner in owners if owner["kind"] in _ROLLING]
    stuck = [state for state in states if not state.complete]
    causes += _without_pods(stuck, causes, facts)
    causes += [cause for owner in owners if owner["kind"] == "Job" and (cause := diagnosis.job_cause(owner))]
    shown = _worst(causes)
    await _add_logs(kubectl, target.namespace, shown)
    return Diagnosis(
        context=kubectl.context.name,
        object=target.shown,
        namespace=target.namespace,
        healthy=not causes and not stuck,
        summary=_summary(target, pods, causes, stuck),
        causes=shown,
        more_causes=len(causes) - len(shown) or None,
        rollouts=(stuck if target.kind == "namespace" else states) or None,
        warnings=_other_warnings(groups, shown, pods, owners, target) or None,
    )


async def _gather(kubectl: Kubectl, target: Target) -> Facts:
    facts = Facts([], [], [])

    async def pods() -> None:
        facts.pods = await kubectl.objects(Query("pods", target.namespace))

    async def workloads() -> None:
        facts.workloads = await kubectl.some_objects(Query(_WORKLOADS, target.namespace))

    async def events() -> None:
        facts.events = await kubectl.some_objects(Query("events", target.namespace))

    try:
        async with anyio.create_task_group() as group:
            for step in (pods, workloads, events):
                group.start_soon(step)
    except* InfraError as problems:
        raise problems.exceptions[0] from None
    return facts


async def _check_namespace(kubectl: Kubectl, namespace: str) -> None:
    if not await kubectl.objects(Query("namespaces", namespace, (namespace,)), missing_ok=True):
        step = "get with kind namespaces lists those that do."
        raise NotFound(f"The namespace {namespace} does not exist in context {kubectl.context.name}.", step)


def _scope(facts: Facts, target: Target) -> tuple[list[Json], list[Json]]:
    """The pods and workloads that the question is about."""
    if target.kind == "namespace":
        return facts.pods, [item for item in facts.workloads if item["kind"] in (*_ROLLING, "Job")]
    if target.kind == "pod":
        pods = [pod for pod in facts.pods if pod["metadata"]["name"] == target.name]
        owners = [owner for pod in pods if (owner := facts.top(pod))]
    else:
        same = [i for i in facts.workloads if i["kind"].lower() == target.kind and i["metadata"]["name"] == target.name]
        owners, wanted = same, {item["metadata"].get("uid") for item in same}
        tops = [(pod, facts.top(pod)) for pod in facts.pods]
        pods = [pod for pod, top in tops if top and top["metadata"].get("uid") in wanted]
    if not pods and not owners:
        step = f"List them with get, kind: {target.kind}."
        raise NotFound(f"There is no {target.shown} in namespace {target.namespace}.", step)
    return pods, owners


def _without_pods(stuck: list[Rollout], causes: list[Cause], facts: Facts) -> list[Cause]:
    """Workloads that are short of pods although no pod is to blame: quotas, admission, paused rollouts."""
    found = []
    for state in stuck:
        name = state.object.partition("/")[2]
        if any(cause.object.startswith(f"pod/{name}-") for cause in causes):
            continue
        says = [
            str(event.get("message", ""))[:500]
            for event in facts.events
            if event.get("reason") == "FailedCreate" and eventgroups.about(event).partition("/")[2].startswith(name)
        ]
        cause = f"Its rollout is not complete. {state.why_not or ''}".strip()
        found.append(Cause(object=state.object, cause=cause, says=list(dict.fromkeys(says))[:3] or None))
    return found


def _worst(causes: list[Cause]) -> list[Cause]:
    """The causes to show: equal ones of sibling pods only once, those with an exit code or a next step first."""
    seen: dict[tuple[str, ...], Cause] = {}
    for cause in causes:
        siblings = re.sub(r"-[a-z0-9]{5,10}-[a-z0-9]{5}(?= |$)", "", cause.object)
        seen.setdefault((siblings, cause.cause), cause)
    return sorted(seen.values(), key=lambda cause: (cause.next_step is None, cause.restarts is None))[:_MOST]


async def _add_logs(kubectl: Kubectl, namespace: str, causes: list[Cause]) -> None:
    """The end of the log of the containers that died, for the first few."""

    async def read(cause: Cause, pod: str, container: str) -> None:
        for flags in (["--previous"], []):
            try:
                done = await kubectl.logs(pod, container, namespace, [f"--tail={_LOG_LINES}", *flags])
            except InfraError:
                return
            if done.status == 0 and done.stdout.size:
                cause.previous_log = [line[:300] for line in done.text.splitlines()]
                return

    died = [cause for cause in causes if cause.exit_code is not None][:_LOGS]
    async with anyio.create_task_group() as group:
        for cause in died:
            if found := re.fullmatch(r"pod/(\S+) container (\S+)", cause.object):
                group.start_soon(read, cause, found[1], found[2])


def _summary(target: Target, pods: list[Json], causes: list[Cause], stuck: list[Rollout]) -> str:
    if not causes and not stuck:
        return f"{target.shown} is well: {len(pods)} pod(s), none in trouble."
    troubled = len({cause.object.partition(" ")[0] for cause in causes if cause.object.startswith("pod/")})
    first = causes[0].cause if causes else stuck[0].why_not or ""
    return f"{target.shown}: {troubled} of {len(pods)} pod(s) in trouble, {len(stuck)} rollout(s) not complete. {first}"


def _other_warnings(
    groups: list[EventGroup], causes: list[Cause], pods: list[Json], owners: list[Json], target: Target
) -> list[EventGroup]:
    """Warnings about what was asked for that no cause repeats."""
    told = {text for cause in causes for text in cause.says or []}
    names = {f"{item['kind'].lower()}/{item['metadata']['name']}" for item in [*pods, *owners]}
    mine = [g for g in groups if g.type == "Warning" and (target.kind == "namespace" or g.object in names)]
    return [g for g in mine if g.message not in told][:_WARNINGS]
