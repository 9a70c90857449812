"""A fake Cloudflare with two zones."""

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from contract.worlds.base import Call, Fault, Json, World, printable
from contract.worlds.door import Door, Reply, http_faults
from sandbox.cloudflare.server import FakeCloudflare
from support.sshd import free_port

ZONE = {"zone": "example.com"}
WWW = {"type": "A", "name": "www", "content": "192.0.2.1"}


STATUSES = {401: "denied", 403: "denied", 404: "not_found", 409: "conflict", 429: "failed", 500: "failed"}


def refusal(status: int) -> Reply:
    """How Cloudflare says no."""
    errors = [{"code": 10000, "message": "Something is not right"}]
    return Reply(status, json.dumps({"success": False, "errors": errors, "messages": [], "result": None}).encode())


class CloudflareWorld(World):
    name = "cloudflare"
    probe = Call("get_zone", ZONE)
    light = Call("verify_token")
    over_http = True
    may_die = True

    @contextmanager
    def opened(self) -> Iterator[None]:
        with FakeCloudflare() as self.fake:
            self.zone = self.fake.add_zone("example.com")
            self.fake.add_zone("other.net")
            for number in range(300):
                self.fake.add_record(self.zone, "TXT", f"t{number}", f'"{"text " * 40}"')
            # To go back to a snapshot it has to hold what the zone held.
            self.own = [self.home / ".local/state/infra-mcp/snapshots"]
            token = self.fake.add_token(value=self.secret)
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

    @contextmanager
    def faulty(self) -> Iterator[list[Fault]]:
        host, port = urlsplit(self.fake.url).netloc.split(":")
        with Door((host, int(port))).opened() as self.door:
            self.env["CF_API_URL"] = self.fake.url.replace(f":{port}", f":{self.door.port}")
            nowhere = {"CF_API_URL": self.fake.url.replace(f":{port}", f":{free_port()}")}
            yield [*http_faults(self.door, refusal, STATUSES), Fault("refused", "unreachable", settings=nowhere)]

    def mend(self) -> None:
        self.door.mend()

    def tamper(self, body: Callable[[bytes], bytes]) -> None:
        self.fake.faults.tamper = body

    def state(self) -> Any:
        return copy.deepcopy(self.fake.state.zones), len(self.fake.recording.writes)
