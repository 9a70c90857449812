"""What may stand beside what in a zone."""

from sandbox.cloudflare.errors import ApiError, invalid
from sandbox.cloudflare.state import Json, Zone

_ADDRESS = frozenset(("A", "AAAA", "CNAME"))


def check(zone: Zone, record: Json, *, replacing: str | None = None) -> None:
    """Refuse a record that its neighbours exclude; `replacing` is the id of the record it takes the place of."""
    for other in zone.records.values():
        if other["id"] != replacing and other["name"] == record["name"]:
            _check_pair(record, other, at_apex=record["name"] == zone.name)
    _check_text_quota(zone, record, replacing)


def _check_pair(new: Json, old: Json, *, at_apex: bool) -> None:
    if all(new.get(key) == old.get(key) for key in ("type", "content", "priority")):
        raise ApiError(400, 81058, "An identical record already exists.")
    types = {new["type"], old["type"]}
    if "CNAME" in types and (types <= _ADDRESS or not at_apex):
        if old["type"] == "CNAME" and new["type"] != "CNAME":
            raise invalid(81054, "A CNAME record with that host already exists.")
        raise invalid(81053, "An A, AAAA, or CNAME record with that host already exists.")
    if "NS" in types and not at_apex and types - {"NS", "DS"}:
        raise invalid(81056, "NS records with that host already exist.")


def _check_text_quota(zone: Zone, record: Json, replacing: str | None) -> None:
    if record["type"] != "TXT":
        return
    rest = (
        r for r in zone.records.values() if r["type"] == "TXT" and r["name"] == record["name"] and r["id"] != replacing
    )
    if len(record["content"]) + sum(len(r["content"]) for r in rest) > 8192:
        raise invalid(83011, "The combined content of the TXT records of this name is too long.")
