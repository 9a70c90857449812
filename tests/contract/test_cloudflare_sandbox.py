"""The fake keeps to Cloudflare's description, in what it answers and in what it refuses."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from sandbox.cloudflare.server import FakeCloudflare
from sandbox.cloudflare.state import Zone
from support.cloudflare_openapi import faults_of_answer, faults_of_request
from support.cloudflare_samples import SAMPLES


class Caller:
    """Plain requests to the fake, each held against the description."""

    def __init__(self, cloudflare: FakeCloudflare) -> None:
        self.cloudflare = cloudflare
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Authorization"] = f"Bearer {cloudflare.add_token().value}"

    def send(self, method: str, path: str, *, status: int = 200, **more: Any) -> Any:
        with self.session.request(method, self.cloudflare.url + path, timeout=60, **more) as response:
            body = response.json()
            assert response.status_code == status, body
            assert faults_of_answer(method, path, status, body) == []
            return body


@pytest.fixture
def cloudflare() -> Iterator[FakeCloudflare]:
    with FakeCloudflare() as fake:
        yield fake


@pytest.fixture
def zone(cloudflare: FakeCloudflare) -> Zone:
    """example.com, empty, on the free plan."""
    return cloudflare.add_zone("example.com")


@pytest.fixture
def caller(cloudflare: FakeCloudflare) -> Caller:
    return Caller(cloudflare)


# The description has no OPENPGPKEY among the answers.
@pytest.mark.parametrize("record_type", sorted(SAMPLES.keys() - {"OPENPGPKEY"}))
def test_a_record_of_every_type_is_taken_and_answered_as_described(
    caller: Caller, zone: Zone, record_type: str
) -> None:
    records = f"/zones/{zone.id}/dns_records"
    body = {"type": record_type, "ttl": 300, **SAMPLES[record_type]}
    created = caller.send("POST", records, json=body)["result"]
    assert created["name"] == f"{body['name']}.example.com"
    record = f"{records}/{created['id']}"
    assert caller.send("PATCH", record, json={"ttl": 600})["result"] == created | {
        "ttl": 600,
        "modified_on": zone.records[created["id"]]["modified_on"],
    }
    assert caller.send("GET", records)["result"] == [zone.records[created["id"]]]
    caller.send("PUT", record, json=body)
    caller.send("DELETE", record)
    assert zone.records == {}
    assert [fault for request in caller.cloudflare.recording.requests for fault in faults_of_request(request)] == []


def test_zones_settings_dnssec_and_token_are_answered_as_described(caller: Caller, zone: Zone) -> None:
    inside = f"/zones/{zone.id}"
    assert caller.send("GET", "/zones", params={"name": "contains:exam"})["result_info"]["total_count"] == 1
    assert caller.send("GET", inside)["result"]["name"] == "example.com"
    assert (
        caller.send("PATCH", f"{inside}/settings/ssl", json={"id": "ssl", "value": "strict"})["result"]["id"] == "ssl"
    )
    assert caller.send("GET", f"{inside}/settings/ssl")["result"]["value"] == "strict"
    assert caller.send("GET", f"{inside}/dnssec")["result"]["status"] == "disabled"
    assert caller.send("POST", f"{inside}/purge_cache", json={"purge_everything": True})["result"]["id"]
    assert caller.send("GET", "/user/tokens/verify")["result"]["status"] == "active"
    assert [fault for request in caller.cloudflare.recording.requests for fault in faults_of_request(request)] == []


def test_a_batch_is_all_or_nothing(caller: Caller, cloudflare: FakeCloudflare, zone: Zone) -> None:
    kept = cloudflare.add_record(zone, "A", "www", "192.0.2.1")
    batch = f"/zones/{zone.id}/dns_records/batch"
    right = {"type": "A", "name": "new", "content": "192.0.2.2"}
    wrong = {"type": "CNAME", "name": "www", "content": "example.net"}
    caller.send("POST", batch, status=400, json={"posts": [right, wrong]})
    assert list(zone.records.values()) == [kept]
    result = caller.send("POST", batch, json={"deletes": [{"id": kept["id"]}], "posts": [right, wrong]})["result"]
    assert [record["name"] for record in result["posts"]] == ["new.example.com", "www.example.com"]


WRONG: dict[str, tuple[dict[str, Any], int]] = {
    "no address": ({"type": "A", "name": "x", "content": "example.net"}, 9005),
    "an address of the other family": ({"type": "AAAA", "name": "x", "content": "192.0.2.1"}, 9006),
    "MX without priority": ({"type": "MX", "name": "x", "content": "mail.example.net"}, 9101),
    "SRV without data": ({"type": "SRV", "name": "_a._tcp", "content": "1 2 example.net"}, 9101),
    "a port out of range": (
        {
            "type": "SRV",
            "name": "_a._tcp",
            "data": {"priority": 1, "weight": 1, "port": 70000, "target": "a.example.net"},
        },
        9102,
    ),
    "a TTL too short": ({"type": "A", "name": "x", "content": "192.0.2.1", "ttl": 30}, 9021),
    "a proxied TXT": ({"type": "TXT", "name": "x", "content": "text", "proxied": True}, 9004),
    "a proxied private address": ({"type": "A", "name": "x", "content": "192.168.1.1", "proxied": True}, 9003),
    "tags on the free plan": ({"type": "A", "name": "x", "content": "192.0.2.1", "tags": ["a:b"]}, 9300),
    "a name that is no name": ({"type": "A", "name": "a..b", "content": "192.0.2.1"}, 9000),
    "a name not in Punycode": ({"type": "A", "name": "bücher", "content": "192.0.2.1"}, 9000),
    "too much text": ({"type": "TXT", "name": "x", "content": f'"{"a" * 5000}"'}, 9015),
    "an identical record": ({"type": "A", "name": "www", "content": "192.0.2.1"}, 81058),
    "a CNAME beside an address": ({"type": "CNAME", "name": "www", "content": "example.net"}, 81053),
    "an address beside a CNAME": ({"type": "A", "name": "alias", "content": "192.0.2.1"}, 81054),
    "an unknown field": ({"type": "A", "name": "x", "content": "192.0.2.1", "zone": "y"}, 9207),
}


@pytest.mark.parametrize("why", sorted(WRONG))
def test_a_wrong_record_is_refused_with_its_code(
    caller: Caller, cloudflare: FakeCloudflare, zone: Zone, why: str
) -> None:
    cloudflare.add_record(zone, "A", "www", "192.0.2.1")
    cloudflare.add_record(zone, "CNAME", "alias", "example.net")
    body, code = WRONG[why]
    errors = caller.send("POST", f"/zones/{zone.id}/dns_records", status=400, json=body)["errors"]
    assert code in {inner["code"] for error in errors for inner in (error, *error.get("error_chain", []))}
    assert len(zone.records) == 2
