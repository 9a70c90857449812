"""What a cluster does by itself after a write: schedule pods, roll out deployments, clean up after owners.

Everything happens at once, inside the write; only a rollout whose pods do not become ready stays half-way.
"""

import copy
import hashlib
import json
from typing import Any

from sandbox.kubernetes import events, pods
from sandbox.kubernetes.resources import Resource
from sandbox.kubernetes.store import Store, now

Json = dict[str, Any]
REVISION = "deployment.kubernetes.io/revision"
_LETTERS = "bcdfghjklmnpqrstvwxz2456789"


def short_hash(text: str, length: int) -> str:
    digest = int(hashlib.sha256(text.encode()).hexdigest(), 16)
    return "".join(_LETTERS[(digest >> (5 * i)) % len(_LETTERS)] for i in range(length))


class Controllers:
    def __init__(self, store: Store, by_kind: dict[str, Resource]) -> None:
        self.store = store
        self.kinds = by_kind
        self._made = 0

    def run(self) -> None:
        """Bring the cluster to rest."""
        self._collect_orphans()
        for deployment in self.store.items(self.kinds["Deployment"]):
            self._deployment(deployment)
        for item in self.store.items(self.kinds["StatefulSet"]):
            self._simple(item, [f"{item['metadata']['name']}-{i}" for i in range(item["spec"].get("replicas", 1))])
        for item in self.store.items(self.kinds["Job"]):
            self._simple(item, [f"{item['metadata']['name']}-{short_hash(item['metadata']['uid'], 5)}"])
        for pod in [p for p in self.store.peek(self.kinds["Pod"]) if not p.get("status")]:
            self._start(copy.deepcopy(pod))

    # -- pods

    def _start(self, pod: Json) -> None:
        self._made += 1
        state = pods.state_of(pod)
        nodes = [n for n in self.store.items(self.kinds["Node"]) if not n["spec"].get("unschedulable")]
        if not nodes:
            state = pod["metadata"].setdefault("annotations", {})[pods.STATE] = "unschedulable"
        if state != "unschedulable" and not pod["spec"].get("nodeName"):
            pod["spec"]["nodeName"] = nodes[self._made % len(nodes)]["metadata"]["name"]
        pods.defaults(pod["spec"])
        pods.settle(pod, f"10.1.{self._made // 250}.{self._made % 250 + 1}")
        self.store.put(self.kinds["Pod"], pod)
        events.record_pod(self.store, self.kinds["Event"], pod, state)

    def _pods_of(self, owner: Json) -> list[Json]:
        mine = [p for p in self.store.peek(self.kinds["Pod"]) if _owned(p, owner)]
        return copy.deepcopy(sorted(mine, key=lambda p: str(p["metadata"]["name"])))

    def _make_pod(self, owner: Json, name: str) -> Json:
        template = copy.deepcopy(owner["spec"]["template"])
        metadata = {**template.get("metadata", {}), "name": name, "namespace": owner["metadata"]["namespace"]}
        metadata.pop("creationTimestamp", None)
        metadata["ownerReferences"] = [_reference(owner)]
        pod = {"kind": "Pod", "apiVersion": "v1", "metadata": metadata, "spec": template["spec"]}
        self._start(self.store.put(self.kinds["Pod"], pod))
        events.record(self.store, self.kinds["Event"], owner, ("Normal", "SuccessfulCreate", f"Created pod: {name}"))
        return pod

    def _resize(self, owner: Json, count: int) -> list[Json]:
        """Make or remove pods of a replica set until there are as many as wanted."""
        mine = self._pods_of(owner)
        for pod in mine[count:]:
            self.store.remove(self.kinds["Pod"], pod["metadata"]["namespace"], pod["metadata"]["name"])
        for index in range(len(mine), count):
            suffix = short_hash(f"{owner['metadata']['uid']}{index}{self._made}", 5)
            self._make_pod(owner, f"{owner['metadata']['name']}-{suffix}")
        return self._pods_of(owner)

    def _simple(self, owner: Json, names: list[str]) -> None:
        have = {p["metadata"]["name"]: p for p in self._pods_of(owner)}
        for name in set(have) - set(names):
            self.store.remove(self.kinds["Pod"], owner["metadata"]["namespace"], name)
        for name in names:
            if name not in have:
                self._make_pod(owner, name)
        mine = self._pods_of(owner)
        well = sum(pods.ready(p) for p in mine)
        done = sum(p["status"]["phase"] == "Succeeded" for p in mine)
        counts = {"succeeded": done} if owner["kind"] == "Job" else _counts(len(mine), well, len(mine))
        if counts.get("succeeded"):
            counts["conditions"] = _keep_time(owner, [{"type": "Complete", "status": "True"}])
        self._set_status(owner, {**counts, "observedGeneration": owner["metadata"].get("generation", 1)})

    # -- deployments

    def _deployment(self, item: Json) -> None:
        current, old = self._replica_sets(item)
        wanted = item["spec"].get("replicas", 1)
        if not item["spec"].get("paused"):
            self._roll(item, current, old, wanted)
        mine = self._pods_of(current)
        everyone = [p for rs in (current, *old) for p in self._pods_of(rs)]
        well = sum(pods.ready(p) for p in everyone)
        status = _counts(len(everyone), well, len(mine))
        status["conditions"] = _keep_time(item, self._conditions(current, mine, wanted, well))
        status["observedGeneration"] = item["metadata"].get("generation", 1)
        revision = current["metadata"]["annotations"][REVISION]
        item["metadata"].setdefault("annotations", {})[REVISION] = revision
        self._set_status(item, status)

    def _roll(self, item: Json, current: Json, old: list[Json], wanted: int) -> None:
        before = sum(len(self._pods_of(rs)) for rs in old)
        mine = self._scale_set(item, current, wanted if not before else max(1, wanted // 4))
        if all(pods.ready(p) for p in mine):
            self._scale_set(item, current, wanted)
            for rs in old:
                self._scale_set(item, rs, 0)
        elif old:
            self._scale_set(item, old[-1], max(1, wanted - wanted // 4) if before else 0)

    def _scale_set(self, item: Json, rs: Json, count: int) -> list[Json]:
        if rs["spec"].get("replicas") != count:
            verb = "up" if rs["spec"].get("replicas", 0) < count else "down"
            message = (
                f"Scaled {verb} replica set {rs['metadata']['name']} from {rs['spec'].get('replicas', 0)} to {count}"
            )
            events.record(self.store, self.kinds["Event"], item, ("Normal", "ScalingReplicaSet", message))
        mine = self._resize(rs, count)
        well = sum(pods.ready(p) for p in mine)
        rs["spec"]["replicas"] = count
        rs["status"] = {"replicas": len(mine), "readyReplicas": well, "availableReplicas": well}
        self.store.put(self.kinds["ReplicaSet"], rs)
        return mine

    def _replica_sets(self, item: Json) -> tuple[Json, list[Json]]:
        metadata = item["metadata"]
        mine = [rs for rs in self.store.items(self.kinds["ReplicaSet"], metadata["namespace"]) if _owned(rs, item)]
        mine.sort(key=lambda rs: int(rs["metadata"]["annotations"][REVISION]))
        digest = short_hash(json.dumps(item["spec"]["template"], sort_keys=True), 9)
        current = next((rs for rs in mine if rs["metadata"]["labels"]["pod-template-hash"] == digest), None)
        newest = int(mine[-1]["metadata"]["annotations"][REVISION]) if mine else 0
        if current is None:
            return self._new_replica_set(item, digest, newest + 1), mine
        if int(current["metadata"]["annotations"][REVISION]) != newest:
            current["metadata"]["annotations"][REVISION] = str(newest + 1)
            current = self.store.put(self.kinds["ReplicaSet"], current)
        return current, [rs for rs in mine if rs["metadata"]["name"] != current["metadata"]["name"]]

    def _new_replica_set(self, item: Json, digest: str, revision: int) -> Json:
        template = copy.deepcopy(item["spec"]["template"])
        labels = template.setdefault("metadata", {}).setdefault("labels", {})
        labels["pod-template-hash"] = digest
        selector = {"matchLabels": {**item["spec"]["selector"].get("matchLabels", {}), "pod-template-hash": digest}}
        metadata = {
            "name": f"{item['metadata']['name']}-{digest}",
            "namespace": item["metadata"]["namespace"],
            "labels": dict(labels),
            "annotations": {REVISION: str(revision)},
            "ownerReferences": [_reference(item)],
        }
        spec = {"replicas": 0, "selector": selector, "template": template}
        made = {
            "kind": "ReplicaSet",
            "apiVersion": "apps/v1",
            "metadata": metadata,
            "spec": spec,
            "status": {"replicas": 0},
        }
        return self.store.put(self.kinds["ReplicaSet"], made)

    def _conditions(self, current: Json, mine: list[Json], wanted: int, well: int) -> list[Json]:
        enough, name = well >= wanted, current["metadata"]["name"]
        available = ("MinimumReplicasAvailable", "Deployment has minimum availability.")
        missing = ("MinimumReplicasUnavailable", "Deployment does not have minimum availability.")
        done = ("NewReplicaSetAvailable", f'ReplicaSet "{name}" has successfully progressed.')
        stuck = ("ProgressDeadlineExceeded", f'ReplicaSet "{name}" has timed out progressing.')
        progressed = all(pods.ready(p) for p in mine)
        return [
            _condition("Available", enough, available if enough else missing),
            _condition("Progressing", progressed, done if progressed else stuck),
        ]

    def _set_status(self, item: Json, status: Json) -> None:
        item["status"] = status
        self.store.put(self.kinds[item["kind"]], item)

    # -- cleaning up

    def _collect_orphans(self) -> None:
        """Remove what belonged to an owner that is gone, and what was in a namespace that is gone."""
        spaces = {n["metadata"]["name"] for n in self.store.items(self.kinds["Namespace"])}
        removed = True
        while removed:
            everything = [(r, item) for r in self.kinds.values() for item in self.store.peek(r)]
            living = {item["metadata"]["uid"] for _, item in everything}
            lost = [(r, i) for r, i in everything if _is_lost(i, living, spaces)]
            for resource, item in lost:
                self.store.remove(resource, item["metadata"].get("namespace", ""), item["metadata"]["name"])
            removed = bool(lost)


def _is_lost(item: Json, living: set[str], spaces: set[str]) -> bool:
    owners = item["metadata"].get("ownerReferences", [])
    orphan = bool(owners) and not any(owner["uid"] in living for owner in owners)
    return orphan or item["metadata"].get("namespace", "default") not in spaces


def _owned(item: Json, owner: Json) -> bool:
    return any(ref["uid"] == owner["metadata"]["uid"] for ref in item["metadata"].get("ownerReferences", []))


def _reference(owner: Json) -> Json:
    metadata = owner["metadata"]
    base = {"apiVersion": owner["apiVersion"], "kind": owner["kind"], "name": metadata["name"], "uid": metadata["uid"]}
    return {**base, "controller": True, "blockOwnerDeletion": True}


def _counts(total: int, well: int, updated: int) -> Json:
    counts = {"replicas": total, "updatedReplicas": updated, "readyReplicas": well, "availableReplicas": well}
    return {**counts, "unavailableReplicas": total - well} if total > well else counts


def _condition(kind: str, true: bool, why: tuple[str, str]) -> Json:
    return {"type": kind, "status": "True" if true else "False", "reason": why[0], "message": why[1]}


def _keep_time(item: Json, conditions: list[Json]) -> list[Json]:
    """Conditions with the times of those that did not change."""
    before = {c["type"]: c for c in item.get("status", {}).get("conditions", [])}
    times = ("lastUpdateTime", "lastTransitionTime")
    for condition in conditions:
        old = before.get(condition["type"], {})
        same = {k: v for k, v in old.items() if k not in times} == condition
        condition.update({name: old[name] if same else now() for name in times})
    return conditions
