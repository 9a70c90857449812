"""Filters, order and pages of the two listings."""

from collections.abc import Callable
from typing import Any

from sandbox.cloudflare.errors import invalid
from sandbox.cloudflare.state import Json, Zone

Query = dict[str, str]
_TESTS: dict[str, Callable[[str, str], bool]] = {
    "exact": lambda have, want: have == want,
    "contains": lambda have, want: want in have,
    "startswith": lambda have, want: have.startswith(want),
    "endswith": lambda have, want: have.endswith(want),
}
_ORDERS = ("type", "name", "content", "ttl", "proxied")


def records(zone: Zone, query: Query) -> tuple[list[Json], Json]:
    """One page of the zone's records that pass the filters, and its `result_info`."""
    order = query.get("order", "type")
    if order not in _ORDERS or query.get("match", "all") not in ("all", "any"):
        raise invalid(1004, "Invalid query parameter.")
    combine = any if query.get("match") == "any" else all
    wanted = [key for key in query if _is_filter(key)]
    found = [
        r for r in zone.records.values() if not wanted or combine(_passes(zone, r, key, query[key]) for key in wanted)
    ]
    found.sort(key=lambda r: r[order], reverse=query.get("direction") == "desc")
    return page(found, query, default=100, lowest=1, highest=5_000_000)


def _is_filter(key: str) -> bool:
    return key.partition(".")[0] in ("name", "type", "content", "proxied", "comment", "tag")


def _passes(zone: Zone, record: Json, key: str, want: str) -> bool:
    field, _, test = key.partition(".")
    if field == "proxied":
        return bool(record["proxied"]) == (want == "true")
    if field == "name" and want == "@":
        want = zone.name
    if test in ("present", "absent"):
        return _present(record, field, want) == (test == "present")
    if field == "tag":
        return any(_TESTS[test or "exact"](tag.lower(), want.lower()) for tag in record["tags"])
    return _TESTS[test or "exact"](str(record.get(field) or "").lower(), want.lower())


def _present(record: Json, field: str, want: str) -> bool:
    if field == "tag":
        return any(tag.split(":")[0].lower() == want.lower() for tag in record["tags"])
    return bool(record["comment"])


def zones(found: list[Zone], query: Query) -> tuple[list[Json], Json]:
    """One page of zones, by name; `name` may carry an operator, as in `contains:exam`."""
    operator, _, want = query.get("name", "").rpartition(":")
    tests = {
        "": "exact",
        "equal": "exact",
        "contains": "contains",
        "starts_with": "startswith",
        "ends_with": "endswith",
    }
    if operator not in tests:
        raise invalid(1004, "Invalid query parameter.")
    kept = [z for z in found if not want or _TESTS[tests[operator]](z.name, want.lower())]
    kept = [
        z
        for z in kept
        if query.get("status", z.status) == z.status and query.get("account.id", z.account_id) == z.account_id
    ]
    ordered = sorted(kept, key=lambda z: z.name, reverse=query.get("direction") == "desc")
    return page([z.as_json() for z in ordered], query, default=20, lowest=5, highest=50)


def page(items: list[Any], query: Query, *, default: int, lowest: int, highest: int) -> tuple[list[Any], Json]:
    """The page that `page` and `per_page` name; a size outside the limits is refused, not mended."""
    number, size = _whole(query.get("page", "1")), _whole(query.get("per_page", str(default)))
    if number < 1 or not lowest <= size <= highest:
        raise invalid(1004, f"per_page must be between {lowest} and {highest}.")
    shown = items[(number - 1) * size : number * size]
    total_pages = -(-len(items) // size)
    info = {
        "page": number,
        "per_page": size,
        "count": len(shown),
        "total_count": len(items),
        "total_pages": total_pages,
    }
    return shown, info


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0
