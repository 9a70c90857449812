"""cloudflare-mcp on an embedded Cloudflare: a record is added, changed and removed, and a zone put back."""

from pathlib import Path
from typing import Any

from demos.stage import Stage, perform
from sandbox.cloudflare.server import FakeCloudflare

ZONE = "example.com"


async def play(folder: Path) -> None:
    home = folder / "home"
    with FakeCloudflare() as cloudflare:
        zone = cloudflare.add_zone(ZONE)
        cloudflare.add_record(zone, "A", "@", "192.0.2.10", proxied=True)
        cloudflare.add_record(zone, "MX", "@", "mail.example.com", priority=10)
        cloudflare.add_record(zone, "CNAME", "www", "example.com", comment="the shop")
        _settle(home, cloudflare)
        async with perform("cloudflare-mcp", home=home) as stage:
            await stage.list_tools()
            await _change_a_record(stage)
            await _change_many(stage)


async def _change_a_record(stage: Stage) -> None:
    await stage.call("What is there?", "list_dns_records", zone=ZONE)
    await stage.call("Add a record", "create_dns_record", zone=ZONE, type="A", name="api", content="192.0.2.20")
    await stage.call("Change it", "update_dns_record", zone=ZONE, record="api", ttl=300, comment="since today")
    await stage.call("Change nothing", "update_dns_record", zone=ZONE, record="api", ttl=300)
    wrong: dict[str, Any] = {"zone": ZONE, "type": "A", "name": "lan", "content": "192.168.1.5", "proxied": True}
    await stage.call("A record that can't work", "create_dns_record", **wrong, ends="refused")
    preview = await stage.call("Remove it?", "delete_dns_record", zone=ZONE, record="api", ends="preview")
    await stage.call("Confirmed, it is gone", "delete_dns_record", **{"zone": ZONE, **preview["confirm_with"]})
    await stage.call("Mail is out of reach", "delete_dns_record", zone=ZONE, record="@", type="MX", ends="refused")


async def _change_many(stage: Stage) -> None:
    kept = await stage.call("Keep a copy", "snapshot_zone", zone=ZONE)
    declared: dict[str, Any] = {
        "zone": ZONE,
        "records": [{"type": "CNAME", "name": "www", "content": "shop.example.net"}],
    }
    plan = await stage.call("What would a declared set change?", "apply_dns_records", **declared, ends="preview")
    await stage.call("That very plan, confirmed", "apply_dns_records", **declared, **plan["confirm_with"])
    back: dict[str, Any] = {"zone": ZONE, "snapshot": kept["snapshot"]}
    plan = await stage.call("What would take it back?", "restore_zone", **back, ends="preview")
    await stage.call("Back as it was", "restore_zone", **back, **plan["confirm_with"])


def _settle(home: Path, cloudflare: FakeCloudflare) -> None:
    """The settings where the server looks for them."""
    env_file = home / ".config" / "infra-mcp" / "cloudflare.env"
    env_file.parent.mkdir(parents=True)
    env_file.touch(mode=0o600)
    lines = (f"{name}={value}\n" for name, value in cloudflare.environment().items())
    env_file.write_text("".join(lines), encoding="utf-8")
