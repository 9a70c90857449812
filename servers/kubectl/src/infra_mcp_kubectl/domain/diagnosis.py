"""Why a pod, a workload or a namespace is not well: the causes, put together from what the cluster says."""

import re
from dataclasses import dataclass

from infra_mcp_common.errors import InvalidInput, NotFound
from infra_mcp_kubectl.domain import events
from infra_mcp_kubectl.domain.causes import Cause
from infra_mcp_kubectl.domain.events import EventSeries
from infra_mcp_kubectl.domain.namespace_state import ROLLING_KINDS, NamespaceState
from infra_mcp_kubectl.domain.objects import KubeObject, name_of
from infra_mcp_kubectl.domain.pod_causes import pod_causes
from infra_mcp_kubectl.domain.rollouts import Rollout, rollout
from infra_mcp_kubectl.domain.workload_causes import incomplete_rollouts, job_cause

_MOST, _WARNINGS = 12, 8


@dataclass(frozen=True)
class Target:
    """What is to be diagnosed. name: of everything but a namespace."""

    kind: str
    name: str | None
    namespace: str

    def __post_init__(self) -> None:
        if self.is_namespace != (self.name is None):
            raise InvalidInput("name belongs to every kind but namespace.", "Choose the namespace by `namespace`.")

    @property
    def is_namespace(self) -> bool:
        return self.kind == "namespace"

    def __str__(self) -> str:
        return f"{self.kind}/{self.name or self.namespace}"


@dataclass(frozen=True)
class Diagnosis:
    """The causes found, the most telling first. more_causes: how many others there are."""

    target: Target
    healthy: bool
    summary: str
    causes: list[Cause]
    more_causes: int
    rollouts: list[Rollout]
    warnings: list[EventSeries]


def diagnose(state: NamespaceState, target: Target) -> Diagnosis:
    """Diagnose a target. Raises NotFound where it is not there."""
    pods, workloads = _select(state, target)
    series = events.group(state.events)
    causes = [cause for pod in pods for cause in pod_causes(pod, series)]
    rollouts = [rollout(item) for item in workloads if item["kind"] in ROLLING_KINDS]
    incomplete = [each for each in rollouts if not each.complete]
    causes += incomplete_rollouts(incomplete, causes, state.events)
    causes += [cause for item in workloads if item["kind"] == "Job" and (cause := job_cause(item))]
    shown = _most_telling(causes)
    return Diagnosis(
        target=target,
        healthy=not causes and not incomplete,
        summary=_summary(target, len(pods), causes, incomplete),
        causes=shown,
        more_causes=len(causes) - len(shown),
        rollouts=incomplete if target.is_namespace else rollouts,
        warnings=_other_warnings(series, shown, None if target.is_namespace else [*pods, *workloads]),
    )


def _select(state: NamespaceState, target: Target) -> tuple[list[KubeObject], list[KubeObject]]:
    """The pods and workloads that the question is about."""
    if target.is_namespace:
        return state.pods, state.reporting_workloads()
    if target.kind == "pod":
        pods = [pod for pod in state.pods if pod["metadata"]["name"] == target.name]
        workloads = [controller for pod in pods if (controller := state.controller(pod))]
    else:
        workloads = [item for item in state.workloads if name_of(item) == str(target)]
        pods = state.pods_of(workloads)
    if not pods and not workloads:
        step = f"List them with get, kind: {target.kind}."
        raise NotFound(f"There is no {target} in namespace {target.namespace}.", step)
    return pods, workloads


def _most_telling(causes: list[Cause]) -> list[Cause]:
    """The causes to show: equal ones of sibling pods only once, those with an exit code or a next step first."""
    seen: dict[tuple[str, str], Cause] = {}
    for cause in causes:
        siblings = re.sub(r"-[a-z0-9]{5,10}-[a-z0-9]{5}(?= |$)", "", cause.object)
        seen.setdefault((siblings, cause.cause), cause)
    return sorted(seen.values(), key=lambda cause: (cause.next_step is None, cause.restarts is None))[:_MOST]


def _summary(target: Target, pods: int, causes: list[Cause], incomplete: list[Rollout]) -> str:
    if not causes and not incomplete:
        return f"{target} is well: {pods} pod(s), none in trouble."
    troubled = len({cause.object.partition(" ")[0] for cause in causes if cause.object.startswith("pod/")})
    first = causes[0].cause if causes else incomplete[0].why_not or ""
    return f"{target}: {troubled} of {pods} pod(s) in trouble, {len(incomplete)} rollout(s) not complete. {first}"


def _other_warnings(
    series: list[EventSeries], causes: list[Cause], items: list[KubeObject] | None
) -> list[EventSeries]:
    """Warnings that no cause repeats. items: the objects they must be about; None for all of the namespace."""
    told = {text for cause in causes for text in cause.says or []}
    names = None if items is None else {name_of(item) for item in items}
    found = [each for each in series if each.type == "Warning" and (names is None or each.object in names)]
    return [each for each in found if each.message not in told][:_WARNINGS]
