"""Terraform's -json lines: what was begun and done, and diagnostics."""

import json
from collections import Counter
from collections.abc import Iterable

from infra_mcp_terraform.domain.diagnostics import Diagnostic, diagnostics
from infra_mcp_terraform.domain.documents import Event, HookDocument
from infra_mcp_terraform.domain.secrets import Secrets


def events_of(output: str) -> list[Event]:
    """The events among the lines of an output; what is not JSON is passed over."""
    return [event for line in output.splitlines() if (event := parse(line)) is not None]


def parse(line: str) -> Event | None:
    try:
        event: Event = json.loads(line)
    except ValueError:
        return None
    return event if isinstance(event, dict) else None


def done_in(events: Iterable[Event]) -> list[str]:
    """Addresses of the resources that an apply reports as done."""
    return [address_of(event) for event in events if event.get("type") == "apply_complete"]


def failed_in(events: Iterable[Event]) -> list[str]:
    """Addresses of the resources that an apply could not make."""
    return [address_of(event) for event in events if event.get("type") == "apply_errored"]


def has_begun(events: Iterable[Event]) -> bool:
    """Whether an apply got as far as the first resource."""
    return any(event.get("type") == "apply_start" for event in events)


def counts_in(events: Iterable[Event]) -> dict[str, int]:
    """Resources done, by action."""
    return dict(Counter(action_in(event) or "apply" for event in events if event.get("type") == "apply_complete"))


def diagnostics_in(events: Iterable[Event], secrets: Secrets) -> tuple[Diagnostic, ...]:
    return diagnostics((event["diagnostic"] for event in events if event.get("type") == "diagnostic"), secrets)


def address_of(event: Event) -> str:
    """The resource that the event is about, or nothing."""
    return (_hook(event).get("resource") or {}).get("addr", "")


def action_in(event: Event) -> str:
    """What is done to the resource, or nothing."""
    return _hook(event).get("action", "")


def _hook(event: Event) -> HookDocument:
    return event.get("hook") or {}
