"""Why a pod is not well: read off its state, its last states and its events. Pure functions over what the API says."""

from typing import Any

from infra_mcp_kubectl.answers.objects import Cause, EventGroup

Json = dict[str, Any]

_EXITS = {
    1: "the program failed by itself",
    2: "the program failed by itself, often over its arguments",
    126: "the command can't be executed: check its mode and format",
    127: "the command was not found in the image",
    134: "the program aborted",
    137: "it was killed (SIGKILL)",
    139: "the program crashed (segmentation fault)",
    143: "it was told to stop (SIGTERM)",
}
_PULL = {"ImagePullBackOff", "ErrImagePull", "InvalidImageName", "ErrImageNeverPull", "RegistryUnavailable"}
_CONFIG = {"CreateContainerConfigError", "CreateContainerError", "RunContainerError"}


def pod_causes(pod: Json, events: list[EventGroup]) -> list[Cause]:
    """What is not well with a pod; an empty list for a healthy one."""
    status = pod.get("status") or {}
    named = f"pod/{pod['metadata']['name']}"
    mine = [event for event in events if event.object == named and event.type == "Warning"]
    if status.get("phase") == "Succeeded":
        return []
    if pod["metadata"].get("deletionTimestamp"):
        return [_terminating(pod, named)]
    whole = _whole_pod(status, named, mine)
    if whole:
        return [whole]
    statuses = [*(status.get("initContainerStatuses") or []), *(status.get("containerStatuses") or [])]
    causes = [cause for state in statuses if (cause := _container(named, state, mine))]
    return causes or _starting(status, named, mine)


def job_cause(job: Json) -> Cause | None:
    """Why a job has failed; its pods may be gone by then."""
    for condition in (job.get("status") or {}).get("conditions") or []:
        if condition.get("type") == "Failed" and condition.get("status") == "True":
            says = [f"{condition.get('reason', '')}: {condition.get('message', '')}"]
            step = "Read its pods' logs if they are still there; a job is not tried again by itself."
            return Cause(object=f"job/{job['metadata']['name']}", cause="It has failed.", says=says, next_step=step)
    return None


def _terminating(pod: Json, named: str) -> Cause:
    finalizers = pod["metadata"].get("finalizers") or []
    step = (
        "Whatever sets the finalizers must finish first." if finalizers else "Its node may be gone; look at the node."
    )
    return Cause(
        object=named, cause="It is being deleted and has not gone yet.", says=finalizers or None, next_step=step
    )


def _whole_pod(status: Json, named: str, mine: list[EventGroup]) -> Cause | None:
    """What is wrong with a pod before any of its containers starts, or after all of them."""
    conditions = {condition.get("type"): condition for condition in status.get("conditions") or []}
    scheduled = conditions.get("PodScheduled") or {}
    if scheduled.get("status") == "False":
        says = [str(scheduled.get("message", "")), *_messages(mine, "FailedScheduling")]
        return Cause(
            object=named,
            cause="No node can take it.",
            says=_unique(says),
            next_step="Compare its requests, selectors and tolerations with the nodes (get nodes, top nodes).",
        )
    if status.get("reason") == "Evicted":
        says = [str(status.get("message", ""))]
        step = "Give it requests that match its use, or free the node; the pod itself can be deleted."
        return Cause(object=named, cause="Its node evicted it.", says=says, next_step=step)
    if status.get("phase") == "Failed" and not status.get("containerStatuses"):
        says = [str(status.get("reason", "")), str(status.get("message", ""))]
        return Cause(object=named, cause="It failed before its containers ran.", says=_unique(says))
    return None


