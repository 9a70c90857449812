"""A fake Cloudflare with two zones."""

import copy
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from contract.worlds.base import SECRET, Call, Json, World, printable
from sandbox.cloudflare.server import FakeCloudflare

ZONE = {"zone": "example.com"}
WWW = {"type": "A", "name": "www", "content": "192.0.2.1"}


class CloudflareWorld(World):
    name = "cloudflare"

    @contextmanager
    def opened(self) -> Iterator[None]:
        with FakeCloudflare() as self.fake:
            self.zone = self.fake.add_zone("example.com")
            self.fake.add_zone("other.net")
            for number in range(300):
                self.fake.add_record(self.zone, "TXT", f"t{number}", f'"{"text " * 40}"')
            # To go back to a snapshot it has to hold what the zone held.
            self.own = [self.home / ".local/state/infra-mcp/snapshots"]
            token = self.fake.add_token(value=SECRET)
            self.env = self.fake.environment(token)
            yield

    def calls(self, answers: Mapping[str, Json]) -> Iterator[Call]:
        for tool in ("get_zone_id", "get_zone", "list_dns_records", "get_dnssec", "get_zone_setting", "export_zone"):
            yield Call(tool, ZONE)
        yield Call("read_output", {"output_id": answers["export_zone"]["bind"]["output_id"]})
        yield Call("list_zones")
        yield Call("verify_token")
        yield Call("create_dns_record", {**ZONE, **WWW})
        yield Call("get_dns_record", {**ZONE, "record": "www"})
        yield Call("find_dns_records", {"text": "t299.example.com"})
        yield Call("snapshot_zone", ZONE)
        yield Call("update_dns_record", {**ZONE, "record": "www", "ttl": 300})
        yield Call("upsert_dns_record", {**ZONE, "type": "TXT", "name": "@", "content": "v=spf1 -all"})
        yield Call("import_zone", {**ZONE, "bind": "new.example.com. 300 IN A 192.0.2.9\n"})
        yield Call("delete_dns_record", {**ZONE, "record": "new"}, confirm=True)
        yield Call("apply_dns_records", {**ZONE, "records": [{**WWW, "content": "192.0.2.7"}]}, confirm=True)
        yield Call("restore_zone", {**ZONE, "snapshot": answers["snapshot_zone"]["snapshot"]}, confirm=True)
        yield Call("update_zone_setting", {**ZONE, "setting": "ssl", "value": "strict"})
        yield Call("purge_cache", {**ZONE, "files": ["https://www.example.com/a.css"]}, confirm=True)

    def plant(self, text: str) -> set[str]:
        for record in self.zone.records.values():
            record["comment"], record["content"] = text, f'"{printable(text)}"'
        return {"list_dns_records", "export_zone", "read_output", "find_dns_records"}

    def tamper(self, body: Callable[[bytes], bytes]) -> None:
        self.fake.faults.tamper = body

    def state(self) -> Any:
        return copy.deepcopy(self.fake.state.zones), len(self.fake.recording.writes)
