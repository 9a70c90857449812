"""Writes: create, update, the four patches, delete; each also as a dry run that leaves everything as it was."""

import base64
import copy
import json
import secrets
from typing import Any

from sandbox.kubernetes import ownership, patches, pods, protobuf, serverside, validation
from sandbox.kubernetes.answers import ApiError, already_exists, bad_request, not_found, success
from sandbox.kubernetes.controllers import Controllers
from sandbox.kubernetes.request import Call
from sandbox.kubernetes.resources import Resource
from sandbox.kubernetes.selecting import match_fields, match_labels
from sandbox.kubernetes.store import Store, now

Json = dict[str, Any]
_APPLY = "application/apply-patch+yaml"


class Writer:
    def __init__(self, store: Store, controllers: Controllers, by_kind: dict[str, Resource]) -> None:
        self.store = store
        self.controllers = controllers
        self.kinds = by_kind

    def answer(self, call: Call) -> tuple[int, Json]:
        """Code and body of a write."""
        if call.verb not in call.resource.verbs:
            message = "the server does not allow this method on the requested resource"
            raise ApiError(405, "MethodNotAllowed", message, {})
        action = {"create": self._create, "update": self._update, "patch": self._patch, "delete": self._delete}
        return action.get(call.verb, self._delete_many)(call)

    def body(self, call: Call) -> Json:
        """The JSON object a request carries."""
        if call.headers.get("content-type") == protobuf.MEDIA_TYPE:
            return protobuf.decode(call.body)
        try:
            body = json.loads(call.body or b"{}")
        except ValueError as error:
            raise bad_request(f"couldn't get version/kind; json parse error: {error}") from None
        if not isinstance(body, dict):
            raise bad_request("couldn't get version/kind; json parse error: not an object")
        return body

    def _create(self, call: Call) -> tuple[int, Json]:
        item = self.body(call)
        metadata = item.setdefault("metadata", {})
        if metadata.get("generateName") and not metadata.get("name"):
            metadata["name"] = metadata["generateName"] + secrets.token_hex(3)[:5]
        self._place(call, item)
        if self.store.get(call.resource, call.namespace, metadata.get("name", "")):
            raise already_exists(call.resource.plural, metadata["name"], call.resource.group)
        return 201, self.save(call, {}, item)

    def _place(self, call: Call, item: Json) -> None:
        metadata = item["metadata"]
        if call.resource.namespaced:
            if metadata.setdefault("namespace", call.namespace) != call.namespace:
                message = "the namespace of the provided object does not match the namespace sent on the request"
                raise bad_request(message)
            if self.store.get(self.kinds["Namespace"], "", call.namespace) is None:
                raise not_found("namespaces", call.namespace)

    def _update(self, call: Call) -> tuple[int, Json]:
        before, item = self._live(call), self.body(call)
        validation.check_version(call.resource, before, item)
        return 200, self.save(call, before, item)

    def _live(self, call: Call) -> Json:
        live = self.store.get(call.resource, call.namespace, call.name)
        if live is None:
            raise not_found(call.resource.plural, call.name, call.resource.group)
        return live

    def _patch(self, call: Call) -> tuple[int, Json]:
        kind = call.headers.get("content-type", "")
        if kind.startswith(_APPLY):
            return self._apply(call)
        before = self._live(call)
        after = apply_patch(call.resource, before, kind, json.loads(call.body))
        if not isinstance(json.loads(call.body), list):
            validation.check_version(call.resource, before, json.loads(call.body))
        return 200, self.save(call, before, after)

    def _apply(self, call: Call) -> tuple[int, Json]:
        wanted = self.body(call)
        wanted.setdefault("metadata", {}).setdefault("name", call.name)
        live = self.store.get(call.resource, call.namespace, call.name)
        strict = call.query.get("fieldValidation") == "Strict"
        validation.check_shape(call.resource, wanted, strict=strict)
        self._place(call, wanted)
        manager = call.query.get("fieldManager") or ""
        if not manager:
            raise bad_request("fieldManager is required for apply patch")
        after = serverside.apply(live, wanted, manager, force=call.query.get("force") == "true")
        return (200 if live else 201), self.save(call, live or {}, after, applied=True)

    def save(self, call: Call, before: Json, after: Json, *, applied: bool = False, subresource: str = "") -> Json:
        """Check, complete and store an object; a dry run stops before storing."""
        resource = call.resource
        validation.check_shape(resource, after, strict=call.query.get("fieldValidation") == "Strict")
        complete(resource, before, after)
        validation.check_values(resource, after)
        validation.check_admission(resource, after)
        if before:
            validation.check_immutable(resource, before, after)
        if not applied:
            manager = call.query.get("fieldManager") or call.headers.get("user-agent", "unknown").partition("/")[0]
            ownership.record_update(before, after, manager, subresource)
        if "dryRun" in call.query:
            return after
        stored = self.store.put(resource, after)
        self._finish(resource, stored)
        self.controllers.run()
        return self.store.get(resource, call.namespace, stored["metadata"]["name"]) or stored

    def _finish(self, resource: Resource, item: Json) -> None:
        """An object that was waiting for its finalizers goes when the last one goes."""
        metadata = item["metadata"]
        if metadata.get("deletionTimestamp") and not metadata.get("finalizers"):
            self.store.remove(resource, metadata.get("namespace", ""), metadata["name"])

    def _delete(self, call: Call) -> tuple[int, Json]:
        item = self._live(call)
        wanted = self.body(call).get("preconditions", {}).get("uid")
        if wanted and wanted != item["metadata"]["uid"]:
            actual = item["metadata"]["uid"]
            message = f"Precondition failed: UID in precondition: {wanted}, UID in object meta: {actual}"
            raise ApiError(409, "Conflict", message, {"name": call.name, "kind": call.resource.plural})
        if "dryRun" in call.query or self.body(call).get("dryRun"):
            return 200, item
        kept = self.remove(call.resource, item)
        if kept:
            return 200, kept
        return 200, success(call.resource.plural, call.name, item["metadata"]["uid"], call.resource.group)

    def _delete_many(self, call: Call) -> tuple[int, Json]:
        labels, fields = call.query.get("labelSelector", ""), call.query.get("fieldSelector", "")
        for item in self.store.items(call.resource, call.namespace):
            chosen = match_labels(labels, item["metadata"].get("labels", {})) and match_fields(fields, item)
            if chosen and "dryRun" not in call.query:
                self.remove(call.resource, item)
        head = {"kind": f"{call.resource.kind}List", "apiVersion": call.resource.api_version}
        return 200, {**head, "metadata": {"resourceVersion": str(self.store.version)}, "items": []}

    def remove(self, resource: Resource, item: Json) -> Json | None:
        """Delete an object; what has finalizers is only marked, and handed back."""
        metadata = item["metadata"]
        if metadata.get("finalizers"):
            metadata.setdefault("deletionTimestamp", now())
            metadata.setdefault("deletionGracePeriodSeconds", 0)
            return self.store.put(resource, item)
        self.store.remove(resource, metadata.get("namespace", ""), metadata["name"])
        self.controllers.run()
        return None


