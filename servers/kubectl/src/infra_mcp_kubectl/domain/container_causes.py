"""Why a container is not well: read off its state, its last state and its pod's events."""

from infra_mcp_kubectl.domain.causes import Cause, messages, unique
from infra_mcp_kubectl.domain.events import EventSeries
from infra_mcp_kubectl.domain.objects import KubeObject

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


def container_cause(pod: str, status: KubeObject, warnings: list[EventSeries]) -> Cause | None:
    """What is not well with a container, by its entry in the pod's containerStatuses. pod: as pod/web-1."""
    now = status.get("state") or {}
    waiting, ended = now.get("waiting") or {}, now.get("terminated") or {}
    last = (status.get("lastState") or {}).get("terminated") or {}
    name = f"{pod} container {status.get('name')}"
    if waiting.get("reason") in _PULL:
        return _pull(name, status, waiting, warnings)
    if waiting.get("reason") in _CONFIG:
        return _config(name, waiting, warnings)
    if waiting.get("reason") == "CrashLoopBackOff" or (ended and ended.get("exitCode") != 0):
        return _crash(name, status, ended or last, warnings)
    if "running" in now and not status.get("ready"):
        return _unready(name, status, last, warnings)
    return None


def _config(name: str, waiting: KubeObject, warnings: list[EventSeries]) -> Cause:
    says = [f"{waiting['reason']}: {waiting.get('message', '')}", *messages(warnings, "Failed")]
    step = "Create what it refers to (a ConfigMap, Secret or key), or correct the reference."
    return Cause(name, "Its container can't be set up.", says=unique(says), next_step=step)


def _pull(name: str, status: KubeObject, waiting: KubeObject, warnings: list[EventSeries]) -> Cause:
    says = [*messages(warnings, "Failed", "pull"), str(waiting.get("message", ""))]
    text = " ".join(says).lower()
    step = "Check the image's name and tag."
    if any(word in text for word in ("unauthorized", "denied", "authentication")):
        step = "The registry wants credentials: check imagePullSecrets."
    elif any(word in text for word in ("no such host", "timeout", "connection refused")):
        step = "The node can't reach the registry: check its network and DNS."
    return Cause(name, f"The image {status.get('image')} can't be pulled.", says=unique(says), next_step=step)


def _crash(name: str, status: KubeObject, ended: KubeObject, warnings: list[EventSeries]) -> Cause:
    reason, probes = ended.get("reason", ""), _restarting_probes(warnings)
    cause, step = _why_it_ended(ended, has_failed_probe=bool(probes))
    return Cause(
        object=name,
        cause=cause,
        says=unique([f"{reason} {ended.get('message', '')}".strip(), *probes]) or None,
        exit_code=ended.get("exitCode"),
        restarts=status.get("restartCount"),
        next_step=step,
    )


def _why_it_ended(ended: KubeObject, *, has_failed_probe: bool) -> tuple[str, str]:
    """The cause and the next step."""
    if ended.get("reason") == "OOMKilled":
        step = "Raise its memory limit, or find what uses the memory."
        return "It used more memory than its limit and was killed.", step
    if has_failed_probe:
        step = "Check the probe's path, port and delays against what the program really does."
        return "Its liveness or startup probe fails, so it is restarted.", step
    code = ended.get("exitCode")
    why = _EXITS.get(int(code), "the program failed by itself") if code is not None else "there is no exit code"
    return f"It keeps ending: {why}.", "Read previous_log: the program says why."


def _unready(name: str, status: KubeObject, last: KubeObject, warnings: list[EventSeries]) -> Cause:
    if status.get("restartCount") and _restarting_probes(warnings):
        return _crash(name, status, last, warnings)
    readiness = messages(warnings, "Unhealthy", "Readiness")
    cause = "It runs, but its readiness probe fails." if readiness else "It runs, but is not ready yet."
    step = "Check the probe against what the program answers (logs, exec)." if readiness else "Wait, then look again."
    return Cause(
        name, cause, says=unique(readiness) or None, restarts=status.get("restartCount") or None, next_step=step
    )


def _restarting_probes(warnings: list[EventSeries]) -> list[str]:
    """What events say of the probes whose failure restarts a container."""
    return messages(warnings, "Unhealthy", "Liveness") + messages(warnings, "Unhealthy", "Startup")
