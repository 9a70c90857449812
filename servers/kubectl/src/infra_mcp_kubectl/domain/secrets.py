"""Secrets: which objects they are, and the values in them."""

import base64
import binascii
from collections.abc import Iterable
from contextlib import suppress

from infra_mcp_common.text.redaction import MASK
from infra_mcp_kubectl.domain.objects import KubeObject

# Everything else in a Secret counts as its contents, a misspelt `stringData` too.
OPEN_FIELDS = ("apiVersion", "kind", "metadata", "type", "immutable")
_SHORTEST = 4


def is_secret(item: object) -> bool:
    return isinstance(item, dict) and item.get("kind") == "Secret"


def names_secrets(kind: str) -> bool:
    """Whether a kind, as an argument spells it, is that of Secrets."""
    return kind.lower().partition(".")[0] in ("secret", "secrets")


def values_of(objects: Iterable[KubeObject]) -> set[str]:
    """The secret values in these objects, in plain and in base64, as far as they are long enough to be told apart."""
    found: set[str] = set()
    for item in objects:
        if isinstance(item, dict) and isinstance(item.get("items"), list):
            found |= values_of(item["items"])
        if is_secret(item):
            found |= leaves({name: value for name, value in item.items() if name not in OPEN_FIELDS})
    return found


def leaves(value: object) -> set[str]:
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


def without(text: str, values: Iterable[str]) -> str:
    """A text with these values masked, longest first."""
    for value in sorted(values, key=len, reverse=True):
        text = text.replace(value, MASK)
    return text
