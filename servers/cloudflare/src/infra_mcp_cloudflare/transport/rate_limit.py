"""How much of the rate limit is left, as the last answer said; shown when it gets low."""

import re
from collections.abc import Mapping

_LOW = 0.1


class RateLimit:
    """What the last answer said. warning: a sentence when less than a tenth is left, else None."""

    warning: str | None = None

    def note(self, headers: Mapping[str, str]) -> None:
        """Remember `Ratelimit: "default";r=50;t=30` and `Ratelimit-Policy: "default";q=1200;w=300`."""
        left = re.search(r"\br=(\d+);\s*t=(\d+)", headers.get("Ratelimit", ""))
        quota = re.search(r"\bq=(\d+)", headers.get("Ratelimit-Policy", ""))
        if left is None:
            return
        remaining, seconds = map(int, left.groups())
        allowed = int(quota[1]) if quota else 1200
        low = remaining < allowed * _LOW
        self.warning = f"{remaining} of {allowed} API requests left for the next {seconds} seconds" if low else None
