"""Why a workload is not well although no pod of it is to blame."""

from infra_mcp_kubectl.domain.causes import Cause
from infra_mcp_kubectl.domain.events import involved_object
from infra_mcp_kubectl.domain.objects import KubeObject, conditions_of
from infra_mcp_kubectl.domain.rollouts import Rollout

_LONGEST, _MOST = 500, 3


def job_cause(job: KubeObject) -> Cause | None:
    """Why a job has failed; its pods may be gone by then."""
    for condition in conditions_of(job):
        if condition.get("type") == "Failed" and condition.get("status") == "True":
            says = [f"{condition.get('reason', '')}: {condition.get('message', '')}"]
            step = "Read its pods' logs if they are still there; a job is not tried again by itself."
            return Cause(f"job/{job['metadata']['name']}", "It has failed.", says=says, next_step=step)
    return None


def incomplete_rollouts(rollouts: list[Rollout], causes: list[Cause], events: list[KubeObject]) -> list[Cause]:
    """Workloads that are short of pods although no pod is to blame: quotas, admission, paused rollouts."""
    found = []
    for rollout in rollouts:
        name = rollout.object.partition("/")[2]
        if any(cause.object.startswith(f"pod/{name}-") for cause in causes):
            continue
        cause = f"Its rollout is not complete. {rollout.why_not or ''}".strip()
        found.append(Cause(rollout.object, cause, says=_failed_creations(name, events) or None))
    return found


def _failed_creations(name: str, events: list[KubeObject]) -> list[str]:
    """What events say of pods of a workload, or of its replicasets, that could not be created."""
    says = [
        str(event.get("message", ""))[:_LONGEST]
        for event in events
        if event.get("reason") == "FailedCreate" and involved_object(event).partition("/")[2].startswith(name)
    ]
    return list(dict.fromkeys(says))[:_MOST]
