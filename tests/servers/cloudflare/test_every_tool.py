"""Every tool does its work through a real client, by requests that Cloudflare's own description allows."""

from pathlib import Path
from typing import Any

import pytest

from sandbox.client import RunningServer
from sandbox.cloudflare.server import FakeCloudflare
from sandbox.cloudflare.state import Zone
from support.answers import data, error, text
from support.client import StartProcess
from support.cloudflare_openapi import faults_of_request
from support.cloudflare_samples import SAMPLES

pytestmark = pytest.mark.anyio


class Tour:
    """Calls tools and keeps what was called and all that was answered."""

    def __init__(self, server: RunningServer) -> None:
        self.server = server
        self.called: set[str] = set()
        self.answers: list[str] = []

    async def call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        result = await self.server.call(tool, **arguments)
        self.called.add(tool)
        self.answers.append(text(result))
        return data(result)

    async def confirmed(self, tool: str, **arguments: Any) -> dict[str, Any]:
        preview = await self.call(tool, **arguments)
        assert preview["confirmed"] is False
        return await self.call(tool, **{**arguments, **preview["confirm_with"]})


async def take(tour: Tour, zone: Zone) -> None:
    """Use each tool once; the zone's own records and settings are looked at in between."""
    name = zone.name
    assert (await tour.call("list_zones"))["page"]["total"] == 2
    assert (await tour.call("get_zone_id", zone=f"{name.upper()}."))["id"] == zone.id
    assert (await tour.call("get_zone", zone=zone.id))["name"] == name
    assert (await tour.call("verify_token"))["status"] == "active"
    made = (await tour.call("create_dns_record", zone=name, type="A", name="www", content="192.0.2.1"))["record"]
    assert (await tour.call("get_dns_record", zone=name, record="www"))["record"] == made
    assert (await tour.call("list_dns_records", zone=name, type="A"))["records"][0]["id"] == made["id"]
    assert (await tour.call("find_dns_records", text="192.0.2.1"))["records"][0]["zone"] == name
    kept = await tour.call("snapshot_zone", zone=name)
    assert (await tour.call("update_dns_record", zone=name, record="www", ttl=300))["changed"] == ["ttl"]
    upserted = await tour.call("upsert_dns_record", zone=name, type="TXT", name="@", content="v=spf1 -all")
    assert upserted["outcome"] == "created"
    declared = [{"type": "CNAME", "name": "www", "content": "shop.example.net"}]
    assert (await tour.confirmed("apply_dns_records", zone=name, records=declared))["created"] == 1
    bind = (await tour.call("export_zone", zone=name))["bind"]["text"]
    added = await tour.call("import_zone", zone=name, bind=f"{bind}new 300 IN A 192.0.2.9\n")
    assert (added["created"], added["unchanged"], added["left_out"]) == (1, 2, 1)
    assert (await tour.confirmed("delete_dns_record", zone=name, record="new"))["deleted"]["content"] == "192.0.2.9"
    assert (await tour.confirmed("restore_zone", zone=name, snapshot=kept["snapshot"]))["deleted"] == 2
    assert [record["content"] for record in zone.records.values()] == ["192.0.2.1"]
    assert (await tour.call("get_zone_setting", zone=name, setting="ssl"))["settings"][0]["value"] == "full"
    changed = await tour.call("update_zone_setting", zone=name, setting="ssl", value="strict")
    assert (changed["before"], changed["after"], zone.settings["ssl"]["value"]) == ("full", "strict", "strict")
    assert (await tour.call("get_dnssec", zone=name))["status"] == "disabled"
    await tour.confirmed("purge_cache", zone=name, files=["https://www.example.com/a.css"])
    assert zone.purges == [{"files": ["https://www.example.com/a.css"]}]


async def test_every_tool_works_by_requests_that_the_description_allows(
    server: RunningServer, cloudflare: FakeCloudflare, zone: Zone
) -> None:
    tour = Tour(server)
    await take(tour, zone)
    offered = {tool.name for tool in (await server.client.list_tools()).tools}
    assert tour.called == offered - {"read_output"}
    assert [fault for request in cloudflare.recording.requests for fault in faults_of_request(request)] == []


async def test_the_token_is_in_no_answer_log_or_file(home: Path, start_process: StartProcess) -> None:
    with FakeCloudflare() as cloudflare:
        zone = cloudflare.add_zone("example.com")
        cloudflare.add_zone("other.net")
        env = cloudflare.environment()
        token = env["CF_API_TOKEN"]
        cloudflare.add_record(zone, "TXT", "leak", f"my token is {token}")
        async with start_process("cloudflare-mcp", env=env) as server:
            tour = Tour(server)
            listed = await tour.call("list_dns_records", zone="example.com")
            assert listed["records"][0]["content"].startswith('"my token is ')
            await tour.call("export_zone", zone="example.com")
            refused = await server.call("create_dns_record", zone="example.com", type="A", name="x", content=token)
            written = "".join(tour.answers) + text(refused) + server.stderr
    audit = (home / ".local/state/infra-mcp/audit/cloudflare.jsonl").read_text()
    assert token not in written + audit
    assert '"tool": "export_zone"' in audit


@pytest.mark.parametrize("record_type", sorted(SAMPLES))
async def test_a_record_of_every_type_is_created_changed_and_found_unchanged(
    server: RunningServer, cloudflare: FakeCloudflare, zone: Zone, record_type: str
) -> None:
    given = {"zone": "example.com", "type": record_type, **SAMPLES[record_type]}
    made = data(await server.call("create_dns_record", **given))["record"]
    assert zone.records[made["id"]]["name"] == f"{given['name']}.example.com"
    assert data(await server.call("upsert_dns_record", **given))["outcome"] == "unchanged"
    changed = data(await server.call("update_dns_record", zone="example.com", record=made["id"], comment="kept"))
    assert changed["changed"] == ["comment"]
    assert zone.records[made["id"]]["content"] == made["content"]
    assert [fault for request in cloudflare.recording.requests for fault in faults_of_request(request)] == []


GOOD: dict[str, Any] = {
    "zone": "example.com",
    "record": "www",
    "type": "A",
    "name": "www",
    "content": "192.0.2.1",
    "text": "192.0.2.1",
    "records": [],
    "bind": "",
    "snapshot": "none",
    "setting": "ssl",
    "value": "strict",
}
WRONG = ["../../user/tokens", "x?a=b#c", "-x", "$(id)\n", "\0", "x" * 100_000, {"a": {}}, ["x"], 10**30, None, "true"]


async def test_no_wrong_value_of_any_argument_of_any_tool_is_more_than_a_refusal(
    server: RunningServer, cloudflare: FakeCloudflare, zone: Zone
) -> None:
    cloudflare.add_record(zone, "A", "www", "192.0.2.1")
    for tool in (await server.client.list_tools()).tools:
        schema = tool.input_schema
        good = {name: GOOD[name] for name in schema.get("required", []) if name in GOOD}
        for name in schema.get("properties", {}):
            for wrong in WRONG:
                result = await server.call(tool.name, **{**good, name: wrong})
                assert not result.is_error or error(result)["kind"] != "unexpected", (tool.name, name, wrong)
    # What a setting may hold differs by plan and is Cloudflare's to judge; everything else is held to its description.
    held = [request for request in cloudflare.recording.requests if "/settings/" not in request.path]
    assert [fault for request in held for fault in faults_of_request(request)] == []
    assert data(await server.call("list_zones"))["page"]["total"] == 2
