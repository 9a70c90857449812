"""What is to change of a record that is there: the wanted fields checked, and what differs."""

from dataclasses import replace
from typing import Any

from infra_mcp_cloudflare.domain import names, validation, values
from infra_mcp_cloudflare.domain.normalization import value_of
from infra_mcp_cloudflare.domain.record import Data, DnsRecord, RecordBody, RecordChanges, RecordFields
from infra_mcp_common.errors import InvalidInput

_VALUE = ("content", "data", "priority")
_DEFAULTS: dict[str, object] = {"comment": "", "tags": [], "settings": {}, "proxied": False, "ttl": 1}


def checked(before: DnsRecord, wanted: RecordChanges, zone: str) -> RecordChanges:
    """The wanted fields in the API's form, checked together with what stays."""
    if not wanted.as_json():
        raise InvalidInput("Nothing to change was given.", "Give at least one of the fields of the record.")
    value = _new_value(before, wanted, zone)
    name = None if wanted.name is None else names.record_name(wanted.name, zone)
    changes = replace(wanted, name=name, content=value.content, data=value.data, priority=value.priority)
    after = before.with_fields(changes)
    if after.proxied and changes.ttl is None:
        after = replace(after, ttl=1)
    validation.check_whole(after)
    return changes


def difference(before: DnsRecord, wanted: RecordBody | RecordChanges) -> RecordChanges:
    """The part of `wanted` that is not so yet: what a PATCH has to carry, and nothing else."""
    given, changed = wanted.as_json(), {}
    if values.key(before.with_fields(wanted)) != values.key(before):
        changed = {
            part: given[part] for part in (*_VALUE, "name") if given.get(part) not in (None, getattr(before, part))
        }
    for part, default in _DEFAULTS.items():
        if part in given and _plain(given[part], default) != _plain(getattr(before, part), default):
            changed[part] = given[part]
    if "settings" in changed:
        # Switched off by name: leaving a setting out may keep it.
        changed["settings"] = {**dict.fromkeys(before.settings or {}, False), **changed["settings"]}
    return RecordChanges(**changed)


def _new_value(before: DnsRecord, wanted: RecordChanges, zone: str) -> RecordFields:
    """The value, whole, where any part of it is wanted otherwise: the fields not given stay."""
    if (wanted.content, wanted.data, wanted.priority) == (None, None, None):
        return RecordFields()
    if before.data is not None and wanted.content is None:
        return value_of(before.type, RecordFields(data=_new_data(before, before.data, wanted)), zone)
    priority = before.priority if wanted.priority is None else wanted.priority
    content = before.content if wanted.content is None else wanted.content
    return value_of(before.type, RecordFields(content=content, data=wanted.data, priority=priority), zone)


def _new_data(before: DnsRecord, present: Data, wanted: RecordChanges) -> Data:
    beside: Data = {} if before.priority is None else {"priority": before.priority}
    own: Data = {} if wanted.priority is None else {"priority": wanted.priority}
    return {**beside, **present, **(wanted.data or {}), **own}


def _plain(value: Any, default: object) -> object:
    if value is None:
        return default
    if isinstance(value, dict):
        return {name: inner for name, inner in value.items() if inner}
    return sorted(value) if isinstance(value, list) else value
