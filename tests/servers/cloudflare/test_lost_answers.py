"""Answers that are lost, late, cut or replaced by a page of the edge: nothing is done twice, nothing forgotten."""

from typing import Any

import pytest

from sandbox.client import RunningServer
from sandbox.cloudflare.faults import Fault, Kind
from sandbox.cloudflare.server import FakeCloudflare
from sandbox.cloudflare.state import Zone
from support.answers import data, error

pytestmark = pytest.mark.anyio
BROKEN: list[Kind] = ["lost", "dropped", "html", "lost_html", "cut"]
WWW: dict[str, Any] = {"zone": "example.com", "type": "A", "name": "www", "content": "192.0.2.1"}


@pytest.mark.parametrize("kind", BROKEN)
async def test_a_create_with_a_broken_answer_leaves_exactly_one_record(
    server: RunningServer, cloudflare: FakeCloudflare, zone: Zone, kind: Kind
) -> None:
    cloudflare.faults.add(Fault(kind, "POST", "*/dns_records"))
    made = data(await server.call("create_dns_record", **WWW))["record"]
    assert list(zone.records) == [made["id"]]


async def test_a_create_is_looked_for_before_it_is_sent_again(
    server: RunningServer, cloudflare: FakeCloudflare, zone: Zone
) -> None:
    cloudflare.faults.add(Fault("lost", "POST", "*/dns_records"))
    data(await server.call("create_dns_record", **WWW))
    assert len(cloudflare.recording.of("POST")) == 1


@pytest.mark.parametrize("kind", BROKEN)
async def test_an_update_with_a_broken_answer_is_done(
    server: RunningServer, cloudflare: FakeCloudflare, zone: Zone, kind: Kind
) -> None:
    record = cloudflare.add_record(zone, "A", "www", "192.0.2.1", comment="kept")
    cloudflare.faults.add(Fault(kind, "PATCH"))
    after = data(await server.call("update_dns_record", zone="example.com", record="www", ttl=300))["after"]
    assert (after["ttl"], after["comment"]) == (300, "kept")
    assert zone.records[record["id"]]["ttl"] == 300


@pytest.mark.parametrize("kind", BROKEN)
async def test_a_delete_with_a_broken_answer_is_done(
    server: RunningServer, cloudflare: FakeCloudflare, zone: Zone, kind: Kind
) -> None:
    cloudflare.add_record(zone, "A", "www", "192.0.2.1")
    cloudflare.faults.add(Fault(kind, "DELETE"))
    answer = data(await server.call("delete_dns_record", zone="example.com", record="www", confirmed=True))
    assert answer["deleted"]["content"] == "192.0.2.1"
    assert zone.records == {}


@pytest.mark.parametrize("kind", BROKEN)
async def test_a_batch_with_a_broken_answer_is_done_once(
    server: RunningServer, cloudflare: FakeCloudflare, zone: Zone, kind: Kind
) -> None:
    cloudflare.add_record(zone, "A", "old", "192.0.2.1")
    record = {key: WWW[key] for key in ("type", "name", "content")}
    declared: dict[str, Any] = {"zone": "example.com", "records": [record], "others": "delete"}
    preview = data(await server.call("apply_dns_records", **declared))
    cloudflare.faults.add(Fault(kind, "POST", "*/batch"))
    done = data(await server.call("apply_dns_records", **declared, **preview["confirm_with"]))
    assert (done["deleted"], done["created"]) == (1, 1)
    assert [record["name"] for record in zone.records.values()] == ["www.example.com"]


async def test_a_create_that_stays_unanswered_says_that_it_may_have_happened(
    server: RunningServer, cloudflare: FakeCloudflare, zone: Zone
) -> None:
    cloudflare.faults.add(Fault("dropped", "POST", times=2))
    assert error(await server.call("create_dns_record", **WWW))["kind"] == "answer_lost"


async def test_reads_are_repeated(server: RunningServer, cloudflare: FakeCloudflare, zone: Zone) -> None:
    cloudflare.add_record(zone, "A", "www", "192.0.2.1")
    for kind in ("cut", "html"):
        cloudflare.faults.add(Fault(kind, "GET", "*/dns_records"))
    assert data(await server.call("list_dns_records", zone="example.com"))["page"]["total"] == 1


async def test_a_short_limit_is_waited_for_and_a_long_one_told(
    server: RunningServer, cloudflare: FakeCloudflare, zone: Zone
) -> None:
    cloudflare.faults.add(Fault("limited", "POST", seconds=1))
    data(await server.call("create_dns_record", **WWW))
    cloudflare.faults.add(Fault("limited", "GET", "*/dns_records", seconds=200))
    refused = error(await server.call("list_dns_records", zone="example.com"))
    assert (refused["status"], refused["retry_after"]) == (429, 200)


async def test_the_budget_is_shown_when_it_gets_low(server: RunningServer, cloudflare: FakeCloudflare) -> None:
    assert "rate_limit" not in data(await server.call("list_zones"))
    cloudflare.rate_limit.quota = 20
    answers = [data(await server.call("list_zones")) for _ in range(19)]
    assert answers[-1]["rate_limit"].startswith("0 of 20")
    refused = error(await server.call("list_zones"))
    assert refused["status"] == 429
