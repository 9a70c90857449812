"""The safety classes of tools and of what they do."""

from typing import Literal

Kind = Literal["read", "write", "destructive"]
ORDER: dict[Kind, int] = {"read": 0, "write": 1, "destructive": 2}
