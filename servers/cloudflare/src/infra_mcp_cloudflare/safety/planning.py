"""Plans from what is declared, imported or kept, against what the zone has now."""

from infra_mcp_cloudflare.answers.records import Declared
from infra_mcp_cloudflare.domain import plan, validation, zone_file
from infra_mcp_cloudflare.safety import protection
from infra_mcp_cloudflare.transport import snapshots
from infra_mcp_cloudflare.transport.api import CloudflareApi, ZoneRef
from infra_mcp_cloudflare.transport.envelope import Json
from infra_mcp_common.errors import InvalidInput

_EMPTY: tuple[object, ...] = ("", [], {})


async def declared(api: CloudflareApi, zone: ZoneRef, records: list[Declared], others: plan.Others) -> plan.Plan:
    """The way to a declared set."""
    bodies = [_body(number, record, zone.name) for number, record in enumerate(records)]
    return _checked(zone, plan.make(zone.name, await api.all_records(zone), bodies, others))


async def imported(api: CloudflareApi, zone: ZoneRef, bind: str) -> tuple[plan.Plan, int]:
    """What a zone file adds, and how many of its entries Cloudflare provides itself."""
    bodies, left_out = zone_file.read(bind, zone.name)
    made = plan.make(zone.name, await api.all_records(zone), bodies, "keep")
    made.unchanged += len(made.updates)
    made.updates = []
    return _checked(zone, made), left_out


async def restored(api: CloudflareApi, zone: ZoneRef, snapshot: str) -> plan.Plan:
    """The way back to a snapshot."""
    bodies = snapshots.load(zone.name, snapshot)
    return _checked(zone, plan.make(zone.name, await api.all_records(zone), bodies, "delete"))


def _checked(zone: ZoneRef, made: plan.Plan) -> plan.Plan:
    protection.check_change(zone.name, *made.touched())
    made.creates = [_created(body) for body in made.creates]
    return made


def _created(body: Json) -> Json:
    """A new record's body: an explicit TTL, and nothing that is empty."""
    return {"ttl": 1, **{part: value for part, value in body.items() if value not in _EMPTY}}


def _body(number: int, record: Declared, zone: str) -> Json:
    try:
        return validation.body_of(record.given(), zone)
    except InvalidInput as error:
        error.problem = f"records[{number}] ({record.type}): {error.problem}"
        raise
