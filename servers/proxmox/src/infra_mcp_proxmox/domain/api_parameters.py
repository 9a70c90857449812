"""Whether parameters are what the API's description asks for: said before a call is sent."""

import re
from collections.abc import Mapping

from infra_mcp_common.errors import InvalidInput
from infra_mcp_proxmox.domain.api_schema import Endpoint, Rule

_TRUTH = {"true", "false", "1", "0", "yes", "no", "on", "off"}


def check(call: Endpoint, params: Mapping[str, object]) -> None:
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


def _problem(rule: Rule | None, value: object) -> str | None:
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
    return _outside(rule, kind, text) if good else f"must be {kind}"


def _outside(rule: Rule, kind: str, text: str) -> str | None:
    if rule.get("enum") and text not in rule["enum"]:
        return f"must be one of {', '.join(map(str, rule['enum']))}"
    if kind in ("integer", "number"):
        if "minimum" in rule and float(text) < float(rule["minimum"]):
            return f"the minimum is {rule['minimum']}"
        if "maximum" in rule and float(text) > float(rule["maximum"]):
            return f"the maximum is {rule['maximum']}"
    if len(text) > rule.get("maxLength", len(text)):
        return f"must be at most {rule['maxLength']} characters"
    return None
