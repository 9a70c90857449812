"""The page of the server's API viewer: the served calls as a tree, in the form that the real server delivers."""

import json
from typing import Any

from sandbox.proxmox.schema import Endpoint, load

WORDS = {
    "GET": "Read",
    "POST": "Create or act on",
    "PUT": "Change",
    "DELETE": "Remove",
}
LONG = {"min": "minimum", "max": "maximum", "longest": "maxLength", "shortest": "minLength"}


def parameter(rule: dict[str, Any]) -> dict[str, Any]:
    """A rule in the official spelling."""
    shown = {LONG.get(key, key): value for key, value in rule.items() if key not in {"keys", "default"}}
    return shown | ({"format": {key: {} for key in rule["keys"]}} if "keys" in rule else {})


def method(endpoint: Endpoint) -> dict[str, Any]:
    noun = endpoint.path.rpartition("}")[2].strip("/") or endpoint.path.rsplit("/", 2)[-2]
    return {
        "method": endpoint.method,
        "description": f"{WORDS[endpoint.method]} {noun}.",
        "parameters": {"additionalProperties": 0, "properties": {k: parameter(v) for k, v in endpoint.rules.items()}},
        "permissions": endpoint.check,
        "returns": {},
    }


def page(version: str) -> bytes:
    """The script that holds the schema of a version."""
    tree: dict[str, Any] = {}
    for endpoint in load(version).values():
        level, so_far = tree, ""
        for word in endpoint.path.strip("/").split("/"):
            so_far += f"/{word}"
            here = level.setdefault(word, {"path": so_far, "text": word, "children": {}})
            level = here["children"]
        here.setdefault("info", {})[endpoint.method] = method(endpoint)
    return b"const apiSchema = " + json.dumps(listed(tree)).encode() + b";\n\nlet method2cmd = {};\n"


def listed(level: dict[str, Any]) -> list[dict[str, Any]]:
    return [node | {"children": listed(node["children"])} for node in level.values()]
