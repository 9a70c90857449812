"""Variables, facts and results: names with values of any kind that JSON has, and which of them look secret."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

# The one type for what only the operator's inventory, or a module, knows the shape of.
Variables = dict[str, Any]

_SECRET = re.compile(
    r"pass(wd|word|phrase)?($|_)|pwd|secret|token|credential|api_?key|(private|access|ssh|encryption|signing)_?key|^vault_",
    re.IGNORECASE,
)
_HARMLESS = re.compile(
    r"^(update|generate|no)_|_(file|path|dir|length|enabled|expiry|lifetime|type|bits|size|comment|lock|state|policy)$",
    re.IGNORECASE,
)


def looks_secret(name: str) -> bool:
    """Whether a variable of this name probably holds a secret, and not, say, the path of one."""
    return bool(_SECRET.search(name)) and not _HARMLESS.search(name)


def secret_values(value: object, *, secret: bool = False) -> Iterator[str]:
    """What is secret in these variables by its name; all of the value where the whole is."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from secret_values(inner, secret=secret or looks_secret(str(name)))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from secret_values(inner, secret=secret)
    elif secret and value is not None and not isinstance(value, bool):
        yield str(value)
