"""Tables as the server prints them: columns per kind, one row per object."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sandbox.kubernetes.resources import Resource

Json = dict[str, Any]
Cells = list[Any]


def age(timestamp: str | None) -> str:
    """A duration as kubectl writes it: 62s, 5m30s, 3h, 2d4h, 12d."""
    if not timestamp:
        return "<unknown>"
    then = datetime.fromisoformat(timestamp)
    seconds = max(0, int((datetime.now(UTC) - then).total_seconds()))
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    steps = [
        (seconds < 120, f"{seconds}s"),
        (minutes < 10, f"{minutes}m{seconds % 60}s" if seconds % 60 else f"{minutes}m"),
        (minutes < 180, f"{minutes}m"),
        (hours < 8, f"{hours}h{minutes % 60}m" if minutes % 60 else f"{hours}h"),
        (hours < 48, f"{hours}h"),
        (days < 8, f"{days}d{hours % 24}h" if hours % 24 else f"{days}d"),
    ]
    return next((text for fits, text in steps if fits), f"{days}d")


def pod_status(pod: Json) -> str:
    """The STATUS column: the phase, or the reason of the first container that is not well."""
    if pod["metadata"].get("deletionTimestamp"):
        return "Terminating"
    reason = pod["status"].get("reason") or pod["status"].get("phase", "")
    for container in reversed(pod["status"].get("containerStatuses", [])):
        state = container["state"]
        if "waiting" in state:
            reason = state["waiting"]["reason"]
        elif "terminated" in state:
            reason = state["terminated"].get("reason") or f"ExitCode:{state['terminated']['exitCode']}"
    for index, container in enumerate(pod["status"].get("initContainerStatuses", [])):
        if "waiting" in container["state"]:
            return f"Init:{container['state']['waiting']['reason']}"
        if container["state"].get("terminated", {}).get("exitCode", 0) == 0 and "terminated" in container["state"]:
            continue
        return f"Init:{index}/{len(pod['spec']['initContainers'])}"
    return str(reason)


def _pod(pod: Json) -> Cells:
    statuses = pod["status"].get("containerStatuses", [])
    restarts = sum(s["restartCount"] for s in statuses)
    last = [s["lastState"].get("terminated", {}).get("finishedAt") for s in statuses if s.get("lastState")]
    shown = f"{restarts} ({age(max(filter(None, last)))} ago)" if restarts and any(last) else str(restarts)
    ready = f"{sum(s['ready'] for s in statuses)}/{len(pod['spec']['containers'])}"
    place = [pod["status"].get("podIP", "<none>"), pod["spec"].get("nodeName", "<none>"), "<none>", "<none>"]
    return [ready, pod_status(pod), shown, _age(pod), *place]


def _node(node: Json) -> Cells:
    ready = next((c["status"] for c in node["status"]["conditions"] if c["type"] == "Ready"), "Unknown")
    status = {"True": "Ready", "False": "NotReady"}.get(ready, "Unknown")
    status += ",SchedulingDisabled" if node["spec"].get("unschedulable") else ""
    prefix = "node-role.kubernetes.io/"
    roles = sorted(k.removeprefix(prefix) for k in node["metadata"].get("labels", {}) if k.startswith(prefix))
    info = node["status"]["nodeInfo"]
    internal = next((a["address"] for a in node["status"]["addresses"] if a["type"] == "InternalIP"), "<none>")
    kernel = f"{info['kernelVersion']} ({info['architecture']})"
    image, runtime = info["osImage"] or "<unknown>", info["containerRuntimeVersion"]
    base = [status, ",".join(roles) or "<none>", _age(node), info["kubeletVersion"]]
    return [*base, internal, "<none>", image, kernel, runtime]


def _workload(item: Json) -> Cells:
    status, spec = item.get("status", {}), item["spec"]
    return [f"{status.get('readyReplicas', 0)}/{spec.get('replicas', 1)}", *_containers(item)]


def _containers(item: Json) -> Cells:
    containers = item["spec"]["template"]["spec"]["containers"]
    return [",".join(c["name"] for c in containers), ",".join(c.get("image", "") for c in containers)]


def _selector(item: Json) -> str:
    return ",".join(f"{k}={v}" for k, v in sorted(item["spec"]["selector"].get("matchLabels", {}).items()))


def _deployment(item: Json) -> Cells:
    ready, names, images = _workload(item)
    status = item.get("status", {})
    counts = [status.get("updatedReplicas", 0), status.get("availableReplicas", 0)]
    return [ready, *counts, _age(item), names, images, _selector(item)]


def _replica_set(item: Json) -> Cells:
    status = item.get("status", {})
    counts = [item["spec"].get("replicas", 1), status.get("replicas", 0), status.get("readyReplicas", 0)]
    return [*counts, _age(item), *_containers(item), _selector(item)]


def _service(item: Json) -> Cells:
    spec = item["spec"]
    ports = ",".join(f"{p['port']}/{p.get('protocol', 'TCP')}" for p in spec.get("ports", [])) or "<none>"
    selector = ",".join(f"{k}={v}" for k, v in sorted((spec.get("selector") or {}).items())) or "<none>"
    return [spec.get("type", "ClusterIP"), spec.get("clusterIP", "<none>"), "<none>", ports, _age(item), selector]


def _job(item: Json) -> Cells:
    done, wanted = item.get("status", {}).get("succeeded", 0), item["spec"].get("completions", 1)
    return ["Complete" if done >= wanted else "Running", f"{done}/{wanted}", "", _age(item)]


def _event(item: Json) -> Cells:
    about = item["involvedObject"]
    seen = age(item.get("lastTimestamp") or item.get("eventTime") or item["metadata"]["creationTimestamp"])
    return [seen, item["type"], item["reason"], f"{about['kind'].lower()}/{about['name']}", item["message"]]


def _age(item: Json) -> str:
    return age(item["metadata"].get("creationTimestamp"))


# A column is its name; after a comma its type where it is no string, after a semicolon priority 1 (shown with -o wide).
_COLUMNS: dict[str, tuple[str, Callable[[Json], Cells]]] = {
    "Pod": ("Ready Status Restarts Age IP; Node; Nominated_Node; Readiness_Gates;", _pod),
    "Node": ("Status Roles Age Version Internal-IP; External-IP; OS-Image; Kernel-Version; Container-Runtime;", _node),
    "Deployment": ("Ready Up-to-date Available Age Containers; Images; Selector;", _deployment),
    "ReplicaSet": ("Desired,integer Current,integer Ready,integer Age Containers; Images; Selector;", _replica_set),
    "StatefulSet": ("Ready Age Containers; Images;", lambda i: [_workload(i)[0], _age(i), *_workload(i)[1:]]),
    "Service": ("Type Cluster-IP External-IP Port(s) Age Selector;", _service),
    "Namespace": ("Status Age", lambda i: [i["status"]["phase"], _age(i)]),
    "ConfigMap": ("Data Age", lambda i: [str(len(i.get("data", {}))), _age(i)]),
    "Secret": ("Type Data Age", lambda i: [i.get("type", "Opaque"), str(len(i.get("data", {}))), _age(i)]),
    "Job": ("Status Completions Duration Age", _job),
    "Event": ("Last_Seen Type Reason Object Message", _event),
}
_EVENT_WITHOUT_NAME = "Event"


def table(resource: Resource, items: list[Json], version: str, include: str) -> Json:
    """A `meta.k8s.io/v1` Table of objects."""
    words, cells = _COLUMNS.get(resource.kind, ("Age", lambda item: [_age(item)]))
    named = resource.kind != _EVENT_WITHOUT_NAME
    columns = [_column(word) for word in words.split()]
    return {
        "kind": "Table",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": {"resourceVersion": version},
        "columnDefinitions": ([{**_column("Name"), "format": "name"}] if named else []) + columns,
        "rows": [
            {"cells": [*([i["metadata"]["name"]] if named else []), *cells(i)], **_conditions(i), **_object(i, include)}
            for i in items
        ],
    }


def _column(word: str) -> Json:
    name, _, kind = word.rstrip(";").partition(",")
    text = name.replace("_", " ")
    priority = 1 if word.endswith(";") else 0
    return {"name": text, "type": kind or "string", "format": "", "description": f"{text}.", "priority": priority}


def _conditions(item: Json) -> Json:
    if item.get("kind") != "Pod" or item["status"].get("phase") != "Succeeded":
        return {}
    message = "The pod has completed successfully."
    return {"conditions": [{"type": "Completed", "status": "True", "reason": "Succeeded", "message": message}]}


def _object(item: Json, include: str) -> Json:
    if include == "None":
        return {}
    if include == "Object":
        return {"object": item}
    partial = {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": item["metadata"]}
    return {"object": partial}
