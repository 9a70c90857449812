"""Which request does what, and which permission it takes."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.cloudflare import batch, listing, records, zone_api, zonefile
from sandbox.cloudflare.errors import ApiError, no_route
from sandbox.cloudflare.recording import Request
from sandbox.cloudflare.state import Json, State, Zone
from sandbox.cloudflare.tokens import Permission, Token, authorize, unauthorized


@dataclass
class Call:
    """One request, taken apart."""

    state: State
    token: Token
    request: Request
    ids: dict[str, str] = field(default_factory=dict)
    target: Zone | None = None

    @property
    def path(self) -> str:
        """The path below the base URL."""
        return self.request.path

    @property
    def query(self) -> dict[str, str]:
        """The query; of a name given twice, the last."""
        return dict(self.request.query)

    @property
    def body(self) -> Any:
        """The body as data."""
        return self.request.body

    @property
    def zone(self) -> Zone:
        """The zone of the path."""
        if self.target is None:
            raise no_route(self.path)
        return self.target


@dataclass
class Answer:
    """What goes into the envelope; `bare` answers are sent as they are."""

    result: Any
    info: Json | None = None
    messages: tuple[Json, ...] = ()
    bare: bool = False


@dataclass(frozen=True)
class Route:
    """A method and path with the permission it takes; None: any active token."""

    method: str
    path: str
    permission: Permission | None
    handle: Callable[[Call], Answer]

    def match(self, method: str, path: str) -> dict[str, str] | None:
        """The ids in the path, if this is the route."""
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.path)
        found = re.fullmatch(pattern, path)
        return found.groupdict() if found and method == self.method else None


def _list_zones(call: Call) -> Answer:
    visible = [zone for zone in call.state.zones.values() if call.token.may("zone:read", zone)]
    return Answer(*listing.zones(visible, call.query))


def _list_records(call: Call) -> Answer:
    return Answer(*listing.records(call.zone, call.query))


def _delete_record(call: Call) -> Answer:
    # As documented: no `success`, no `errors`.
    return Answer({"result": {"id": records.delete(call.zone, call.ids["record"])["id"]}}, bare=True)


def _verify(call: Call) -> Answer:
    if call.token.account_id != call.ids.get("account"):
        raise ApiError(401, 1000, "Invalid API Token")
    result = {"id": call.token.id, "status": call.token.status}
    if call.token.expires_on:
        result["expires_on"] = call.token.expires_on
    return Answer(result, messages=({"code": 10000, "message": f"This API Token is valid and {call.token.status}"},))


_RECORDS = "/zones/{zone}/dns_records"
_ONE = _RECORDS + "/{record}"
_SETTING = "/zones/{zone}/settings/{setting}"

ROUTES = (
    Route("GET", "/user/tokens/verify", None, _verify),
    Route("GET", "/accounts/{account}/tokens/verify", None, _verify),
    Route("GET", "/zones", "zone:read", _list_zones),
    Route("GET", "/zones/{zone}", "zone:read", lambda c: Answer(c.zone.as_json())),
    Route("GET", _RECORDS, "dns:read", _list_records),
    Route("POST", _RECORDS, "dns:edit", lambda c: Answer(records.create(c.zone, c.body))),
    Route("GET", _RECORDS + "/export", "dns:read", lambda c: Answer(zonefile.export(c.zone), bare=True)),
    Route("POST", _RECORDS + "/batch", "dns:edit", lambda c: Answer(batch.run(c.zone, c.body))),
    Route("GET", _ONE, "dns:read", lambda c: Answer(records.get(c.zone, c.ids["record"]))),
    Route("PATCH", _ONE, "dns:edit", lambda c: Answer(records.patch(c.zone, c.ids["record"], c.body))),
    Route("PUT", _ONE, "dns:edit", lambda c: Answer(records.put(c.zone, c.ids["record"], c.body))),
    Route("DELETE", _ONE, "dns:edit", _delete_record),
    Route("GET", "/zones/{zone}/settings", "settings:read", lambda c: Answer(list(c.zone.settings.values()))),
    Route("GET", _SETTING, "settings:read", lambda c: Answer(zone_api.get_setting(c.zone, c.ids["setting"]))),
    Route(
        "PATCH", _SETTING, "settings:edit", lambda c: Answer(zone_api.patch_setting(c.zone, c.ids["setting"], c.body))
    ),
    Route("GET", "/zones/{zone}/dnssec", "dns:read", lambda c: Answer(c.zone.dnssec)),
    Route("POST", "/zones/{zone}/purge_cache", "cache:purge", lambda c: Answer(zone_api.purge(c.zone, c.body))),
)


def dispatch(call: Call) -> Answer:
    """Find the route, check the token against it, and do it."""
    for route in ROUTES:
        ids = route.match(call.request.method, call.path)
        if ids is not None:
            call.ids = ids
            _authorize(route, call)
            return route.handle(call)
    raise no_route(call.path)


def _authorize(route: Route, call: Call) -> None:
    for name in ("zone", "record"):
        if name in call.ids and not re.fullmatch("[0-9a-f]{32}", call.ids[name]):
            raise no_route(call.path)
    if route.permission is None:
        return
    zone_itself = route.path in ("/zones", "/zones/{zone}")
    call.target = call.state.zones.get(call.ids.get("zone", ""))
    if "zone" in call.ids and call.target is None:
        raise unauthorized(zone_itself=zone_itself)
    authorize(call.token, route.permission, call.target, zone_itself=zone_itself)
