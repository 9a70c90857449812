"""Pods and the states they can be in.

The annotation `sandbox.example.com/state` names the state a new pod ends up in; without it, an image whose tag is
`missing` can't be pulled and every other pod runs.
"""

from typing import Any

from sandbox.kubernetes.store import now

Json = dict[str, Any]
STATE = "sandbox.example.com/state"
MISSING_TAG = ":missing"


def defaults(spec: Json) -> Json:
    """A pod's spec with what the server fills in."""
    for container in [*spec.get("containers", []), *(spec.get("initContainers") or [])]:
        container.setdefault("resources", {})
        container.setdefault("terminationMessagePath", "/dev/termination-log")
        container.setdefault("terminationMessagePolicy", "File")
        container.setdefault("imagePullPolicy", "IfNotPresent")
    spec.setdefault("restartPolicy", "Always")
    spec.setdefault("terminationGracePeriodSeconds", 30)
    spec.setdefault("dnsPolicy", "ClusterFirst")
    spec.setdefault("securityContext", {})
    spec.setdefault("schedulerName", "default-scheduler")
    return spec


def state_of(pod: Json) -> str:
    """Which state a pod is meant to reach."""
    named = pod["metadata"].get("annotations", {}).get(STATE)
    if named:
        return str(named)
    broken = any(c.get("image", "").endswith(MISSING_TAG) for c in pod["spec"]["containers"])
    return "imagepull" if broken else "completed" if pod["spec"].get("restartPolicy") == "Never" else "running"


def ready(pod: Json) -> bool:
    return any(c["type"] == "Ready" and c["status"] == "True" for c in pod.get("status", {}).get("conditions", []))


def settle(pod: Json, ip: str) -> Json:
    """Give a scheduled pod the status of its state."""
    state = state_of(pod)
    statuses = [_container(c, state) for c in pod["spec"]["containers"]]
    well = all(s["ready"] for s in statuses)
    phases = {"imagepull": "Pending", "unschedulable": "Pending", "completed": "Succeeded", "evicted": "Failed"}
    pod["status"] = {
        "phase": phases.get(state, "Running"),
        "conditions": _conditions(state, well, [s["name"] for s in statuses if not s["ready"]]),
        "startTime": now(),
        "qosClass": "BestEffort",
    }
    if state == "unschedulable":
        del pod["status"]["startTime"]
    elif state == "evicted":
        pod["status"] |= {"reason": "Evicted", "message": "The node was low on resource: memory. "}
    else:
        pod["status"] |= {"hostIP": "127.0.0.1", "podIP": ip, "podIPs": [{"ip": ip}], "containerStatuses": statuses}
    return pod


def _conditions(state: str, well: bool, unready: list[str]) -> list[Json]:
    if state == "unschedulable":
        message = "0/2 nodes are available: 2 Insufficient memory. preemption: 0/2 nodes are available."
        return [_condition("PodScheduled", False, "Unschedulable", message)]
    done = state == "completed"
    reason = "PodCompleted" if done else "ContainersNotReady"
    message = "" if done else f"containers with unready status: [{' '.join(unready)}]"
    return [
        _condition("Initialized", True),
        _condition("Ready", well, reason, message),
        _condition("ContainersReady", well, reason, message),
        _condition("PodScheduled", True),
    ]


def _condition(kind: str, true: bool, reason: str = "", message: str = "") -> Json:
    extra = {} if true else {"reason": reason, **({"message": message} if message else {})}
    return {
        "type": kind,
        "status": "True" if true else "False",
        "lastProbeTime": None,
        "lastTransitionTime": now(),
        **extra,
    }


def _container(container: Json, state: str) -> Json:
    current, last, restarts = _states(state, container.get("image", ""))
    return {
        "name": container["name"],
        "state": current,
        "lastState": last,
        "ready": state == "running",
        "restartCount": restarts,
        "image": container.get("image", ""),
        "imageID": "",
        "started": "running" in current,
    }


def _states(state: str, image: str) -> tuple[Json, Json, int]:
    terminated = {"exitCode": 1, "reason": "Error", "startedAt": now(), "finishedAt": now()}
    back_off = {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 5m0s restarting failed container"}}
    running = {"running": {"startedAt": now()}}
    pull = {"waiting": {"reason": "ImagePullBackOff", "message": f'Back-off pulling image "{image}"'}}
    missing = 'configmap "settings" not found'
    states: dict[str, tuple[Json, Json, int]] = {
        "running": (running, {}, 0),
        "crashloop": (back_off, {"terminated": terminated}, 7),
        "oom": (back_off, {"terminated": {**terminated, "exitCode": 137, "reason": "OOMKilled"}}, 7),
        "imagepull": (pull, {}, 0),
        "config": ({"waiting": {"reason": "CreateContainerConfigError", "message": missing}}, {}, 0),
        "unready": (running, {}, 0),
        "liveness": (running, {"terminated": {**terminated, "exitCode": 143}}, 4),
        "completed": ({"terminated": {**terminated, "exitCode": 0, "reason": "Completed"}}, {}, 0),
    }
    return states.get(state, ({"waiting": {"reason": "ContainerCreating"}}, {}, 0))
