"""What the operator keeps out of reach: names that no tool changes, and NS and MX of the zone itself."""

from fnmatch import fnmatchcase

from infra_mcp_cloudflare import settings
from infra_mcp_cloudflare.domain.record import RecordBody
from infra_mcp_cloudflare.domain.zone import ZoneSetting
from infra_mcp_common.errors import Refused


def check_zone(zone: str) -> None:
    """Refuse a change to a protected zone as a whole."""
    if _is_protected(zone):
        raise _protected(zone)


def check_editable(zone: str, setting: ZoneSetting) -> None:
    """Refuse a setting that Cloudflare does not let be changed."""
    if setting.editable is False:
        raise Refused(f"Cloudflare does not let {setting.id} of {zone} be changed.", "It may need another plan.")


def check_change(zone: str, *records: RecordBody) -> None:
    """Refuse a change that makes, alters or removes one of these records."""
    check_zone(zone)
    open_zones = settings.patterns(settings.APEX_CHANGES)
    for record in records:
        name = record.name.lower()
        if _is_protected(name):
            raise _protected(name)
        at_apex = name == zone and record.type in ("NS", "MX")
        if at_apex and not any(fnmatchcase(zone, pattern) for pattern in open_zones):
            raise Refused(
                f"The {record.type} records of {zone} itself decide who answers for it and who gets its mail.",
                f"The operator allows changing them by {settings.APEX_CHANGES.name}={zone}.",
            )


def _is_protected(name: str) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in settings.patterns(settings.PROTECTED))


def _protected(name: str) -> Refused:
    return Refused(
        f"{name} is protected by the operator's {settings.PROTECTED.name}.", "Only the operator can change that."
    )
