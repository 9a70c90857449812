"""A server's own description of its API: the calls that exactly this version has."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, TypedDict, cast

from infra_mcp_common.errors import Failed, InvalidInput

Method = Literal["GET", "POST", "PUT", "DELETE"]
ChangeMethod = Literal["POST", "PUT", "DELETE"]
# ["and", rule, rule], ["or", …], ["perm", path, [privileges], options…], and others without a common form.
PermissionRule = list[Any]
_ASSIGNED = re.compile(r"(?:const|let|var)\s+\w+\s*=\s*(?=\[)")


class Rule(TypedDict, total=False):
    """What a parameter may be. format may also be a mapping, of a value that is itself a list of properties."""

    type: str
    optional: bool
    description: str
    enum: list[str]
    minimum: float
    maximum: float
    maxLength: int
    default: object
    pattern: str
    format: object
    items: "Rule"


class _Parameters(TypedDict, total=False):
    properties: dict[str, Rule]


class _Permissions(TypedDict, total=False):
    check: PermissionRule


class _Info(TypedDict, total=False):
    description: str
    parameters: _Parameters
    permissions: _Permissions


class _Node(TypedDict, total=False):
    path: str
    info: dict[str, _Info]
    children: list["_Node"]


@dataclass(frozen=True)
class Endpoint:
    """One documented call."""

    method: Method
    path: str
    info: _Info

    @property
    def description(self) -> str:
        return str(self.info.get("description", "")).strip()

    @property
    def parameters(self) -> dict[str, Rule]:
        return self.info.get("parameters", {}).get("properties") or {}

    @property
    def privileges(self) -> str | None:
        """Which privileges it needs, in words."""
        check = self.info.get("permissions", {}).get("check")
        return _in_words(check) if check else None

    def rule(self, name: str) -> Rule | None:
        """The rule of a parameter; numbered ones share that of name[n]."""
        return self.parameters.get(name) or self.parameters.get(re.sub(r"\d+$", "[n]", name))


def parse(script: str) -> list[Endpoint]:
    """The calls in the script of the server's API viewer."""
    found = _ASSIGNED.search(script)
    try:
        tree, _ = json.JSONDecoder().raw_decode(script, found.end()) if found else (None, 0)
    except ValueError:
        tree = None
    if not isinstance(tree, list):
        raise Failed(
            "This server does not deliver the description of its API.",
            "It belongs to the package pve-docs; without it only the tools with a name of their own work.",
        )
    return [endpoint for node in tree for endpoint in _endpoints(node)]


def _endpoints(node: _Node) -> Iterator[Endpoint]:
    for method, info in (node.get("info") or {}).items():
        yield Endpoint(cast(Method, method), node["path"], info)
    for child in node.get("children") or []:
        yield from _endpoints(child)


def search(calls: list[Endpoint], words: str) -> list[Endpoint]:
    """The call that is named exactly, or those that contain all the words, with more of them in the path first."""
    if exact := [call for call in calls if words in {call.path, f"{call.method} {call.path}"}]:
        return exact
    wanted = [word for word in re.findall(r"[\w-]+", words.lower()) if word]
    ranked = []
    for call in calls:
        path = f"{call.method} {call.path}".lower()
        text = f"{path} {call.description} {' '.join(call.parameters)}".lower()
        if wanted and all(word in text for word in wanted):
            ranked.append((-sum(word in path for word in wanted), len(call.path), call.path, call))
    return [call for *_, call in sorted(ranked, key=lambda each: each[:3])]


def matching(calls: list[Endpoint], method: Method, path: str) -> tuple[Endpoint, dict[str, str]]:
    """The documented call that a concrete path belongs to, and the values in it."""
    if ".." in path.split("/") or not re.fullmatch(r"(/[^/?#%\s\\]+)+", path):
        raise InvalidInput(
            "path is no plain path of the API.", "Write it as /nodes/pve1/qemu/100/config; parameters go into params."
        )
    found = []
    for call in calls:
        pattern = re.sub(r"\\\{(\w+)\\\}", _segment, re.escape(call.path))
        match = re.fullmatch(pattern, path) if call.method == method else None
        if match:
            found.append((call.path.count("{"), call, match.groupdict()))
    if not found:
        raise InvalidInput(f"This Proxmox VE documents no {method} {path}.", "search_api finds what there is.")
    _, call, values = min(found, key=lambda each: each[0])
    return call, values


def _segment(name: re.Match[str]) -> str:
    """A volume is the one parameter of a path that may hold slashes: local:backup/vzdump-qemu-100.vma.zst."""
    return f"(?P<{name[1]}>{'.+' if name[1] == 'volume' else '[^/]+'})"


def _in_words(rule: PermissionRule) -> str:
    kind, *rest = rule
    if kind in ("and", "or"):
        return f" {kind} ".join(f"({_in_words(part)})" for part in rest)
    if kind == "perm":
        path, privileges, *options = rest
        return f"{' or '.join(privileges) if 'any' in options else ' and '.join(privileges)} on {path}"
    return " ".join(map(str, rule))
