"""Terraform's -json lines: progress while it runs, what was done, and diagnostics afterwards."""

import json
import time
from collections.abc import Iterable
from typing import Any

from infra_mcp_common.tool_calls.call_context import progress
from infra_mcp_terraform.answers.models import Diagnostic
from infra_mcp_terraform.domain.secrets import Secrets

_STARTED = {"refresh_start": "reading", "apply_start": "begun", "ephemeral_op_start": "opening"}
_ENDED = {"apply_complete": "done", "apply_errored": "failed"}
_PAUSE = 0.1
_MOST_DIAGNOSTICS = 20
Event = dict[str, Any]


class Progress:
    """Tells the client how a run goes, resource by resource, without flooding it."""

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
        await progress(f"{self._secrets.mask_address(_address(event))}: {_action(event)}{word}{of}")


def done_in(output: str) -> list[str]:
    """Addresses of the resources that an apply's output reports as done."""
    return [_address(event) for event in events_of(output) if event.get("type") == "apply_complete"]


def failed_in(events: Iterable[Event]) -> list[str]:
    return [_address(event) for event in events if event.get("type") == "apply_errored"]


def counts_in(events: Iterable[Event]) -> dict[str, int]:
    """Resources done, by action."""
    counts: dict[str, int] = {}
    for event in events:
        if event.get("type") == "apply_complete":
            action = _action(event).strip() or "apply"
            counts[action] = counts.get(action, 0) + 1
    return counts


def diagnostics(found: Iterable[Event], secrets: Secrets) -> list[Diagnostic]:
    """The first diagnostics as terraform gives them, errors before warnings, masked."""
    first = sorted(found, key=lambda item: item.get("severity") != "error")[:_MOST_DIAGNOSTICS]
    return [_diagnostic(item, secrets) for item in first]


def diagnostics_in(events: Iterable[Event], secrets: Secrets) -> list[Diagnostic]:
    return diagnostics((event["diagnostic"] for event in events if event.get("type") == "diagnostic"), secrets)


def _diagnostic(found: Event, secrets: Secrets) -> Diagnostic:
    where = found.get("range") or {}
    file = where.get("filename")
    address = found.get("address")
    # A line of a variable file is a value, and nothing says whether it is a secret one.
    in_values = file is None or file.endswith((".tfvars", ".tfvars.json"))
    snippet = None if in_values else (found.get("snippet") or {}).get("code")
    return Diagnostic(
        severity="error" if found.get("severity") == "error" else "warning",
        summary=secrets.mask(found.get("summary", "")),
        detail=secrets.mask(found.get("detail", "")).strip() or None,
        address=secrets.mask_address(address) if address else None,
        file=file,
        line=where.get("start", {}).get("line"),
        snippet=secrets.mask(snippet) if snippet else None,
    )


def events_of(output: str) -> list[Event]:
    """The events among the lines of an output; what is not JSON is passed over."""
    return [event for line in output.splitlines() if (event := parse(line)) is not None]


def parse(line: str) -> Event | None:
    try:
        event = json.loads(line)
    except ValueError:
        return None
    return event if isinstance(event, dict) else None


def _hook(event: Event) -> Event:
    hook: Event = event.get("hook") or {}
    return hook


def _address(event: Event) -> str:
    return str((_hook(event).get("resource") or {}).get("addr", ""))


def _action(event: Event) -> str:
    action = _hook(event).get("action")
    return f"{action} " if action else ""
