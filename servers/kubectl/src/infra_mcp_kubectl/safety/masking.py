"""Secrets made unreadable: their data, and every copy of it that tools leave in annotations."""

import base64
import binascii
from contextlib import suppress
from typing import Any

from infra_mcp_common.text.redaction import MASK

Json = dict[str, Any]
# Everything else in a Secret counts as its contents, a misspelt `stringData` too.
_OPEN = ("apiVersion", "kind", "metadata", "type", "immutable")
_SHORTEST = 4
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def mask(value: Any) -> Any:
    """The same data with the contents of every Secret masked, wherever it is nested, and without kubectl's noise."""
    if isinstance(value, list):
        return [mask(item) for item in value]
    if not isinstance(value, dict):
        return value
    tidy = {name: mask(inner) for name, inner in value.items()}
    if isinstance(tidy.get("metadata"), dict):
        tidy["metadata"] = _without_noise(tidy["metadata"])
    return _masked_secret(value, tidy) if is_secret(value) else tidy


def is_secret(item: Any) -> bool:
    return isinstance(item, dict) and item.get("kind") == "Secret"


def names_secrets(kind: str) -> bool:
    """Whether a kind, as an argument spells it, is that of Secrets."""
    return kind.lower().partition(".")[0] in ("secret", "secrets")


def _without_noise(metadata: Json) -> Json:
    kept = {name: value for name, value in metadata.items() if name != "managedFields"}
    if isinstance(kept.get("annotations"), dict):
        kept["annotations"] = {k: v for k, v in kept["annotations"].items() if k != LAST_APPLIED}
    return {name: value for name, value in kept.items() if value not in ({}, [])}


def _masked_secret(raw: Json, tidy: Json) -> Json:
    for part in tidy.keys() - set(_OPEN):
        tidy[part] = dict.fromkeys(tidy[part], MASK) if isinstance(tidy[part], dict) else MASK
    annotations = tidy.get("metadata", {}).get("annotations")
    if isinstance(annotations, dict):
        values = values_of([raw])
        tidy["metadata"]["annotations"] = {k: _masked_annotation(k, v, values) for k, v in annotations.items()}
    return tidy


def _masked_annotation(name: str, text: Any, values: set[str]) -> Any:
    copied = "applied" in name or any(value in str(text) for value in values)
    return MASK if copied else text


def values_of(objects: list[Any]) -> set[str]:
    """The secret values in these objects, in plain and in base64, as far as they are long enough to be told apart."""
    found: set[str] = set()
    for item in objects:
        if isinstance(item, dict) and isinstance(item.get("items"), list):
            found |= values_of(item["items"])
        if is_secret(item):
            found |= leaves({name: value for name, value in item.items() if name not in _OPEN})
    return found


def leaves(value: Any) -> set[str]:
    """The texts in some data, in plain and in base64, as far as they are long enough to be told apart."""
    if isinstance(value, dict):
        return set().union(*map(leaves, value.values()))
    if isinstance(value, list):
        return set().union(*map(leaves, value))
    return {spelling for spelling in _spellings(str(value)) if len(spelling) >= _SHORTEST}


def _spellings(value: str) -> set[str]:
    spellings = {value, base64.b64encode(value.encode()).decode()}
    with suppress(binascii.Error, UnicodeDecodeError):  # plain text, or bytes that no text repeats
        spellings.add(base64.b64decode(value, validate=True).decode())
    return spellings


def without(text: str, values: set[str]) -> str:
    """A text with these values masked, longest first."""
    for value in sorted(values, key=len, reverse=True):
        text = text.replace(value, MASK)
    return text