def _container(named: str, state: Json, mine: list[EventGroup]) -> Cause | None:
    now = state.get("state") or {}
    waiting = now.get("waiting") or {}
    where = f"{named} container {state.get('name')}"
    if waiting.get("reason") in _PULL:
        return _pull(where, state, waiting, mine)
    if waiting.get("reason") in _CONFIG:
        says = [f"{waiting['reason']}: {waiting.get('message', '')}", *_messages(mine, "Failed")]
        step = "Create what it refers to (a ConfigMap, Secret or key), or correct the reference."
        return Cause(object=where, cause="Its container can't be set up.", says=_unique(says), next_step=step)
    ended = now.get("terminated") or {}
    last = (state.get("lastState") or {}).get("terminated") or {}
    if waiting.get("reason") == "CrashLoopBackOff" or (ended and ended.get("exitCode") != 0):
        return _crash(where, state, ended or last, mine)
    if "running" in now and not state.get("ready"):
        return _unready(where, state, last, mine)
    return None


def _pull(where: str, state: Json, waiting: Json, mine: list[EventGroup]) -> Cause:
    says = [*_messages(mine, "Failed", "pull"), str(waiting.get("message", ""))]
    text = " ".join(says).lower()
    step = "Check the image's name and tag."
    if any(word in text for word in ("unauthorized", "denied", "authentication")):
        step = "The registry wants credentials: check imagePullSecrets."
    elif any(word in text for word in ("no such host", "timeout", "connection refused")):
        step = "The node can't reach the registry: check its network and DNS."
    cause = f"The image {state.get('image')} can't be pulled."
    return Cause(object=where, cause=cause, says=_unique(says), next_step=step)


def _crash(where: str, state: Json, ended: Json, mine: list[EventGroup]) -> Cause:
    code, reason = ended.get("exitCode"), ended.get("reason", "")
    probe = _messages(mine, "Unhealthy", "Liveness") + _messages(mine, "Unhealthy", "Startup")
    said = [f"{reason} {ended.get('message', '')}".strip(), *probe]
    common: Json = {
        "object": where,
        "says": _unique(said) or None,
        "exit_code": code,
        "restarts": state.get("restartCount"),
    }
    if reason == "OOMKilled":
        step = "Raise its memory limit, or find what uses the memory."
        return Cause(cause="It used more memory than its limit and was killed.", next_step=step, **common)
    if probe:
        step = "Check the probe's path, port and delays against what the program really does."
        return Cause(cause="Its liveness or startup probe fails, so it is restarted.", next_step=step, **common)
    why = _EXITS.get(int(code), "the program failed by itself") if code is not None else "there is no exit code"
    return Cause(cause=f"It keeps ending: {why}.", next_step="Read previous_log: the program says why.", **common)


def _unready(where: str, state: Json, last: Json, mine: list[EventGroup]) -> Cause:
    readiness = _messages(mine, "Unhealthy", "Readiness")
    liveness = _messages(mine, "Unhealthy", "Liveness") + _messages(mine, "Unhealthy", "Startup")
    if liveness and state.get("restartCount"):
        return _crash(where, state, last, mine)
    cause = "It runs, but its readiness probe fails." if readiness else "It runs, but is not ready yet."
    step = "Check the probe against what the program answers (logs, exec)." if readiness else "Wait, then look again."
    return Cause(
        object=where,
        cause=cause,
        says=_unique(readiness) or None,
        restarts=state.get("restartCount") or None,
        next_step=step,
    )


def _starting(status: Json, named: str, mine: list[EventGroup]) -> list[Cause]:
    """A pod that waits without a container to blame: volumes, networks, sandboxes."""
    if status.get("phase") != "Pending":
        return []
    says = _unique([f"{event.reason}: {event.message}" for event in mine])
    cause = "It can't start yet: something it needs is not there." if says else "It is starting."
    return [Cause(object=named, cause=cause, says=says or None, next_step="Look at the volumes and objects it names.")]


def _messages(events: list[EventGroup], reason: str, word: str = "") -> list[str]:
    return [event.message for event in events if event.reason == reason and word.lower() in event.message.lower()]


def _unique(texts: list[str]) -> list[str]:
    return [text[:500] for text in dict.fromkeys(texts) if text.strip()]
