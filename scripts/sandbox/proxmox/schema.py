"""What each call accepts, as strict as the real thing: unknown, missing and ill-typed parameters are refused."""

import json
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from sandbox.proxmox.errors import ApiError

TABLE = Path(__file__).with_name("table.txt")
FORMATS = {
    "pve-vmid": (r"[1-9][0-9]{2,8}", "value does not look like a valid VM ID"),
    "pve-node": (r"[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?", "value does not look like a valid node name"),
    "pve-storage-id": (r"[a-zA-Z][a-zA-Z0-9_.-]*[a-zA-Z0-9]", "storage ID contains illegal characters"),
    "pve-configid": (r"[a-zA-Z][a-zA-Z0-9_-]+", "invalid configuration ID"),
    "dns-name": (r"[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?", "value does not look like a valid DNS name"),
    "urlencoded": (r"[-%a-zA-Z0-9_.!~*'()]*", "invalid urlencoded string"),
    "pve-poolid": (r"[A-Za-z0-9._/-]+", "value contains invalid characters"),
}
TRUE = {"1", "on", "yes", "true"}
TYPES = {"integer": r"[+-]?\d+", "number": r"[+-]?\d+(\.\d+)?", "boolean": r"(?i:1|on|yes|true|0|off|no|false)"}


@dataclass
class Endpoint:
    """One call in one version: its parameters' rules and the privileges it needs."""

    method: str
    path: str
    rules: dict[str, dict[str, Any]] = field(default_factory=dict)
    check: dict[str, Any] = field(default_factory=dict)

    def rule(self, name: str) -> dict[str, Any] | None:
        return self.rules.get(name) or self.rules.get(re.sub(r"\d+$", "[n]", name))


def pick(by_versions: dict[str, Any], version: str) -> Any:
    return next((value for versions, value in by_versions.items() if version in versions.split()), None)


@cache
def load(version: str) -> dict[str, Endpoint]:
    """The served calls of one version ("7.4", "8.4", "9.1"), by `METHOD /path`."""
    found: dict[str, Endpoint] = {}
    current = None
    for line in TABLE.read_text("utf-8").splitlines():
        name, _, rest = line.strip().partition(" ")
        if not line.startswith(" "):
            path, _, versions = rest.partition(" ")
            current = Endpoint(name, path) if version in json.loads(versions) else None
            if current:
                found[f"{name} {path}"] = current
        elif current and name == "!":
            current.check = pick(json.loads(rest), version)
        elif current and (rule := pick(json.loads(rest), version)) is not None:
            current.rules[name] = rule
    return found


def verify(endpoint: Endpoint, given: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters with their types, or raise 400 with one message for each bad one."""
    errors: dict[str, str] = {}
    typed: dict[str, Any] = {}
    for name, value in given.items():
        rule = endpoint.rule(name)
        if rule is None:
            errors[name] = "property is not defined in schema and the schema does not allow additional properties"
            continue
        typed[name] = convert(rule, value)
        if message := problem(rule, value):
            errors[name] = message
        if (other := rule.get("requires")) and other not in given:
            errors[other] = f"missing property - '{name}' requires this property"
    for name, rule in endpoint.rules.items():
        if not rule.get("optional") and "[n]" not in name and name not in given:
            errors[name] = "property is missing and it is not optional"
    if errors:
        raise ApiError(400, "Parameter verification failed.", errors)
    return typed


def convert(rule: dict[str, Any], value: Any) -> Any:
    """The value as the handlers want it; nonsense stays as it is and is refused by `problem`."""
    kind = rule.get("type", "string")
    if kind == "array":
        return value if isinstance(value, list) else [value]
    if kind == "boolean":
        return str(value).lower() in TRUE
    if kind == "integer" and re.fullmatch(r"[+-]?\d+", str(value)):
        return int(value)
    return value


def problem(rule: dict[str, Any], value: Any) -> str | None:
    """Why a value is refused, in the real server's words."""
    kind = rule.get("type", "string")
    if kind == "array":
        return None
    if isinstance(value, list):
        return f"type check ('{kind}') failed - got ARRAY"
    text = str(value)
    return wrong_type(kind, text) or out_of_bounds(rule, kind, text) or wrong_format(rule, text)


def wrong_type(kind: str, text: str) -> str | None:
    good = kind not in TYPES or re.fullmatch(TYPES[kind], text)
    return None if good else f"type check ('{kind}') failed - got '{text}'"


def out_of_bounds(rule: dict[str, Any], kind: str, text: str) -> str | None:
    if kind in {"integer", "number"} and rule.get("format") != "pve-vmid":
        if "min" in rule and float(text) < float(rule["min"]):
            return f"value must have a minimum value of {rule['min']}"
        if "max" in rule and float(text) > float(rule["max"]):
            return f"value must have a maximum value of {rule['max']}"
    if len(text) > rule.get("longest", len(text)):
        return f"value may only be {rule['longest']} characters long"
    if len(text) < rule.get("shortest", 0):
        return f"value must be at least {rule['shortest']} characters long"
    if "enum" in rule and text not in rule["enum"]:
        return f"value '{text}' does not have a value in the enumeration '{', '.join(rule['enum'])}'"
    return None


def wrong_format(rule: dict[str, Any], text: str) -> str | None:
    if "pattern" in rule and not re.search(f"^{rule['pattern']}$", text):
        return "value does not match the regex pattern"
    pattern, message = FORMATS.get(rule.get("format", ""), (".*", ""))
    if not re.fullmatch(pattern, text, re.DOTALL):
        return f"invalid format - {message}\n"
    return unknown_keys(rule, text) if "keys" in rule else None


def unknown_keys(rule: dict[str, Any], text: str) -> str | None:
    """A property list is `key=value,…`; at most one part may leave out its key."""
    for part in filter(None, text.split(",")):
        key, equals, _ = part.partition("=")
        if not equals and rule.get("default"):
            continue
        if not equals or not any(re.fullmatch(re.sub(r"\[n\]", r"\\d+", known), key) for known in rule["keys"]):
            return f"invalid format - format error\n{key}: property is not defined in schema\n"
    return None
