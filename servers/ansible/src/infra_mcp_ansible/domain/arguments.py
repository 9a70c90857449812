"""What may stand where Ansible would otherwise see an option, a template or the name of a file."""

import re
from collections.abc import Mapping

from infra_mcp_common.errors import InvalidInput

_VARIABLE = re.compile(r"[A-Za-z_]\w{0,127}")
_FILE = re.compile(r"(^|[,:])\s*@")
_LONGEST = 4_000
_MODULE = re.compile(r"(?=.{,200}$)[A-Za-z_]\w*(\.\w+)*")


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


def check_extra_vars(given: Mapping[str, object]) -> None:
    """Refuse names that are none, and those that would move a play to another host or another way of connecting."""
    for name in given:
        if not _VARIABLE.fullmatch(name):
            raise InvalidInput("A name in extra_vars is no variable name.", "Use letters, digits and underscores.")
        if name.startswith("ansible_"):
            raise InvalidInput(
                f"extra_vars may not set {name}: variables of that kind decide where and how Ansible connects.",
                "They belong into the inventory.",
            )
