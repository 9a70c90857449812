"""Settings of a zone."""

from typing import Annotated, Any

from pydantic import Field

from infra_mcp_cloudflare.answers.zone_settings import UpdatedSetting, ZoneSettings
from infra_mcp_cloudflare.safety import protection
from infra_mcp_cloudflare.tools.parameters import Api, ZoneName
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
    found = await api.zones.named(zone)
    settings = [await api.settings.get(found, setting)] if setting else await api.settings.list_all(found)
    return ZoneSettings.of(found, settings, rate_limit=api.rate_limit.warning)


@tool("write")
async def update_zone_setting(api: Api, zone: ZoneName, setting: Name, value: Value) -> UpdatedSetting:
    """Change a setting of a zone; where it has that value already, nothing is sent."""
    found = await api.zones.named(zone)
    protection.check_zone(found.name)
    before = await api.settings.get(found, setting)
    protection.check_editable(found.name, before)
    after = before if before.value == value else await api.settings.update(found, setting, value)
    return UpdatedSetting.of(found, before, after, rate_limit=api.rate_limit.warning)
