"""1,200 requests in five minutes for each token, announced in headers; then 429 until the window ends."""

import math
import time
from dataclasses import dataclass, field

from sandbox.cloudflare.errors import ApiError


@dataclass
class RateLimit:
    """A fixed window for each token. `quota` and `window` (seconds) may be changed while it runs."""

    quota: int = 1200
    window: int = 300
    _used: dict[str, tuple[float, int]] = field(default_factory=dict)

    def count(self, token_id: str) -> dict[str, str]:
        """Count one request and return the headers of its answer.

        Raises:
            ApiError: the quota of the window is used up.
        """
        start, used = self._used.get(token_id, (time.monotonic(), 0))
        if time.monotonic() - start >= self.window:
            start, used = time.monotonic(), 0
        self._used[token_id] = (start, used + 1)
        left = max(1, math.ceil(start + self.window - time.monotonic()))
        headers = self._headers(max(0, self.quota - used - 1), left)
        if used >= self.quota:
            error = limited(left)
            error.headers |= headers
            raise error
        return headers

    def _headers(self, remaining: int, left: int) -> dict[str, str]:
        return {
            "Ratelimit": f'"default";r={remaining};t={left}',
            "Ratelimit-Policy": f'"default";q={self.quota};w={self.window}',
        }


def limited(seconds: float) -> ApiError:
    """The answer to one request too many."""
    error = ApiError(429, 10429, "Rate limited. Please wait and consider throttling your request speed")
    error.headers["Retry-After"] = str(math.ceil(seconds))
    return error
