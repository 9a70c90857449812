"""Updates touch only what they name; plans do what they said; what was there can be had back."""

import random
from typing import Any

import pytest

from sandbox.client import RunningServer
from sandbox.cloudflare.server import FakeCloudflare
from sandbox.cloudflare.state import Zone
from support.answers import data, error
from support.cloudflare_samples import SAMPLES

pytestmark = pytest.mark.anyio


async def test_an_update_sends_only_what_differs(
    server: RunningServer, cloudflare: FakeCloudflare, other: Zone
) -> None:
    record = cloudflare.add_record(
        other,
        "A",
        "www",
        "192.0.2.1",
        proxied=True,
        comment="the shop",
        tags=["team:web"],
        settings={"ipv4_only": True},
    )
    answer = data(await server.call("update_dns_record", zone="other.net", record="www", content="192.0.2.2"))
    assert [request.body for request in cloudflare.recording.writes] == [{"content": "192.0.2.2"}]
    assert (answer["changed"], answer["before"]["content"], answer["after"]["content"]) == (
        ["content"],
        "192.0.2.1",
        "192.0.2.2",
    )
    kept = ("proxied", "comment", "tags", "settings", "ttl")
    assert {key: other.records[record["id"]][key] for key in kept} == {key: record[key] for key in kept}


async def test_an_update_that_changes_nothing_sends_nothing(
    server: RunningServer, cloudflare: FakeCloudflare, zone: Zone
) -> None:
    cloudflare.add_record(zone, "TXT", "x", '"ab" "cd"', comment="same")
    cloudflare.add_record(zone, "AAAA", "y", "2001:db8::1")
    same: list[dict[str, Any]] = [
        {"record": "x", "content": "abcd", "comment": "same", "ttl": 1},
        {"record": "y", "content": "2001:0DB8:0::1", "proxied": False, "tags": []},
    ]
    for arguments in same:
        assert data(await server.call("update_dns_record", zone="example.com", **arguments))["changed"] == []
    assert cloudflare.recording.writes == []


async def test_an_update_of_one_field_keeps_the_others_of_the_value(
    server: RunningServer, cloudflare: FakeCloudflare, zone: Zone
) -> None:
    cloudflare.add_record(zone, "SRV", **SAMPLES["SRV"])
    cloudflare.add_record(zone, "MX", "mail", "a.example.net", priority=10)
    await server.call("update_dns_record", zone="example.com", record="_sip._tcp", data={"port": 5061})
    await server.call("update_dns_record", zone="example.com", record="mail", priority=20)
    data_sent = SAMPLES["SRV"]["data"] | {"port": 5061}
    assert [request.body for request in cloudflare.recording.writes] == [{"data": data_sent}, {"priority": 20}]
    values = {record["type"]: record for record in zone.records.values()}
    assert values["SRV"]["data"] == data_sent
    assert (values["MX"]["content"], values["MX"]["priority"]) == ("a.example.net", 20)


async def test_a_comment_is_removed_only_when_that_is_said(
    server: RunningServer, cloudflare: FakeCloudflare, zone: Zone
) -> None:
    record = cloudflare.add_record(zone, "A", "www", "192.0.2.1", comment="the shop")
    await server.call("update_dns_record", zone="example.com", record="www", comment="")
    assert zone.records[record["id"]]["comment"] is None


async def test_a_long_text_is_split_and_read_as_one(
    server: RunningServer, cloudflare: FakeCloudflare, zone: Zone
) -> None:
    given = {"zone": "example.com", "type": "TXT", "name": "dkim", "content": "é" * 200 + 'a"b\\c'}
    made = data(await server.call("create_dns_record", **given))["record"]
    assert [len(piece.encode()) for piece in made["content"][1:-1].split('" "')] == [254, 146 + len('a\\"b\\\\c')]
    assert data(await server.call("upsert_dns_record", **given))["outcome"] == "unchanged"


