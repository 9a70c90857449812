"""The one HTTP client, over `requests`: TLS verified, every wait bounded, connections kept, only safe repeats.

Redirects are not followed, so no answer can move a request, or its token, to another host. Proxies of the environment
are honoured; its certificate bundles and netrc are not, they would override what the operator set for this server.
"""

import itertools
import json as jsonlib
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote

import anyio
import anyio.to_thread

from infra_mcp_common.errors import Failed, InfraError, InvalidInput
from infra_mcp_common.guard.kinds import Kind
from infra_mcp_common.io import proxies
from infra_mcp_common.io.http_errors import AnswerLost, explain
from infra_mcp_common.runtime import current
from infra_mcp_common.tool_calls import call_context

if TYPE_CHECKING:
    from requests import Response, Session
    from requests.adapters import HTTPAdapter

Method = Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
_KINDS: dict[str, Kind] = {"GET": "read", "HEAD": "read", "DELETE": "destructive"}
_AT_ONCE = 16
_ATTEMPTS = 3
_LARGEST = 64 * 1024 * 1024


@dataclass(frozen=True)
class Answer:
    """What came back. reason: the phrase after the status, where some systems put their message."""

    status: int
    reason: str
    headers: Mapping[str, str]
    body: bytes
    system: str

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body as data; Failed where it is a web page or was cut."""
        try:
            return jsonlib.loads(self.body)
        except ValueError:
            page = self.text.lstrip()[:1] == "<"
            what = "a web page instead of data" if page else "data that can't be read as JSON, perhaps cut off"
            raise Failed(
                f"{self.system} answered with {what} (status {self.status}).",
                "Check the address; a proxy or portal may stand between, or the system may be overloaded.",
                status=self.status,
            ) from None


def path(*segments: str | int) -> str:
    """A URL path of these segments, each quoted whole, so that no argument adds a segment, a query or a dot-dot."""
    texts = [str(segment) for segment in segments]
    if any(text in ("", ".", "..") for text in texts):
        raise InvalidInput("A name in the request is empty or a dot path.", "Give the real name or id.")
    return "/" + "/".join(quote(text, safe="") for text in texts)


@dataclass
class Http:
    """A client of one system.

    system: its name in errors. base: scheme, host and path prefix. headers: sent with every request, tokens too.
    verify: true, or a file with certificates to trust, or false where the operator insists.
    adapter: mounts another transport, for pinned certificates. insist: whether to try again where no connection came
    about; false for a caller that has another address to ask. repeat_refused: whether to wait and try again where the
    system says that it was asked too often (429); false where a repeat makes it worse.
    """

    system: str
    base: str
    headers: Mapping[str, str] = field(repr=False)
    verify: bool | str = True
    connect_seconds: float = 5.0
    adapter: "HTTPAdapter | None" = None
    insist: bool = True
    repeat_refused: bool = True
    _session: "Session | None" = field(default=None, repr=False)
    _places: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(_AT_ONCE), repr=False)

    async def request(
        self,
        method: Method,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        json: Any = None,
        data: Any = None,
        headers: Mapping[str, str] | None = None,
        kind: Kind | None = None,
        timeout: float = 30.0,
    ) -> Answer:
        """Send one request, repeating it where that is safe, and return whatever status comes back.

        kind: what the request does, where its method misleads (a POST that only reads). timeout: seconds for all
        attempts. Raises Unreachable (with `cause`), TimedOut, or AnswerLost where a change may have happened.
        """
        does = kind or _KINDS.get(method, "write")
        call_context.require(does, f"{method} {path}")
        ends = time.monotonic() + timeout
        sent = {"params": params, "json": json, "data": data, "headers": headers}
        for attempt in itertools.count(1):
            outcome = await self._attempt(method, path, sent, does, ends)
            wait = self._wait_before_repeat(outcome, does, attempt)
            if wait is not None and time.monotonic() + wait < ends:
                await anyio.sleep(wait)
            elif isinstance(outcome, Answer):
                return outcome
            else:
                raise outcome
        raise AssertionError

    def close(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None

    def _wait_before_repeat(self, outcome: "Answer | InfraError", does: Kind, attempt: int) -> float | None:
        """Seconds to wait before a safe repeat, or None: what may have changed something is not sent twice."""
        backoff = random.uniform(0.2, 0.4) * 2**attempt  # noqa: S311 -- jitter
        if attempt == _ATTEMPTS:
            return None
        if not isinstance(outcome, Answer):
            never_sent = self.insist and outcome.facts.get("cause") in ("refused", "dns")
            broken_read = outcome.facts.get("cause") == "reset" and does == "read"
            return backoff if never_sent or broken_read else None
        refused_unprocessed = self.repeat_refused and outcome.status == 429
        if not refused_unprocessed and not (does == "read" and outcome.status in (502, 503, 504)):
            return None
        asked = outcome.headers.get("Retry-After", "")
        return float(asked) if asked.isdigit() else backoff

    async def _attempt(
        self, method: str, path: str, sent: Mapping[str, Any], does: Kind, ends: float
    ) -> "Answer | InfraError":
        from requests import RequestException

        try:
            with anyio.fail_after(max(0.0, ends - time.monotonic())):
                return await anyio.to_thread.run_sync(
                    self._exchange, method, path, sent, ends, abandon_on_cancel=True, limiter=self._places
                )
        except (RequestException, TimeoutError) as error:
            return explain(error, self.system, does)

    def _exchange(self, method: str, path: str, sent: Mapping[str, Any], ends: float) -> Answer:
        session = self._session or self._open()
        left = max(0.1, ends - time.monotonic())
        url = self.base + path
        with session.request(
            method,
            url,
            **sent,
            timeout=(min(self.connect_seconds, left), left),
            allow_redirects=False,
            stream=True,
            verify=self.verify,
            proxies=proxies.for_url(url, current().environment),
        ) as response:
            return Answer(response.status_code, response.reason, response.headers, _body(response, ends), self.system)

    def _open(self) -> "Session":
        from requests import Session
        from requests.adapters import HTTPAdapter

        session = Session()
        session.trust_env = False
        session.headers.update(self.headers)
        session.mount(self.base, self.adapter or HTTPAdapter(pool_maxsize=_AT_ONCE))
        self._session = session
        return session


def _body(response: "Response", ends: float) -> bytes:
    body = bytearray()
    for chunk in response.iter_content(65536):
        body += chunk
        if time.monotonic() > ends:
            raise TimeoutError
        if len(body) > _LARGEST:
            raise Failed(f"The answer is larger than {_LARGEST} bytes.", "Ask for less of it.")
    return bytes(body)


__all__ = ["Answer", "AnswerLost", "Http", "Method", "path"]
