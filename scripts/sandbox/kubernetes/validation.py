"""What the API server does not accept, refused in its words."""

import json
import re
from typing import Any

from sandbox.kubernetes import schemas
from sandbox.kubernetes.answers import ApiError, bad_request, invalid
from sandbox.kubernetes.resources import Resource

Json = dict[str, Any]
_SUBDOMAIN = "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*"
_BAD_NAME = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and "
    f"end with an alphanumeric character (e.g. 'example.com', regex used for validation is '{_SUBDOMAIN}')"
)


def check_shape(resource: Resource, item: Json, *, strict: bool) -> None:
    """Refuse wrong types, and unknown fields where the client asked for strictness."""
    if item.get("kind") != resource.kind or item.get("apiVersion") != resource.api_version:
        raise bad_request(
            f'the object provided is unrecognized (must be of type {resource.kind}): kind "{item.get("kind")}"'
        )
    unknown: list[str] = []
    _walk(resource.kind, {k: v for k, v in item.items() if k not in ("apiVersion", "kind")}, "", unknown, resource)
    if unknown and strict:
        listed = ", ".join(f'unknown field "{path}"' for path in unknown)
        raise bad_request(f"{_handled_as(resource)}: strict decoding error: {listed}")


def _handled_as(resource: Resource) -> str:
    return f'{resource.kind} in version "{resource.version}" cannot be handled as a {resource.kind}'


def _walk(kind: str, value: Any, path: str, unknown: list[str], resource: Resource) -> None:
    shape, entry = schemas.inner(kind)
    if value is None:
        return
    parts = _parts(shape, entry, value, path)
    for inner_kind, item, inner_path in parts or []:
        if inner_kind:
            _walk(inner_kind, item, inner_path, unknown, resource)
        else:
            unknown.append(inner_path)
    if parts is None and (shape or schemas.fields_of(entry) or not schemas.fits(entry, value)):
        found = {str: "string", int: "number", bool: "bool", list: "array", dict: "object"}.get(type(value), "value")
        wanted = {"str": "string", "int": "int32"}.get(entry, entry)
        raise bad_request(
            f"{_handled_as(resource)}: json: cannot unmarshal {found} into Go struct field .{path} of type {wanted}"
        )


DENY = "sandbox.example.com/deny"


def check_admission(resource: Resource, item: Json) -> None:
    """Refuse what carries the annotation DENY as an admission webhook does that quotes what it dislikes."""
    if DENY in item["metadata"].get("annotations", {}):
        quoted = json.dumps({k: v for k, v in item.items() if k not in ("apiVersion", "kind", "metadata")})
        message = f'admission webhook "policy.example.com" denied the request: {quoted}'
        raise ApiError(403, "Forbidden", message, {"kind": resource.plural})


def check_values(resource: Resource, item: Json) -> None:
    """Refuse names and values that make no sense: 422."""
    name = item["metadata"].get("name", "")
    if not re.fullmatch(_SUBDOMAIN, name):
        raise invalid(resource.kind, name, "metadata.name", f'Invalid value: "{name}": {_BAD_NAME}', resource.group)
    _check_required(resource, resource.kind, item, "", name)
    replicas = item.get("spec", {}).get("replicas", 0) if isinstance(item.get("spec"), dict) else 0
    if isinstance(replicas, int) and replicas < 0:
        problem = f"Invalid value: {replicas}: must be greater than or equal to 0"
        raise invalid(resource.kind, name, "spec.replicas", problem, resource.group)
    _check_template(resource, item, name)


def _parts(shape: str, entry: str, value: Any, path: str) -> list[tuple[str, Any, str]] | None:
    """The parts of a value with their types, "" for a field nobody knows; None where the value has no such parts."""
    if shape == "list" and isinstance(value, list):
        return [(entry, item, f"{path}[{index}]") for index, item in enumerate(value)]
    if shape == "map" and isinstance(value, dict):
        return [(entry, item, f"{path}.{name}") for name, item in value.items()]
    fields = None if shape else schemas.fields_of(entry)
    if fields and isinstance(value, dict):
        return [(fields.get(n, ("", False))[0], item, f"{path}.{n}".lstrip(".")) for n, item in value.items()]
    return None


def _check_template(resource: Resource, item: Json, name: str) -> None:
    spec = item.get("spec") or {}
    template = spec.get("template")
    if not isinstance(template, dict) or resource.group != "apps":
        return
    labels = template.get("metadata", {}).get("labels", {})
    wanted = spec.get("selector", {}).get("matchLabels", {})
    if any(labels.get(k) != v for k, v in wanted.items()):
        problem = f"Invalid value: {labels}: `selector` does not match template `labels`"
        raise invalid(resource.kind, name, "spec.template.metadata.labels", problem, resource.group)


def _check_required(resource: Resource, kind: str, value: Any, path: str, name: str) -> None:
    shape, entry = schemas.inner(kind)
    if shape == "list":
        for index, item in enumerate(value or []):
            _check_required(resource, entry, item, f"{path}[{index}]", name)
    elif not shape and isinstance(value, dict):
        for field, (type_, needed) in (schemas.fields_of(entry) or {}).items():
            inner_path = f"{path}.{field}".lstrip(".")
            if needed and value.get(field) in (None, "", [], {}):
                raise invalid(resource.kind, name, inner_path, "Required value", resource.group)
            if field in value:
                _check_required(resource, type_, value[field], inner_path, name)


def check_immutable(resource: Resource, before: Json, after: Json) -> None:
    """Refuse a change of what can't change: a workload's selector, a pod's containers but for their images."""
    name = after["metadata"]["name"]
    old, new = before.get("spec") or {}, after.get("spec") or {}
    if resource.group == "apps" and old.get("selector") != new.get("selector"):
        problem = f"Invalid value: {new.get('selector')}: field is immutable"
        raise invalid(resource.kind, name, "spec.selector", problem, resource.group)
    if resource.kind == "Pod" and [c["name"] for c in old["containers"]] != [c["name"] for c in new["containers"]]:
        problem = "Forbidden: pod updates may not add or remove containers"
        raise invalid(resource.kind, name, "spec.containers", problem)
    if resource.kind in ("Secret", "ConfigMap") and before.get("immutable") and before.get("data") != after.get("data"):
        raise invalid(resource.kind, name, "data", "Forbidden: field is immutable when `immutable` is set")


def check_version(resource: Resource, before: Json, sent: Json) -> None:
    """Refuse a write made from an outdated copy: 409."""
    version = sent.get("metadata", {}).get("resourceVersion")
    if version and version != before["metadata"]["resourceVersion"]:
        name = before["metadata"]["name"]
        message = (
            f'Operation cannot be fulfilled on {resource.plural} "{name}": the object has been modified; '
            "please apply your changes to the latest version and try again"
        )
        raise ApiError(409, "Conflict", message, {"name": name, "kind": resource.plural})