async def test_a_delete_says_first_what_would_go_and_does_nothing(
    server: RunningServer, cloudflare: FakeCloudflare, zone: Zone
) -> None:
    record = cloudflare.add_record(zone, "A", "www", "192.0.2.1", comment="the shop")
    preview = data(await server.call("delete_dns_record", zone="example.com", record="www"))
    assert (preview["now"]["content"], preview["now"]["comment"]) == ("192.0.2.1", "the shop")
    assert cloudflare.recording.writes == []
    deleted = data(await server.call("delete_dns_record", zone="example.com", **preview["confirm_with"]))["deleted"]
    fields = {key: deleted[key] for key in ("type", "name", "content", "ttl", "comment")}
    back = data(await server.call("create_dns_record", zone="example.com", **fields))["record"]
    assert plain(zone) == [{**fields, "proxied": False, "tags": [], "settings": {}}]
    assert back["id"] != record["id"]


OTHERS = {
    "keep": {"a 192.0.2.1", "a 192.0.2.9", "a v=1", "b 192.0.2.3", "alias old.example.net"},
    "replace": {"a 192.0.2.9", "a v=1", "b 192.0.2.3", "alias old.example.net"},
    "delete": {"a 192.0.2.9"},
}


@pytest.mark.parametrize("others", sorted(OTHERS))
async def test_a_declared_set_leaves_of_the_others_what_it_says(
    server: RunningServer, cloudflare: FakeCloudflare, zone: Zone, others: str
) -> None:
    for record_type, name, content in (
        ("A", "a", "192.0.2.1"),
        ("TXT", "a", "v=1"),
        ("A", "b", "192.0.2.3"),
        ("CNAME", "alias", "old.example.net"),
    ):
        cloudflare.add_record(zone, record_type, name, content)
    record = {"type": "A", "name": "a", "content": "192.0.2.9"}
    declared: dict[str, Any] = {"zone": "example.com", "others": others, "records": [record]}
    preview = data(await server.call("apply_dns_records", **declared))
    await server.call("apply_dns_records", **declared, **preview["confirm_with"])
    there = {f"{r['name'].split('.')[0]} {r['content'].strip(chr(34))}" for r in zone.records.values()}
    assert there == OTHERS[others]


async def test_only_the_plan_that_was_shown_is_carried_out(
    server: RunningServer, cloudflare: FakeCloudflare, zone: Zone
) -> None:
    declared: dict[str, Any] = {"zone": "example.com", "records": [{"type": "A", "name": "a", "content": "192.0.2.1"}]}
    preview = data(await server.call("apply_dns_records", **declared))
    cloudflare.add_record(zone, "A", "a", "192.0.2.7")
    for confirmation in (preview["confirm_with"], {"confirmed": True}):
        assert error(await server.call("apply_dns_records", **declared, **confirmation))["kind"] == "conflict"
    assert cloudflare.recording.writes == []


async def test_many_changes_go_in_batches_of_at_most_200(
    server: RunningServer, cloudflare: FakeCloudflare, zone: Zone
) -> None:
    records = [{"type": "A", "name": f"h{n}", "content": f"192.0.2.{n % 250}"} for n in range(450)]
    declared: dict[str, Any] = {"zone": "example.com", "records": records}
    preview = data(await server.call("apply_dns_records", **declared))
    assert (preview["now"]["to_create"], len(preview["now"]["creates"])) == (450, 50)
    await server.call("apply_dns_records", **declared, **preview["confirm_with"])
    assert [len(request.body["posts"]) for request in cloudflare.recording.writes] == [200, 200, 50]
    assert len(zone.records) == 450


async def test_a_batch_that_fails_says_what_was_done_before(
    server: RunningServer, cloudflare: FakeCloudflare, zone: Zone
) -> None:
    records = [{"type": "A", "name": f"h{n}", "content": "192.0.2.1"} for n in range(200)]
    records.append({"type": "A", "name": "last", "content": "192.0.2.1", "comment": "c" * 101})
    declared: dict[str, Any] = {"zone": "example.com", "records": records}
    preview = data(await server.call("apply_dns_records", **declared))
    failed = await server.call("apply_dns_records", **declared, **preview["confirm_with"])
    assert error(failed)["codes"] == [9301]
    assert len(zone.records) == 200


