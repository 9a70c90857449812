"""The server's own description of its API, searched and used to check calls before they are sent."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, cast

from infra_mcp_common.errors import Failed, InvalidInput
from infra_mcp_common.runtime import current
from infra_mcp_proxmox.answers.guests import ApiCall
from infra_mcp_proxmox.transport.api import Api, Row

Method = Literal["GET", "POST", "PUT", "DELETE"]
_ASSIGNED = re.compile(r"(?:const|let|var)\s+\w+\s*=\s*(?=\[)")
_TRUTH = {"true", "false", "1", "0", "yes", "no", "on", "off"}


@dataclass(frozen=True)
class Endpoint:
    """One documented call."""

    method: Method
    path: str
    info: Row

    @property
    def parameters(self) -> dict[str, Row]:
        return self.info.get("parameters", {}).get("properties") or {}

    def rule(self, name: str) -> Row | None:
        """The rule of a parameter; numbered ones share that of name[n]."""
        return self.parameters.get(name) or self.parameters.get(re.sub(r"\d+$", "[n]", name))

    def shown(self, *, full: bool) -> ApiCall:
        check = self.info.get("permissions", {}).get("check")
        return ApiCall(
            method=self.method,
            path=self.path,
            description=str(self.info.get("description", "")).strip()[: 1000 if full else 200],
            privileges=_privileges(check) if check else None,
            parameters=[_parameter(name, rule) for name, rule in sorted(self.parameters.items())] if full else None,
        )


class Documentation:
    """The documented calls that were read so far, by host and version."""

    def __init__(self) -> None:
        self.read: dict[str, list[Endpoint]] = {}


async def endpoints(api: Api) -> list[Endpoint]:
    """All documented calls of this server's version, fetched once."""
    key = f"{api.client.host} {(await api.version()).get('version')}"
    read = current().keep(Documentation).read
    if key not in read:
        read[key] = parse(await api.documentation())
    return read[key]


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
    return [endpoint for node in tree for endpoint in _walk(node)]


def _walk(node: Row) -> Iterator[Endpoint]:
    for method, info in (node.get("info") or {}).items():
        yield Endpoint(cast(Method, method), node["path"], info)
    for child in node.get("children") or []:
        yield from _walk(child)


def search(calls: list[Endpoint], words: str) -> list[Endpoint]:
    """The calls that contain all the words, those with more of them in the path first."""
    wanted = [word for word in re.findall(r"[\w-]+", words.lower()) if word]
    ranked = []
    for call in calls:
        path = f"{call.method} {call.path}".lower()
        text = f"{path} {call.info.get('description', '')} {' '.join(call.parameters)}".lower()
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


def check(call: Endpoint, params: dict[str, Any]) -> None:
    """Refuse what the server would refuse, naming every parameter that is wrong."""
    wrong = [f"{name}: {problem}" for name, value in params.items() if (problem := _problem(call.rule(name), value))]
    missing = [
        f"{name}: is missing"
        for name, rule in call.parameters.items()
        if not rule.get("optional") and "[n]" not in name and name not in params
    ]
    if wrong or missing:
        raise InvalidInput(
            f"{call.method} {call.path} does not take that: {'; '.join((wrong + missing)[:10])}.",
            "search_api with the path shows its parameters.",
        )


def _problem(rule: Row | None, value: Any) -> str | None:
    if rule is None:
        return "there is no such parameter"
    kind, text = rule.get("type", "string"), str(value).lower() if isinstance(value, bool) else str(value)
    if isinstance(value, list) and kind != "array":
        return "must be a single value"
    good = {
        "integer": re.fullmatch(r"[+-]?\d+", text),
        "number": re.fullmatch(r"[+-]?\d+(\.\d+)?", text),
        "boolean": text in _TRUTH,
    }.get(kind, True)
    if not good:
        return f"must be {kind}"
    return _outside(rule, kind, text)


def _outside(rule: Row, kind: str, text: str) -> str | None:
    if rule.get("enum") and text not in rule["enum"]:
        return f"must be one of {', '.join(map(str, rule['enum']))}"
    if kind in ("integer", "number"):
        for key, sign in (("minimum", 1), ("maximum", -1)):
            if key in rule and (float(text) - float(rule[key])) * sign < 0:
                return f"the {key} is {rule[key]}"
    if len(text) > rule.get("maxLength", len(text)):
        return f"must be at most {rule['maxLength']} characters"
    return None


def _parameter(name: str, rule: Row) -> Row:
    kept: Row = {key: rule[key] for key in ("type", "enum", "minimum", "maximum", "default", "pattern") if key in rule}
    needed = {} if rule.get("optional") else {"required": True}
    return {"name": name, **kept, **needed, "description": str(rule.get("description", ""))[:160]}


def _privileges(rule: list[Any]) -> str:
    """A permission rule in words."""
    kind, *rest = rule
    if kind in ("and", "or"):
        return f" {kind} ".join(f"({_privileges(part)})" for part in rest)
    if kind == "perm":
        path, privileges, *options = rest
        return f"{' or '.join(privileges) if 'any' in options else ' and '.join(privileges)} on {path}"
    return " ".join(map(str, rule))
