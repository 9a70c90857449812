"""Subresources: logs, scale, eviction, status. exec needs a container runtime and is refused."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.kubernetes.answers import ApiError, bad_request, not_found, success
from sandbox.kubernetes.request import Call
from sandbox.kubernetes.resources import Resource
from sandbox.kubernetes.selecting import match_labels
from sandbox.kubernetes.store import Store
from sandbox.kubernetes.writing import Writer, apply_patch

Json = dict[str, Any]
Line = tuple[datetime, str]
Handler = Callable[[Call, Json], tuple[int, Json | str, str]]


class Subresources:
    """Logs are kept by (namespace, pod, container, previous), each line with its time."""

    def __init__(self, store: Store, writer: Writer, by_kind: dict[str, Resource]) -> None:
        self.store = store
        self.writer = writer
        self.kinds = by_kind
        self.logs: dict[tuple[str, str, str, bool], list[Line]] = {}

    def write_log(self, namespace: str, pod: str, container: str, lines: list[str], *, previous: bool = False) -> None:
        """Add lines to a container's log, one second apart, the last one now."""
        start = datetime.now(UTC) - timedelta(seconds=len(lines) - 1)
        stamped = [(start + timedelta(seconds=i), line) for i, line in enumerate(lines)]
        self.logs.setdefault((namespace, pod, container, previous), []).extend(stamped)

    def answer(self, call: Call) -> tuple[int, Json | str, str]:
        """Code, body and media type of a request for a subresource."""
        live = self.store.get(call.resource, call.namespace, call.name)
        if live is None:
            raise not_found(call.resource.plural, call.name, call.resource.group)
        known: dict[str, Handler] = {
            "log": self._log,
            "scale": self._scale,
            "eviction": self._evict,
            "status": self._status,
        }
        if call.subresource not in known:
            raise ApiError(501, "NotImplemented", f"this sandbox has no {call.subresource}")
        return known[call.subresource](call, live)

    def _log(self, call: Call, pod: Json) -> tuple[int, str, str]:
        names = [c["name"] for c in [*pod["spec"]["containers"], *pod["spec"].get("initContainers", [])]]
        container = call.query.get("container", "")
        if not container and len(names) > 1:
            choice = f"choose one of: [{' '.join(names)}]"
            raise bad_request(f"a container name must be specified for pod {call.name}, {choice}")
        container = container or names[0]
        if container not in names:
            raise bad_request(f"container {container} is not valid for pod {call.name}")
        previous = call.query.get("previous") == "true"
        self._check_started(pod, call.name, container, previous=previous)
        return 200, self._text(call, (call.namespace, call.name, container, previous)), "text/plain"

    def _check_started(self, pod: Json, name: str, container: str, *, previous: bool) -> None:
        status: Json = next((s for s in pod["status"].get("containerStatuses", []) if s["name"] == container), {})
        if previous and not status.get("lastState"):
            raise bad_request(f'previous terminated container "{container}" in pod "{name}" not found')
        waiting = status.get("state", {}).get("waiting", {}).get("reason", "")
        if waiting in ("ImagePullBackOff", "ErrImagePull"):
            problem = "trying and failing to pull image"
            raise bad_request(f'container "{container}" in pod "{name}" is waiting to start: {problem}')
        if waiting in ("CreateContainerConfigError", "ContainerCreating"):
            raise bad_request(f'container "{container}" in pod "{name}" is waiting to start: {waiting}')

    def _text(self, call: Call, key: tuple[str, str, str, bool]) -> str:
        lines = self.logs.get(key, [])
        if seconds := call.query.get("sinceSeconds"):
            since = datetime.now(UTC) - timedelta(seconds=int(seconds))
            lines = [line for line in lines if line[0] >= since]
        if "tailLines" in call.query:
            count = int(call.query["tailLines"])
            lines = lines[-count:] if count else []
        stamps = call.query.get("timestamps") == "true"
        text = "".join(f"{time.isoformat()} {line}\n" if stamps else f"{line}\n" for time, line in lines)
        limit = call.query.get("limitBytes")
        return text[: int(limit)] if limit else text

    def _scale(self, call: Call, live: Json) -> tuple[int, Json, str]:
        if call.method != "GET":
            scale = _scale_of(live)
            kind = call.headers.get("content-type", "")
            sent = json.loads(call.body)
            wanted = sent if call.method == "PUT" else apply_patch(call.resource, scale, kind, sent)
            before = json.loads(json.dumps(live))
            live["spec"]["replicas"] = wanted["spec"]["replicas"]
            live = self.writer.save(call, before, live, subresource="scale")
        return 200, _scale_of(live), "application/json"

    def _evict(self, call: Call, pod: Json) -> tuple[int, Json, str]:
        for budget in self.store.items(self.kinds["PodDisruptionBudget"], call.namespace):
            wanted = budget["spec"].get("selector", {}).get("matchLabels", {})
            selector = ",".join(f"{k}={v}" for k, v in wanted.items())
            if match_labels(selector, pod["metadata"].get("labels", {})) and not _allowed(budget):
                message = "Cannot evict pod as it would violate the pod's disruption budget."
                cause = {"reason": "DisruptionBudget", "message": message}
                raise ApiError(429, "TooManyRequests", message, {"causes": [cause]})
        if "dryRun" not in call.query:
            self.writer.remove(call.resource, pod)
        return 201, success("pods", call.name, pod["metadata"]["uid"]), "application/json"

    def _status(self, call: Call, live: Json) -> tuple[int, Json, str]:
        if call.method != "GET":
            changed = apply_patch(call.resource, live, call.headers.get("content-type", ""), json.loads(call.body))
            live = self.store.put(call.resource, changed)
        return 200, live, "application/json"


def _allowed(budget: Json) -> int:
    return int(budget.get("status", {}).get("disruptionsAllowed", 0))


def _scale_of(item: Json) -> Json:
    metadata = item["metadata"]
    kept = ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")
    labels = item["spec"].get("selector", {}).get("matchLabels", {})
    selector = ",".join(f"{k}={v}" for k, v in sorted(labels.items()))
    return {
        "kind": "Scale",
        "apiVersion": "autoscaling/v1",
        "metadata": {k: metadata[k] for k in kept if k in metadata},
        "spec": {"replicas": item["spec"].get("replicas", 1)},
        "status": {"replicas": item.get("status", {}).get("replicas", 0), "selector": selector},
    }
