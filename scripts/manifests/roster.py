"""The roster: one line for every tool, so that a change of what a server offers can be seen at a glance."""

import json
from typing import Any

Json = dict[str, Any]


def render(manifests: list[str]) -> str:
    """Server, tool, class and arguments; in brackets those that may be left out. `*` runs what the caller supplies."""
    return "".join(
        f"{manifest['server']:<10}  {_line(tool)}\n"
        for manifest in map(json.loads, manifests)
        for tool in manifest["tools"]
    )


def _line(tool: Json) -> str:
    listed = tool["listed"]
    schema = listed["inputSchema"]
    needed = schema.get("required", [])
    names = [name if name in needed else f"[{name}]" for name in schema["properties"]]
    return f"{listed['name']:<22}  {tool['kind'] + '*' * tool['arbitrary']:<11}  {' '.join(names)}".rstrip()
