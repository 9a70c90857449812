"""The DNS records of a zone: listed, read, changed one by one or in a batch, exported."""

from infra_mcp_cloudflare.domain.plan import Operations
from infra_mcp_cloudflare.domain.record import DnsRecord, RecordBody, RecordChanges, RecordFilter
from infra_mcp_cloudflare.domain.zone import Zone
from infra_mcp_cloudflare.transport import envelope, pages
from infra_mcp_cloudflare.transport.api_errors import Action, Json
from infra_mcp_cloudflare.transport.client import Client, Params
from infra_mcp_cloudflare.transport.envelope import Reply
from infra_mcp_cloudflare.transport.parsing import record_of
from infra_mcp_common.errors import Conflict, Failed
from infra_mcp_common.guard.kinds import Kind
from infra_mcp_common.io.http import path

READ, EDIT = "Zone > DNS > Read", "Zone > DNS > Edit"
RECORDS_A_PAGE = 1000


class Records:
    """The records of every zone that the token sees. What changes them is sent once: see `record_writes`."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def list_window(
        self, zone: Zone, wanted: RecordFilter, offset: int, limit: int
    ) -> tuple[list[DnsRecord], int]:
        """The records from `offset`, at most `limit`, by name; and how many there are."""
        query = _query(wanted)
        found, total = await pages.window(lambda number, size: self._page(zone, query, number, size), offset, limit)
        return [record_of(each) for each in found], total

    async def list_all(self, zone: Zone, *, name: str | None = None, type: str | None = None) -> list[DnsRecord]:  # noqa: A002 -- as the API calls it
        """Every record of the zone, or of this name and type; the pages are bounded, and checked against the total."""
        query = _query(RecordFilter(name=name, type=type))
        endless = Failed("Cloudflare's list of records does not end.", "Ask for fewer of them with a filter.")
        found, last = await pages.every(
            lambda number, size: self._page(zone, query, number, size), RECORDS_A_PAGE, endless
        )
        records = {each["id"]: record_of(each) for each in found}
        total = last.info.get("total_count", len(records))
        if total != len(records):
            raise Conflict(f"The zone changed while it was read: {len(records)} of {total} records seen.", "Try again.")
        return list(records.values())

    async def search(self, zone: Zone, text: str, limit: int, *, exact: bool) -> tuple[list[DnsRecord], int]:
        """The first records with this name or content, and how many there are."""
        test = "" if exact else ".contains"
        query = {"match": "any", f"name{test}": text, f"content{test}": text}
        reply = await self._page(zone, query, 1, limit)
        return [record_of(each) for each in reply.items], reply.total

    async def get(self, zone: Zone, record_id: str) -> DnsRecord:
        """The record with this id."""
        action = Action(f"reading the record in {zone.name}", READ)
        return record_of((await self._client.get(_path(zone, record_id), action)).item)

    async def create(self, zone: Zone, body: RecordBody) -> DnsRecord:
        """Add a record."""
        action = Action(f"creating the record in {zone.name}", EDIT)
        return record_of(await self._client.change("POST", _path(zone), action, body.as_json()))

    async def patch(self, zone: Zone, record_id: str, changes: RecordChanges) -> DnsRecord:
        """Change what `changes` names and keep the rest."""
        action = Action(f"changing the record in {zone.name}", EDIT)
        return record_of(await self._client.change("PATCH", _path(zone, record_id), action, changes.as_json()))

    async def delete(self, zone: Zone, record_id: str) -> None:
        """Remove a record."""
        action = Action(f"deleting the record in {zone.name}", EDIT)
        await self._client.change("DELETE", _path(zone, record_id), action, None)

    async def batch(self, zone: Zone, operations: Operations) -> None:
        """Deletes, patches and posts in one transaction, all or none."""
        action = Action(f"the batch of changes in {zone.name}", EDIT)
        kind: Kind = "destructive" if operations.deletes else "write"
        await self._client.change("POST", _path(zone, "batch"), action, _batch_body(operations), kind)

    async def export(self, zone: Zone) -> str:
        """The zone as a BIND file."""
        answer = await self._client.fetch(_path(zone, "export"))
        if answer.status == 200 and not answer.text.lstrip().startswith(("<", "{")):
            return answer.text
        envelope.read(answer, Action(f"exporting the zone in {zone.name}", READ), changes=False)
        raise Failed("Cloudflare answered the export with something that is no zone file.", "Try again.")

    async def _page(self, zone: Zone, query: dict[str, str], number: int, size: int) -> Reply:
        params: Params = {**query, "page": number, "per_page": size, "order": "name", "direction": "asc"}
        return await self._client.get(_path(zone), Action(f"listing records in {zone.name}", READ), params)


def _path(zone: Zone, *rest: str) -> str:
    return path("zones", zone.id, "dns_records", *rest)


def _query(wanted: RecordFilter) -> dict[str, str]:
    query = {
        "type": wanted.type,
        "name": wanted.name,
        "name.contains": wanted.name_contains,
        "content": wanted.content,
        "content.contains": wanted.content_contains,
        "comment.contains": wanted.comment_contains,
        "tag": wanted.tag,
        "proxied": None if wanted.proxied is None else str(wanted.proxied).lower(),
    }
    return {name: value for name, value in query.items() if value is not None}


def _batch_body(operations: Operations) -> Json:
    """Only the kinds of operations that there are."""
    body = {
        "deletes": [{"id": record.id} for record in operations.deletes],
        "patches": [{"id": update.before.id, **update.changes.as_json()} for update in operations.updates],
        "posts": [record.as_json() for record in operations.creates],
    }
    return {kind: steps for kind, steps in body.items() if steps}