def apply_patch(resource: Resource, before: Json, kind: str, patch: Any) -> Json:
    """An object after a patch of the given media type. Raises 415 where the kind does not take it."""
    if kind.startswith("application/json-patch+json"):
        return patches.json_patch(before, patch)
    if kind.startswith("application/merge-patch+json"):
        merged: Json = patches.merge(before, patch)
        return merged
    if kind.startswith("application/strategic-merge-patch+json") and "." not in resource.group.removesuffix(".k8s.io"):
        changed: Json = patches.strategic(copy.deepcopy(before), patch)
        return changed
    accepted = "application/json-patch+json, application/merge-patch+json"
    message = f"the body of the request was in an unknown format - accepted media types include: {accepted}"
    raise ApiError(415, "UnsupportedMediaType", message, {})


def complete(resource: Resource, before: Json, after: Json) -> None:
    """Fill in what the server fills in, and keep what a client can't write."""
    metadata = after.setdefault("metadata", {})
    if before:
        kept = ("uid", "creationTimestamp", "deletionTimestamp", "namespace", "name")
        metadata |= {k: before["metadata"][k] for k in kept if k in before["metadata"]}
        metadata.setdefault("managedFields", before["metadata"].get("managedFields", []))
        if "status" in before:
            after["status"] = before["status"]
    else:
        after.pop("status", None)
    _defaults(resource, before, after)
    changed = bool(before) and before.get("spec") != after.get("spec")
    if resource.plural not in ("configmaps", "secrets", "serviceaccounts", "namespaces", "nodes", "services", "events"):
        metadata["generation"] = (
            before.get("metadata", {}).get("generation", 0) + 1
            if changed or not before
            else (before["metadata"].get("generation", 1))
        )


def _defaults(resource: Resource, before: Json, after: Json) -> None:
    spec = after.get("spec") if isinstance(after.get("spec"), dict) else None
    if resource.kind == "Secret":
        plain = after.pop("stringData", None) or {}
        encoded = {k: base64.b64encode(v.encode()).decode() for k, v in plain.items()}
        if encoded:
            after["data"] = {**(after.get("data") or {}), **encoded}
        after.setdefault("type", "Opaque")
    elif resource.kind == "Namespace":
        after["metadata"].setdefault("labels", {})["kubernetes.io/metadata.name"] = after["metadata"].get("name", "")
        after["spec"] = {"finalizers": ["kubernetes"]}
        after.setdefault("status", {"phase": "Active"})
    elif resource.kind == "Service" and spec is not None:
        spec.setdefault("type", "ClusterIP")
        spec.setdefault("clusterIP", before.get("spec", {}).get("clusterIP", f"10.96.0.{secrets.randbelow(250) + 2}"))
        for port in spec.get("ports") or []:
            port.setdefault("protocol", "TCP")
            port.setdefault("targetPort", port.get("port"))
    elif resource.kind == "Pod" and spec is not None:
        pods.defaults(spec)
    elif isinstance(spec, dict) and isinstance(spec.get("template"), dict):
        _workload_defaults(resource, spec)


def _workload_defaults(resource: Resource, spec: Json) -> None:
    if isinstance(spec["template"].get("spec"), dict) and isinstance(spec["template"]["spec"].get("containers"), list):
        pods.defaults(spec["template"]["spec"])
    if resource.kind != "Job":
        spec.setdefault("replicas", 1)
    if resource.kind == "Deployment":
        rolling = {"maxUnavailable": "25%", "maxSurge": "25%"}
        spec.setdefault("strategy", {"type": "RollingUpdate", "rollingUpdate": rolling})
        spec.setdefault("revisionHistoryLimit", 10)
        spec.setdefault("progressDeadlineSeconds", 600)
