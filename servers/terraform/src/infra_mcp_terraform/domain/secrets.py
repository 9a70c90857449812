"""Sensitive values out of everything a directory's runs say.

Terraform marks values by path and forgets the mark when a provider hands a value back, or an error repeats a command
line. So every value that was ever marked in a directory is also masked wherever it appears, in its usual spellings.
"""

import re
from collections.abc import Iterable, Iterator

from infra_mcp_common.text.redaction import MASK, spellings
from infra_mcp_terraform.domain.documents import Marks, Value
from infra_mcp_terraform.domain.trees import at, leaves

_SHORTEST = 4
_ORDINARY = {"true", "false", "null", "none"}
_INDEX = re.compile(r'\["(?:[^"\\]|\\.)*"\]')


class Secrets:
    """The sensitive values that are known of one directory."""

    def __init__(self) -> None:
        self._values: set[str] = set()
        self._pattern: re.Pattern[str] | None = None

    def learn(self, values: Iterable[Value]) -> None:
        """Mask every text and number inside these values from now on."""
        new = {text for value in values for text in _texts(value)} - self._values
        if new:
            self._values |= new
            forms = sorted(set().union(*map(spellings, self._values)), key=len, reverse=True)
            self._pattern = re.compile("|".join(map(re.escape, forms)))

    def mask(self, text: str) -> str:
        return self._pattern.sub(MASK, text) if self._pattern else text

    def mask_address(self, address: str) -> str:
        """The address with its keys masked; names are no secrets."""
        return _INDEX.sub(lambda key: self.mask(key[0]), address)

    def masked(self, value: Value, mark: Marks = False) -> Value:
        """The same data without what `mark`, terraform's parallel tree of sensitive paths, or its value forbids."""
        if mark is True and value is not None:
            return MASK
        if isinstance(value, str):
            return self.mask(value)
        if isinstance(value, dict):
            return self.masked_map(value, mark)
        if isinstance(value, list):
            return [self.masked(inner, at(mark, index)) for index, inner in enumerate(value)]
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return MASK if is_number and str(value) in self._values else value

    def masked_map(self, values: dict[str, Value], mark: Marks) -> dict[str, Value]:
        """The same map, its keys masked too."""
        return {self.mask(key): self.masked(inner, mark is True or at(mark, key)) for key, inner in values.items()}


def _texts(value: Value) -> Iterator[str]:
    """The texts and numbers inside a value that are long enough to be looked for."""
    for leaf in leaves(value):
        text = "" if leaf is None or isinstance(leaf, bool) else str(leaf)
        if len(text) >= _SHORTEST and text.lower() not in _ORDINARY:
            yield text
