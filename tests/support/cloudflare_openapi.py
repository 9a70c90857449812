"""Cloudflare's OpenAPI description as a judge of requests and answers."""

import functools
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator

from sandbox.cloudflare.recording import Request
from support.shared import shared_data


@functools.cache
def description() -> dict[str, Any]:
    """The description as JSON Schema, or a skip."""
    file = shared_data("cloudflare-dns-openapi.json")
    document: dict[str, Any] = _as_json_schema(json.loads(file.read_text("utf-8")))
    # Records without a comment are answered with null, though their schema knows text only.
    document["components"]["schemas"]["dns-records_comment"]["type"] = ["string", "null"]
    return document


def faults_of_request(request: Request) -> list[str]:
    """What the description has against a request: path, query names and values, body."""
    operation, template = _operation(request.method, request.path)
    if operation is None:
        return [f"{request.method} {request.path} is not an operation"]
    return [
        *_faults_of_query(operation, request.query),
        *_faults_of_body(operation, request),
        *(f"{template}: {name} is too long" for name in _ids(template, request.path) if len(name) > 32),
    ]


def faults_of_answer(method: str, path: str, status: int, body: Any) -> list[str]:
    """What the description has against a JSON answer."""
    operation, _ = _operation(method, path)
    answers = (operation or {}).get("responses", {})
    content = answers.get(str(status), {}).get("content", {}).get("application/json")
    if content is None:
        return [f"{method} {path} has no JSON answer {status}"]
    return _faults(content["schema"], body)


def _operation(method: str, path: str) -> tuple[dict[str, Any] | None, str]:
    # Fixed segments before ids: /dns_records/export is not a record.
    for template, operations in sorted(description()["paths"].items(), key=lambda item: item[0].count("{")):
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path) and method.lower() in operations:
            return operations[method.lower()], template
    return None, ""


def _ids(template: str, path: str) -> Iterator[str]:
    for segment, value in zip(template.split("/"), path.split("/"), strict=True):
        if segment.startswith("{") and segment.endswith("_id}"):
            yield value


def _faults_of_query(operation: Mapping[str, Any], query: list[tuple[str, str]]) -> Iterator[str]:
    known = {p["name"]: p["schema"] for p in operation.get("parameters", []) if p.get("in") == "query"}
    for name, value in query:
        if name not in known:
            yield f"unknown query parameter {name}"
        else:
            yield from (f"{name}: {fault}" for fault in _faults(known[name], _typed(known[name], value)))


def _typed(schema: Mapping[str, Any], value: str) -> Any:
    kind = _resolved(schema).get("type")
    if kind == "number" and value.isdigit():
        return int(value)
    return {"true": True, "false": False}.get(value, value) if kind == "boolean" else value


def _resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    found: Mapping[str, Any] = description()["components"]["schemas"].get(name, schema)
    return found


def _faults_of_body(operation: Mapping[str, Any], request: Request) -> list[str]:
    wanted = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if wanted is None:
        return [] if request.body is None else ["a body where none is described"]
    if request.headers.get("content-type") != "application/json":
        return ["the body is not declared as JSON"]
    return _faults(wanted["schema"], request.body)


def _faults(schema: Any, value: Any) -> list[str]:
    whole = {"components": description()["components"], "allOf": [schema]}
    return [f"{error.json_path}: {error.message[:200]}" for error in Draft202012Validator(whole).iter_errors(value)]


def _as_json_schema(node: Any) -> Any:
    """OpenAPI 3.0 to JSON Schema: `nullable` becomes a type, `discriminator` goes."""
    if isinstance(node, list):
        return [_as_json_schema(item) for item in node]
    if not isinstance(node, dict):
        return node
    schema = {key: _as_json_schema(value) for key, value in node.items() if key != "discriminator"}
    if schema.pop("nullable", None) is True and isinstance(schema.get("type"), str):
        schema["type"] = [schema["type"], "null"]
    return schema
