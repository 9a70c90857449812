"""Settings of a zone, and DNSSEC."""

from typing import Annotated, Any

from pydantic import Field

from infra_mcp_cloudflare.answers.records import Dnssec, UpdatedSetting, ZoneSetting, ZoneSettings
from infra_mcp_cloudflare.safety import protection
from infra_mcp_cloudflare.tools.parameters import Api, ZoneName
from infra_mcp_common.errors import Refused
from infra_mcp_common.tool_calls.declaration import tool

Name = Annotated[str, Field(pattern="^[a-z0-9_]{1,64}$", description="As in ssl, min_tls_version, always_use_https")]
Value = Annotated[str | int | float | bool | dict[str, Any] | list[Any], Field(description="As in strict, 1.2, on")]


@tool("read")
async def get_zone_setting(
    api: Api,
    zone: ZoneName,
    setting: Annotated[Name | None, Field(description="One setting; without it, all of them")] = None,
) -> ZoneSettings:
    """Show a setting of a zone, or all of them."""
    found = await api.zone(zone)
    raw = [await api.get_setting(found, setting)] if setting else await api.list_settings(found)
    return ZoneSettings(zone=found.name, settings=[ZoneSetting.model_validate(each) for each in raw])


@tool("write")
async def update_zone_setting(api: Api, zone: ZoneName, setting: Name, value: Value) -> UpdatedSetting:
    """Change a setting of a zone; where it has that value already, nothing is sent."""
    found = await api.zone(zone)
    protection.check_zone(found.name)
    before = await api.get_setting(found, setting)
    if before.get("editable") is False:
        raise Refused(f"Cloudflare does not let {setting} of {found.name} be changed.", "It may need another plan.")
    changed = before.get("value") != value
    after = await api.update_setting(found, setting, value) if changed else before
    return UpdatedSetting(
        zone=found.name, id=setting, before=before.get("value"), after=after.get("value"), changed=changed
    )


@tool("read")
async def get_dnssec(api: Api, zone: ZoneName) -> Dnssec:
    """Show the state of DNSSEC and the DS record for the registrar."""
    found = await api.zone(zone)
    raw = await api.get_dnssec(found)
    return Dnssec.model_validate({"status": "unknown", **raw, "zone": found.name})
