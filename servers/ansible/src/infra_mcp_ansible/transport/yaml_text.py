"""Values as YAML that Ansible takes as they are: no template in a text is rendered, and a text stays a text."""

import json
import re
from collections.abc import Mapping
from typing import Any

_SURROGATES = re.compile(r"\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})")


def literal(value: Any) -> str:
    """YAML for this JSON value, in one line."""
    if isinstance(value, str):
        # Marked, Ansible renders no template in it; but it then takes "false" or "12" for what they look like.
        return f"!unsafe {_quoted(value)}" if "{" in value else _quoted(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_quoted(str(key))}: {literal(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(literal, value)) + "]"
    return json.dumps(value)


def _quoted(text: str) -> str:
    # JSON writes what lies beyond 16 bits as two escapes, which YAML does not join.
    return _SURROGATES.sub(_joined, json.dumps(text))


def _joined(pair: re.Match[str]) -> str:
    high, low = (int(part, 16) for part in pair.groups())
    return f"\\U{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00):08x}"
