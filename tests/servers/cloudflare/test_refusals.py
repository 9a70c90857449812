"""What is wrong or hostile is refused with a reason, and nothing is sent that could change something."""

import json
from typing import Any

import pytest

from sandbox.client import RunningServer
from sandbox.cloudflare.server import FakeCloudflare
from sandbox.cloudflare.state import Zone
from support.answers import data, error, text
from support.cloudflare_openapi import faults_of_request

pytestmark = pytest.mark.anyio

WRONG: dict[str, dict[str, Any]] = {
    "no address": {"type": "A", "content": "example.net"},
    "the other family": {"type": "A", "content": "2001:db8::1"},
    "MX without priority": {"type": "MX", "content": "mail.example.net"},
    "MX to an address": {"type": "MX", "content": "192.0.2.1", "priority": 10},
    "CNAME to itself": {"type": "CNAME", "content": "x.example.com"},
    "CNAME to one label": {"type": "CNAME", "content": "target"},
    "a TTL too long": {"type": "A", "content": "192.0.2.1", "ttl": 100_000},
    "a TTL too short": {"type": "A", "content": "192.0.2.1", "ttl": 5},
    "a TTL of its own though proxied": {"type": "A", "content": "192.0.2.1", "ttl": 300, "proxied": True},
    "a proxied private address": {"type": "A", "content": "10.0.0.1", "proxied": True},
    "a proxied TXT": {"type": "TXT", "content": "text", "proxied": True},
    "text in half a quote": {"type": "TXT", "content": '"open'},
    "text beyond 4,096 bytes": {"type": "TXT", "content": "a" * 4097},
    "SRV without service": {"type": "SRV", "content": "1 2 3 sip.example.net"},
    "SRV without port": {
        "name": "_a._tcp",
        "type": "SRV",
        "data": {"priority": 1, "weight": 1, "target": "a.example.net"},
    },
    "CAA with an unknown field": {"type": "CAA", "data": {"flags": 0, "tag": "issue", "value": "a", "port": 1}},
    "CAA iodef without a URL": {"type": "CAA", "data": {"flags": 0, "tag": "iodef", "value": "me"}},
    "SSHFP of the wrong length": {"type": "SSHFP", "data": {"algorithm": 4, "type": 2, "fingerprint": "abcd"}},
    "TLSA of no hexadecimal": {"type": "TLSA", "content": "3 1 1 zz"},
    "HTTPS with a parameter twice": {"type": "HTTPS", "content": "1 . alpn=h2 alpn=h3"},
    "value given twice": {
        "type": "CAA",
        "content": '0 issue "a.net"',
        "data": {"flags": 0, "tag": "issue", "value": "b"},
    },
    "data for a plain type": {"type": "A", "content": "192.0.2.1", "data": {"port": 1}},
    "an unknown type": {"type": "SPF", "content": "v=spf1"},
    "a name of another zone": {"type": "A", "content": "192.0.2.1", "name": "www.other.com"},
    "a name with an empty label": {"type": "A", "content": "192.0.2.1", "name": "a..b"},
}


@pytest.mark.parametrize("why", sorted(WRONG))
async def test_a_wrong_record_is_refused_before_anything_is_sent(
    server: RunningServer, cloudflare: FakeCloudflare, why: str
) -> None:
    given = {"zone": "example.com", "name": "x", **WRONG[why]}
    assert error(await server.call("create_dns_record", **given))["kind"] == "invalid_input"
    assert cloudflare.recording.writes == []
    declared = {key: value for key, value in given.items() if key != "zone"}
    assert (
        error(await server.call("apply_dns_records", zone="example.com", records=[declared]))["kind"] == "invalid_input"
    )
    assert cloudflare.recording.writes == []


@pytest.mark.parametrize("there", ["A", "CNAME", "TXT"])
async def test_what_can_not_stand_beside_what_is_there_is_refused(
    server: RunningServer, cloudflare: FakeCloudflare, zone: Zone, there: str
) -> None:
    cloudflare.add_record(zone, there, "www", {"A": "192.0.2.1", "CNAME": "a.example.net", "TXT": "text"}[there])
    new = {"zone": "example.com", "type": "CNAME", "name": "www", "content": "b.example.net"}
    assert error(await server.call("create_dns_record", **new))["kind"] == "conflict"
    same = {
        "zone": "example.com",
        **{key: next(iter(zone.records.values()))[key] for key in ("type", "name", "content")},
    }
    assert error(await server.call("create_dns_record", **same))["kind"] == "conflict"
    assert cloudflare.recording.writes == []


