"""Reads: one object, a list, a table, a watch, and the numbers of the metrics API."""

import time
from collections.abc import Iterator
from typing import Any

from sandbox.kubernetes.answers import not_found
from sandbox.kubernetes.request import Call
from sandbox.kubernetes.resources import Resource
from sandbox.kubernetes.selecting import match_fields, match_labels
from sandbox.kubernetes.store import Store, now
from sandbox.kubernetes.tables import table

Json = dict[str, Any]


class Reader:
    def __init__(self, store: Store, by_kind: dict[str, Resource]) -> None:
        self.store = store
        self.kinds = by_kind

    def answer(self, call: Call) -> Json:
        """An object or a list, as a Table where the client prefers one."""
        stored = self.kinds.get(call.resource.kind, call.resource)
        items = [self._one(stored, call)] if call.name else self._selected(stored, call)
        version = str(self.store.version)
        if "as=Table" in call.headers.get("accept", "").split(",")[0]:
            return table(stored, items, version, call.query.get("includeObject", "Metadata"))
        if call.name:
            return items[0]
        kind = f"{stored.kind}List"
        entries = [{k: v for k, v in item.items() if k not in ("kind", "apiVersion")} for item in items]
        head = {"kind": kind, "apiVersion": stored.api_version, "metadata": {"resourceVersion": version}}
        return {**head, "items": entries}

    def _one(self, resource: Resource, call: Call) -> Json:
        item = self.store.get(resource, call.namespace, call.name)
        if item is None:
            raise not_found(resource.plural, call.name, resource.group)
        return item

    def _selected(self, resource: Resource, call: Call) -> list[Json]:
        labels, fields = call.query.get("labelSelector", ""), call.query.get("fieldSelector", "")
        match_labels(labels, {})
        return [
            item
            for item in self.store.items(resource, call.namespace)
            if match_labels(labels, item["metadata"].get("labels", {})) and match_fields(fields, item)
        ]

    def watch(self, call: Call) -> Iterator[Json]:
        """Changes as they come, for as long as the client asked (at most a minute)."""
        since = int(call.query.get("resourceVersion") or 0)
        until = time.monotonic() + min(60.0, float(call.query.get("timeoutSeconds") or 60))
        labels, fields = call.query.get("labelSelector", ""), call.query.get("fieldSelector", "")
        for change in self.store.watch(call.resource, call.namespace, since, until):
            if change is None:
                yield {}
            elif match_labels(labels, change[1]["metadata"].get("labels", {})) and match_fields(fields, change[1]):
                yield {"type": change[0], "object": change[1]}

    def metrics(self, call: Call) -> Json:
        """What `kubectl top` reads: the same small load for each node, more for each container after the first."""
        kind = "Node" if call.resource.plural == "nodes" else "Pod"
        items = [
            _measured(i)
            for i in self._selected(self.kinds[kind], call)
            if not call.name or i["metadata"]["name"] == call.name
        ]
        if call.name and not items:
            raise not_found(call.resource.plural, call.name, call.resource.group)
        return items[0] if call.name else {"kind": f"{kind}MetricsList", **_HEAD, "metadata": {}, "items": items}


_HEAD = {"apiVersion": "metrics.k8s.io/v1beta1"}


def _measured(item: Json) -> Json:
    metadata = {k: v for k, v in item["metadata"].items() if k in ("name", "namespace", "labels")}
    head = {"kind": f"{item['kind']}Metrics", **_HEAD, "metadata": metadata, "timestamp": now(), "window": "30s"}
    if item["kind"] == "Node":
        return {**head, "usage": {"cpu": "812m", "memory": "5120Mi"}}
    containers = enumerate(item["spec"]["containers"], start=1)
    usage = [{"name": c["name"], "usage": {"cpu": f"{25 * n}m", "memory": f"{64 * n}Mi"}} for n, c in containers]
    return {**head, "containers": usage}
