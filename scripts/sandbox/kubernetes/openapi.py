"""The OpenAPI v3 documents kubectl reads: to check field names, to see that dry runs work, and to explain."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from sandbox.kubernetes.resources import Resource
from sandbox.kubernetes.schemas import DESCRIPTIONS, SCHEMAS, inner

Json = dict[str, Any]
_PLAIN = {"str": "string", "int": "integer", "bool": "boolean"}
_QUERY = [
    {"name": name, "in": "query", "schema": {"type": "string"}}
    for name in ("dryRun", "fieldManager", "fieldValidation")
]


def index(api_versions: Iterable[str], documents: dict[str, Json]) -> Json:
    """The list of documents, each with the hash of its content."""
    paths = {}
    for api_version in api_versions:
        path = _path(api_version)
        digest = hashlib.sha256(json.dumps(documents[path]).encode()).hexdigest().upper()
        paths[path] = {"serverRelativeURL": f"/openapi/v3/{path}?hash={digest}"}
    return {"paths": paths}


def documents(resources: Iterable[Resource]) -> dict[str, Json]:
    """Every document by its path (`api/v1`, `apis/apps/v1`)."""
    by_version: dict[str, list[Resource]] = {}
    for resource in resources:
        by_version.setdefault(resource.api_version, []).append(resource)
    return {_path(version): _document(members) for version, members in by_version.items()}


def _path(api_version: str) -> str:
    return f"apis/{api_version}" if "/" in api_version else f"api/{api_version}"


def _document(resources: list[Resource]) -> Json:
    paths: Json = {}
    schemas = {_name(kind): _schema(kind) for kind in SCHEMAS}
    for resource in resources:
        paths.update(_paths(resource))
        schemas[_name(resource.kind)] = {**_schema(resource.kind), "x-kubernetes-group-version-kind": [_gvk(resource)]}
    return {
        "openapi": "3.0.0",
        "info": {"title": "Kubernetes", "version": "v1.36.2"},
        "paths": paths,
        "components": {"schemas": schemas},
    }


def _paths(resource: Resource) -> Json:
    root = f"/{_path(resource.api_version)}/"
    collection = root + ("namespaces/{namespace}/" if resource.namespaced else "") + resource.plural
    body = {"application/json": {"schema": {"$ref": f"#/components/schemas/{_name(resource.kind)}"}}}
    gvk = {"x-kubernetes-group-version-kind": _gvk(resource)}

    def operation(action: str, parameters: list[Json]) -> Json:
        answer = {"200": {"description": "OK", "content": body}}
        return {"parameters": parameters, "responses": answer, "x-kubernetes-action": action, **gvk}

    return {
        collection: {"get": operation("list", []), "post": operation("post", _QUERY)},
        f"{collection}/{{name}}": {
            "get": operation("get", []),
            "patch": operation("patch", _QUERY),
            "delete": operation("delete", _QUERY[:1]),
        },
    }


def _gvk(resource: Resource) -> Json:
    return {"group": resource.group, "version": resource.version, "kind": resource.kind}


def _name(kind: str) -> str:
    return f"io.k8s.api.{kind}"


def _schema(kind: str) -> Json:
    schema: Json = {"type": "object", "description": DESCRIPTIONS.get(kind, f"{kind} of the API.")}
    fields = SCHEMAS.get(kind)
    if fields is None:
        return {**schema, "x-kubernetes-preserve-unknown-fields": True}
    properties = {name: _property(f"{kind}.{name}", type_) for name, (type_, _) in fields.items()}
    if "metadata" in fields:
        properties = {"apiVersion": _property("", "str"), "kind": _property("", "str"), **properties}
    required = [name for name, (_, needed) in fields.items() if needed]
    return {**schema, "properties": properties, **({"required": required} if required else {})}


def _property(path: str, kind: str) -> Json:
    shape, entry = inner(kind)
    text = {"description": DESCRIPTIONS.get(path, "")}
    if shape == "list":
        return {"type": "array", "items": _property("", entry), **text}
    if shape == "map":
        return {"type": "object", "additionalProperties": _property("", entry), **text}
    if entry in _PLAIN:
        return {"type": _PLAIN[entry], **text}
    if entry in SCHEMAS:
        return {"allOf": [{"$ref": f"#/components/schemas/{_name(entry)}"}], "default": {}, **text}
    if entry == "quantity":
        return {"oneOf": [{"type": "string"}, {"type": "number"}], **text}
    return {"type": "object", **text}
