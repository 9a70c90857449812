"""Variables in private files that Ansible takes as they are: no template in a text is rendered, a text stays one."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

from infra_mcp_ansible.domain.variables import secret_values
from infra_mcp_ansible.transport.private_folder import write_private
from infra_mcp_common.runtime import current

_SURROGATES = re.compile(r"\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})")


def write_variables(path: Path, value: object) -> Path:
    """Write them down, with what is secret in them masked from now on."""
    learn_secrets(value)
    return write_private(path, literal(value))


def learn_secrets(value: object) -> None:
    """Mask, from now on, what is secret in these variables."""
    for text in secret_values(value):
        current().secrets.learn(text)


def literal(value: object) -> str:
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
