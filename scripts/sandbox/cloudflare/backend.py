"""What answers a request: zones and tokens, what shall go wrong, the rate limit, and the record of what came."""

from sandbox.cloudflare.faults import Faults
from sandbox.cloudflare.ratelimit import RateLimit
from sandbox.cloudflare.recording import Recording
from sandbox.cloudflare.state import State
from sandbox.cloudflare.tokens import Token


class Backend:
    """Everything behind the HTTP server."""

    def __init__(self) -> None:
        self.state = State()
        self.tokens: dict[str, Token] = {}
        self.faults = Faults()
        self.recording = Recording()
        self.rate_limit = RateLimit()