@pytest.mark.parametrize(
    "name", ["@", "www", "WWW.Example.COM.", "*", "*.dev", "_acme-challenge.www", "bücher", "BÜCHER.example.com"]
)
async def test_a_name_may_be_written_in_any_way(
    server: RunningServer, cloudflare: FakeCloudflare, zone: Zone, name: str
) -> None:
    made = data(await server.call("create_dns_record", zone="Example.Com.", type="TXT", name=name, content="x"))
    expected = name.lower().rstrip(".").replace("bücher", "xn--bcher-kva").removesuffix(".example.com")
    full = "example.com" if name == "@" else f"{expected}.example.com"
    assert made["record"]["name"] == full
    assert data(await server.call("get_dns_record", zone=zone.id, record=name))["record"]["name"] == full


HOSTILE = [
    "../../user/tokens",
    "a/../../zones",
    "x?name=y",
    "x#y",
    "a b",
    "%2e%2e",
    "\0",
    "'; DROP",
    "-x",
    "$(id)",
    "é/..",
    "·",
]


@pytest.mark.parametrize("text_given", HOSTILE)
async def test_a_hostile_text_stays_one_value(
    server: RunningServer, cloudflare: FakeCloudflare, zone: Zone, text_given: str
) -> None:
    cloudflare.add_record(zone, "A", "www", "192.0.2.1")
    before = json.dumps(zone.records)
    calls: list[tuple[str, dict[str, Any]]] = [
        ("get_zone", {"zone": text_given}),
        ("get_dns_record", {"zone": "example.com", "record": text_given}),
        ("update_dns_record", {"zone": "example.com", "record": text_given, "ttl": 300}),
        ("delete_dns_record", {"zone": "example.com", "record": text_given, "confirmed": True}),
        ("get_zone_setting", {"zone": "example.com", "setting": text_given}),
        ("update_zone_setting", {"zone": "example.com", "setting": text_given, "value": "on"}),
        ("restore_zone", {"zone": "example.com", "snapshot": text_given}),
        ("find_dns_records", {"text": text_given}),
        ("import_zone", {"zone": "example.com", "bind": f"$INCLUDE {text_given}\n"}),
        ("list_dns_records", {"zone": "example.com", "name": text_given}),
    ]
    for tool, arguments in calls:
        await server.call(tool, **arguments)
    assert json.dumps(zone.records) == before
    assert cloudflare.recording.writes == []
    assert [fault for request in cloudflare.recording.requests for fault in faults_of_request(request)] == []


async def test_an_include_in_a_zone_file_reads_no_file(
    server: RunningServer, cloudflare: FakeCloudflare, zone: Zone
) -> None:
    for line in ("$INCLUDE /etc/hostname", "$GENERATE 1-1000000 a$ A 192.0.2.1"):
        refused = await server.call("import_zone", zone="example.com", bind=f"{line}\n")
        assert error(refused)["kind"] == "invalid_input"
    assert cloudflare.recording.writes == []


async def test_what_records_hold_is_cleaned(server: RunningServer, cloudflare: FakeCloudflare, zone: Zone) -> None:
    bad = "a\x1b[2J\u202eb\u200b<system>c"
    cloudflare.add_record(zone, "TXT", "x", bad, comment=bad)
    answers = [
        await server.call("list_dns_records", zone="example.com"),
        await server.call("get_dns_record", zone="example.com", record="x"),
        await server.call("export_zone", zone="example.com"),
    ]
    for answer in answers:
        assert data(answer)
        found = [bad for bad in ("\x1b", "\\u001b", "\\027", "\u202e", "\u200b", "<system") if bad in text(answer)]
        assert found == []


async def test_an_id_that_is_not_there_is_said_to_be_missing(server: RunningServer, zone: Zone) -> None:
    for tool in ("get_dns_record", "update_dns_record", "delete_dns_record"):
        needed: dict[str, dict[str, Any]] = {
            "update_dns_record": {"ttl": 300},
            "delete_dns_record": {"confirmed": True},
        }
        more = needed.get(tool, {})
        answer = await server.call(tool, zone="example.com", record="0" * 32, **more)
        assert error(answer)["kind"] == "not_found"
    assert error(await server.call("get_zone", zone="nowhere.example"))["kind"] == "not_found"


async def test_a_name_with_several_records_asks_which_is_meant(
    server: RunningServer, cloudflare: FakeCloudflare, zone: Zone
) -> None:
    ids = [cloudflare.add_record(zone, "A", "www", f"192.0.2.{n}")["id"] for n in (1, 2)]
    refused = await server.call("delete_dns_record", zone="example.com", record="www", confirmed=True)
    assert error(refused)["kind"] == "conflict"
    assert all(record_id in text(refused) for record_id in ids)
    chosen = {"zone": "example.com", "record": "www", "current_content": "192.0.2.2"}
    await server.call("delete_dns_record", **chosen, confirmed=True)
    assert list(zone.records) == ids[:1]
