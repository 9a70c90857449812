"""Events: what the controllers and the kubelet say about objects."""

import itertools
from typing import Any

from sandbox.kubernetes.resources import Resource
from sandbox.kubernetes.store import Store, now

Json = dict[str, Any]
Happening = tuple[str, str, str]  # type (Normal or Warning), reason, message
_numbers = itertools.count(0x18E9F29EB6A79000)

_POD_EVENTS = {
    "imagepull": [
        ("Warning", "Failed", 'Failed to pull image "{image}": rpc error: code = NotFound desc = manifest unknown'),
        ("Warning", "Failed", "Error: ImagePullBackOff"),
    ],
    "crashloop": [("Warning", "BackOff", "Back-off restarting failed container {container} in pod {pod}")],
    "oom": [("Warning", "BackOff", "Back-off restarting failed container {container} in pod {pod}")],
    "unready": [("Warning", "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503")],
    "liveness": [
        ("Warning", "Unhealthy", "Liveness probe failed: Get http://10.1.0.9:8080/healthz: connection refused"),
        ("Normal", "Killing", "Container {container} failed liveness probe, will be restarted"),
    ],
    "config": [("Warning", "Failed", 'Error: configmap "settings" not found')],
    "unschedulable": [("Warning", "FailedScheduling", "0/2 nodes are available: 2 Insufficient memory.")],
}


def record(store: Store, resource: Resource, about: Json, what: Happening, count: int = 1) -> None:
    """Store an event about an object."""
    kind, reason, message = what
    metadata = about["metadata"]
    namespace = metadata.get("namespace", "default")
    reference = {"kind": about["kind"], "namespace": namespace, "name": metadata["name"], "uid": metadata["uid"]}
    store.put(
        resource,
        {
            "kind": "Event",
            "apiVersion": "v1",
            "metadata": {"name": f"{metadata['name']}.{next(_numbers):x}", "namespace": namespace},
            "involvedObject": {
                **reference,
                "apiVersion": about["apiVersion"],
                "resourceVersion": metadata["resourceVersion"],
            },
            "reason": reason,
            "message": message,
            "source": {"component": "sandbox"},
            "firstTimestamp": now(),
            "lastTimestamp": now(),
            "count": count,
            "type": kind,
            "eventTime": None,
            "reportingComponent": "sandbox",
            "reportingInstance": "",
        },
    )


def record_pod(store: Store, resource: Resource, pod: Json, state: str) -> None:
    """The events a pod collects on its way to a state."""
    if node := pod["spec"].get("nodeName"):
        place = f"{pod['metadata']['namespace']}/{pod['metadata']['name']}"
        record(store, resource, pod, ("Normal", "Scheduled", f"Successfully assigned {place} to {node}"))
    container = pod["spec"]["containers"][0]
    names = {"image": container.get("image", ""), "container": container["name"], "pod": pod["metadata"]["name"]}
    for kind, reason, message in _POD_EVENTS.get(state, []):
        record(store, resource, pod, (kind, reason, message.format(**names)), count=12)
