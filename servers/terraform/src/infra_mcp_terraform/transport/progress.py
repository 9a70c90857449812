"""Tells the client how a run goes, resource by resource, without flooding it."""

import time

from infra_mcp_common.tool_calls.call_context import progress
from infra_mcp_terraform.domain.documents import Event
from infra_mcp_terraform.domain.events import action_in, address_of
from infra_mcp_terraform.domain.secrets import Secrets

_STARTED = {"refresh_start": "reading", "apply_start": "begun", "ephemeral_op_start": "opening"}
_ENDED = {"apply_complete": "done", "apply_errored": "failed"}
_PAUSE = 0.1


class Progress:
    """The progress of one run. total: how many resources it is about, where that is known."""

    def __init__(self, secrets: Secrets, total: int | None = None) -> None:
        self._secrets, self._total = secrets, total
        self._done, self._last = 0, 0.0

    async def tell(self, event: Event) -> None:
        kind = event.get("type", "")
        word = _STARTED.get(kind) or _ENDED.get(kind)
        self._done += kind in _ENDED
        if word is None or (kind != "apply_errored" and time.monotonic() - self._last < _PAUSE):
            return
        self._last = time.monotonic()
        of = f" ({self._done} of {self._total})" if self._total else ""
        what = f"{action_in(event)} {word}".lstrip()
        await progress(f"{self._secrets.mask_address(address_of(event))}: {what}{of}")
