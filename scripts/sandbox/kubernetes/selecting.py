"""Label and field selectors, and the values a field selector may name."""

import re
from typing import Any

from sandbox.kubernetes.answers import bad_request

Json = dict[str, Any]
_TERM = re.compile(r"^(?P<key>[\w./-]+)\s*(?P<op>==|=|!=|\s(?:not)?in\s)\s*(?P<value>.*)$")
_LABEL = re.compile(r"^[A-Za-z0-9][\w./-]*$")


def match_labels(selector: str, labels: Json) -> bool:
    """Whether labels satisfy `a=b,c!=d,e,!f,g in (x,y)`."""
    return all(_label_term(term.strip(), labels) for term in _split(selector))


def _split(selector: str) -> list[str]:
    return [term for term in re.split(r",(?![^()]*\))", selector) if term.strip()]


def _label_term(term: str, labels: Json) -> bool:
    if found := _TERM.match(term):
        return _compare(labels.get(found["key"]), found["op"].strip(), found["value"].strip())
    negated = term.startswith("!")
    key = term.removeprefix("!").strip()
    if not _LABEL.match(key):
        raise bad_request(f"found '{term[0]}', expected: !, identifier, or 'end of string'")
    return (key in labels) != negated


def _compare(actual: str | None, operator: str, wanted: str) -> bool:
    if operator in ("in", "notin"):
        values = [value.strip() for value in wanted.strip("()").split(",")]
        return (actual in values) == (operator == "in")
    return (actual == wanted) == (operator != "!=")


def match_fields(selector: str, item: Json) -> bool:
    """Whether an object satisfies `metadata.name=x,spec.nodeName!=y`."""
    return all(_field_term(term, item) for term in _split(selector))


def _field_term(term: str, item: Json) -> bool:
    found = _TERM.match(term.strip())
    if not found:
        raise bad_request(f"invalid selector: '{term}'; can't understand '{term}'")
    return _compare(str(_value(item, found["key"])), found["op"].strip(), found["value"].strip())


def _value(item: Json, path: str) -> Any:
    value: Any = item
    for part in path.split("."):
        value = value.get(part, "") if isinstance(value, dict) else ""
    return value
