"""What the cluster says of a user's rights."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Permission:
    """Whether something is allowed, and what was said beside it."""

    allowed: bool
    said: str
