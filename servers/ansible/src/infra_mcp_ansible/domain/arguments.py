"""Names: which variables look secret, and what may stand where Ansible would otherwise see an option or a template."""

import re
from collections.abc import Mapping
from typing import Any

from infra_mcp_common.errors import InvalidInput
from infra_mcp_common.runtime import current

_SECRET = re.compile(
    r"pass(wd|word|phrase)?($|_)|pwd|secret|token|credential|api_?key|(private|access|ssh|encryption|signing)_?key|^vault_",
    re.IGNORECASE,
)
_HARMLESS = re.compile(
    r"^(update|generate|no)_|_(file|path|dir|length|enabled|expiry|lifetime|type|bits|size|comment|lock|state|policy)$",
    re.IGNORECASE,
)
_VARIABLE = re.compile(r"[A-Za-z_]\w{0,127}")
_FILE = re.compile(r"(^|[,:])\s*@")
_LONGEST = 4_000
_MODULE = re.compile(r"(?=.{,200}$)[A-Za-z_]\w*(\.\w+)*")


def looks_secret(name: str) -> bool:
    """Whether a variable of this name probably holds a secret, and not, say, the path of one."""
    return bool(_SECRET.search(name)) and not _HARMLESS.search(name)


def check_plain(what: str, value: str | None) -> None:
    """Refuse what Ansible would take for an option, a template or the name of a file to read."""
    if value is None:
        return
    if value.startswith("-"):
        raise InvalidInput(f"The {what} begins with a dash, as an option does.", "Leave the dash out.")
    if not value.strip() or "{{" in value or "{%" in value or _FILE.search(value):
        raise InvalidInput(f"The {what} is empty, a template or a file reference.", "Give it in plain words.")
    if not value.isprintable() or len(value) > _LONGEST:
        raise InvalidInput(
            f"The {what} holds a character that can't be printed, or more than {_LONGEST} of them.", "Give a plain one."
        )


def check_module(name: str) -> None:
    if not _MODULE.fullmatch(name):
        raise InvalidInput("That is no module name.", "Give it as ansible.builtin.ping or ping.")


def check_extra_vars(given: Mapping[str, Any]) -> None:
    """Refuse names that are none, and those that would move a play to another host or another way of connecting."""
    for name in given:
        if not _VARIABLE.fullmatch(name):
            raise InvalidInput("A name in extra_vars is no variable name.", "Use letters, digits and underscores.")
        if name.startswith("ansible_"):
            raise InvalidInput(
                f"extra_vars may not set {name}: variables of that kind decide where and how Ansible connects.",
                "They belong into the inventory.",
            )


def learn_secrets(value: Any, *, secret: bool = False) -> None:
    """Mask, from now on, what is secret in these variables."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            learn_secrets(inner, secret=secret or looks_secret(str(name)))
    elif isinstance(value, list | tuple):
        for inner in value:
            learn_secrets(inner, secret=secret)
    elif secret and value is not None and not isinstance(value, bool):
        current().secrets.learn(str(value))