@pytest.mark.parametrize("seed", [1, 2])
async def test_a_snapshot_gives_back_the_same_zone_after_fifty_changes(
    server: RunningServer, cloudflare: FakeCloudflare, other: Zone, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 -- the same changes every time
    for record_type, sample in SAMPLES.items():
        cloudflare.add_record(other, record_type, comment=f"a {record_type}", tags=["by:test"], ttl=300, **sample)
    for number in range(30):
        cloudflare.add_record(other, "A", f"h{number}", f"192.0.2.{number}", proxied=number % 2 == 0)
    before = plain(other)
    snapshot = data(await server.call("snapshot_zone", zone="other.net"))["snapshot"]
    for number in range(50):
        change(cloudflare, other, chance, number)
    assert plain(other) != before
    arguments = {"zone": "other.net", "snapshot": snapshot}
    preview = data(await server.call("restore_zone", **arguments))
    data(await server.call("restore_zone", **arguments, **preview["confirm_with"]))
    assert plain(other) == before
    assert data(await server.call("restore_zone", **arguments))["now"]["unchanged"] == len(before)


def change(cloudflare: FakeCloudflare, zone: Zone, chance: random.Random, number: int) -> None:
    """One of: a new record, a record less, a record with another comment, TTL, address or settings."""
    record = zone.records[chance.choice(sorted(zone.records))]
    kind = chance.randrange(6)
    if kind == 0:
        cloudflare.add_record(zone, "A", f"new{number}", "192.0.2.200", comment="new")
    elif kind == 1:
        del zone.records[record["id"]]
    elif kind == 2:
        zone.records[record["id"]] = record | {"comment": f"changed {number}", "tags": []}
    elif kind == 3:
        zone.records[record["id"]] = record | {"ttl": 600, "proxied": False}
    elif kind == 4 and record["type"] == "A":
        zone.records[record["id"]] = record | {"content": f"198.51.100.{number}"}
    else:
        zone.records[record["id"]] = record | {"settings": {"ipv4_only": True}}


def plain(zone: Zone) -> list[dict[str, Any]]:
    """The zone's records without what Cloudflare gives them, in an order of their own."""
    hidden = ("id", "created_on", "modified_on", "meta", "proxiable")
    records = [{key: value for key, value in record.items() if key not in hidden} for record in zone.records.values()]
    for record in records:
        record["settings"] = {name: value for name, value in record["settings"].items() if value}
    return sorted(records, key=lambda record: (record["name"], record["type"], record["content"]))


async def test_five_thousand_records_come_in_bounded_answers(
    server: RunningServer, cloudflare: FakeCloudflare, other: Zone
) -> None:
    fill(cloudflare, other, 5000)
    seen: set[str] = set()
    offset: int | None = 0
    while offset is not None:
        result = await server.call("list_dns_records", zone="other.net", offset=offset, limit=500)
        answer = data(result)
        assert answer["page"]["total"] == 5000
        assert len(str(answer)) < 400_000
        seen |= {record["id"] for record in answer["records"]}
        offset = answer["page"].get("next_offset")
    assert len(seen) == 5000
    first = data(await server.call("list_dns_records", zone="other.net"))
    assert len(first["records"]) == 100
    window = data(await server.call("list_dns_records", zone="other.net", offset=130, limit=100))
    names = [record["name"] for record in window["records"]]
    assert names == sorted(record["name"] for record in other.records.values())[130:230]
    exported = data(await server.call("export_zone", zone="other.net"))["bind"]
    assert len(exported["text"]) < 40_000
    rest = data(await server.call("read_output", output_id=exported["output_id"], offset=40_000, limit=1000))
    assert len(rest["text"]) == 1000


def fill(cloudflare: FakeCloudflare, zone: Zone, count: int) -> None:
    """Many records at once, past the rules that look at every neighbour."""
    pattern = cloudflare.add_record(zone, "TXT", "h0", '"' + "x" * 200 + '"')
    zone.records = {
        f"{number:032x}": pattern | {"id": f"{number:032x}", "name": f"h{number:05}.other.net"}
        for number in range(count)
    }
