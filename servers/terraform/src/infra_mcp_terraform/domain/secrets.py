"""Sensitive values out of everything a directory's runs say.

Terraform marks values by path and forgets the mark when a provider hands a value back, or an error repeats a command
line. So every value that was ever marked in a directory is also masked wherever it appears, in its usual spellings.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from infra_mcp_common.runtime import current
from infra_mcp_common.text.redaction import MASK, spellings

_SHORTEST = 4
_ORDINARY = {"true", "false", "null", "none"}
_INDEX = re.compile(r'\["(?:[^"\\]|\\.)*"\]')


class Secrets:
    """The sensitive values that are known of one directory."""

    def __init__(self) -> None:
        self._values: set[str] = set()
        self._pattern: re.Pattern[str] | None = None

    def learn(self, *values: Any) -> None:
        """Mask every text and number inside these values from now on."""
        new = {text for value in values for text in _leaves(value)} - self._values
        if new:
            self._values |= new
            forms = sorted(set().union(*map(spellings, self._values)), key=len, reverse=True)
            self._pattern = re.compile("|".join(map(re.escape, forms)))

    def mask(self, text: str) -> str:
        return self._pattern.sub(MASK, text) if self._pattern else text

    def mask_address(self, address: str) -> str:
        """The address with its keys masked; names are no secrets."""
        return _INDEX.sub(lambda key: self.mask(key[0]), address)

    def masked(self, value: Any, mark: Any = False) -> Any:
        """The same data without what `mark`, terraform's parallel tree of sensitive paths, or its value forbids."""
        if mark is True and value is not None:
            return MASK
        if isinstance(value, str):
            return self.mask(value)
        if isinstance(value, dict):
            return {self.mask(key): self.masked(inner, _under(mark, key)) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.masked(inner, _under(mark, index)) for index, inner in enumerate(value)]
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return MASK if is_number and str(value) in self._values else value


class Known:
    """What was learnt, by directory."""

    def __init__(self) -> None:
        self.directories: dict[Path, Secrets] = {}


def secrets_of(directory: Path) -> Secrets:
    """What this server has learnt about a directory."""
    return current().keep(Known).directories.setdefault(directory, Secrets())


def learn_plan(secrets: Secrets, plan: dict[str, Any]) -> None:
    """Take in what a plan, as `show -json` prints it, marks as sensitive."""
    configuration = plan.get("configuration", {}).get("root_module", {})
    given = {name: variable.get("value") for name, variable in plan.get("variables", {}).items()}
    found = [given.get(name) for name, declared in configuration.get("variables", {}).items() if _sensitive(declared)]
    found += _constants(configuration)
    for planned in (*plan.get("resource_changes", []), *plan.get("resource_drift", [])):
        found += _of_change(planned["change"])
    for change in plan.get("output_changes", {}).values():
        found += _of_change(change)
    secrets.learn(*found)
    learn_state(secrets, {"values": plan.get("planned_values")})
    learn_state(secrets, plan.get("prior_state", {}))


def learn_state(secrets: Secrets, state: dict[str, Any]) -> None:
    """Take in what a state, as `show -json` prints it, marks as sensitive."""
    values = state.get("values") or {}
    found = [output.get("value") for output in values.get("outputs", {}).values() if output.get("sensitive")]
    for resource in resources_of(state):
        found += _marked(resource.get("values"), resource.get("sensitive_values"))
    secrets.learn(*found)


def resources_of(state: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The resource instances of a state with all its modules."""
    modules = [(state.get("values") or {}).get("root_module", {})]
    while modules:
        module = modules.pop(0)
        yield from module.get("resources", [])
        modules = module.get("child_modules", []) + modules


def _of_change(change: dict[str, Any]) -> list[Any]:
    before = _marked(change.get("before"), change.get("before_sensitive"))
    return before + _marked(change.get("after"), change.get("after_sensitive"))


def _constants(module: dict[str, Any]) -> list[Any]:
    """Literals handed to sensitive variables of modules."""
    found = []
    for call in module.get("module_calls", {}).values():
        inner = call.get("module", {})
        for name, declared in inner.get("variables", {}).items():
            if _sensitive(declared):
                found += [call.get("expressions", {}).get(name, {}).get("constant_value"), declared.get("default")]
        found += _constants(inner)
    return found


def _sensitive(declared: dict[str, Any]) -> bool:
    return declared.get("sensitive") is True


def _marked(value: Any, mark: Any) -> list[Any]:
    if mark is True:
        return [value]
    if isinstance(value, dict) and isinstance(mark, dict):
        return [leaf for key in mark if key in value for leaf in _marked(value[key], mark[key])]
    if isinstance(value, list) and isinstance(mark, list):
        return [leaf for inner, sign in zip(value, mark, strict=False) for leaf in _marked(inner, sign)]
    return []


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        text = str(value)
        if len(text) >= _SHORTEST and text.lower() not in _ORDINARY:
            yield text


def _under(mark: Any, key: Any) -> Any:
    if isinstance(mark, dict):
        return mark.get(key, False)
    return mark[key] if isinstance(mark, list) and key < len(mark) else False
