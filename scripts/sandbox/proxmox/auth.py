"""API tokens and what each may do: privileges on paths, the most specific path winning, as the real server decides."""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sandbox.proxmox.errors import ApiError, forbidden

ALL = frozenset(
    [f"Datastore.{right}" for right in ("Allocate", "AllocateSpace", "AllocateTemplate", "Audit")]
    + [f"Pool.{right}" for right in ("Allocate", "Audit")]
    + [f"Sys.{right}" for right in ("AccessNetwork", "Audit", "Console", "Modify", "PowerMgmt", "Syslog")]
    + [f"VM.{right}" for right in ("Allocate", "Audit", "Backup", "Clone", "Console", "Migrate", "Monitor")]
    + [f"VM.{right}" for right in ("PowerMgmt", "Snapshot", "Snapshot.Rollback")]
    + [f"VM.Config.{right}" for right in ("CDROM", "CPU", "Cloudinit", "Disk", "HWType", "Memory", "Network")]
    + ["VM.Config.Options", "VM.GuestAgent.Audit", "VM.GuestAgent.Unrestricted", "SDN.Audit", "SDN.Use"]
    + ["Permissions.Modify", "Realm.AllocateUser", "User.Modify"]
)


@dataclass
class Token:
    """One API token, `user@realm!name`, with its own access list (path to privileges)."""

    id: str
    secret: str
    acl: dict[str, frozenset[str]] = field(default_factory=dict)

    def privileges(self, path: str) -> frozenset[str]:
        """The privileges on a path: those of the nearest path above it that has an entry."""
        while True:
            if path in self.acl:
                return self.acl[path]
            if path == "/":
                return frozenset()
            path = path.rpartition("/")[0] or "/"


def authenticate(tokens: Iterable[Token], header: str | None) -> Token:
    """The token of an Authorization header, or 401 in one of the two ways the real server has."""
    scheme, _, rest = (header or "").partition("=")
    if scheme != "PVEAPIToken":
        raise ApiError(401, "No ticket")
    name, _, secret = rest.partition("=")
    for token in tokens:
        if token.id == name and hmac.compare_digest(token.secret.encode(), secret.encode()):
            return token
    raise ApiError(401, "Authentication failed!")


@dataclass
class Rights:
    """What a token may do in a cluster, where membership in a pool lends the pool's rights to a guest."""

    token: Token
    pools: dict[int, str]

    def have(self, path: str) -> frozenset[str]:
        own = self.token.privileges(path)
        kind, _, ident = path.strip("/").partition("/")
        if kind == "vms" and ident.isdigit() and (pool := self.pools.get(int(ident))):
            return own | self.token.privileges(f"/pool/{pool}")
        return own

    def need(self, path: str, *privileges: str, any_of: bool = False) -> None:
        """Raise 403 unless the token has all of these privileges on the path, or one of them."""
        have = self.have(path)
        if any_of:
            if not have.intersection(privileges):
                raise forbidden(path, "|".join(privileges))
            return
        for privilege in privileges:
            if privilege not in have:
                raise forbidden(path, privilege)

    def check(self, rule: list[Any] | None, values: dict[str, Any]) -> None:
        """Evaluate a permission rule of the official schema: and, or, perm."""
        if rule is None:
            return
        kind, *rest = rule
        if kind == "and":
            for part in rest:
                self.check(part, values)
        elif kind == "or":
            self.check_any(rest, values)
        elif kind == "perm":
            path, privileges, *options = rest
            self.need(fill(path, values), *privileges, any_of="any" in options)

    def check_any(self, rules: list[list[Any]], values: dict[str, Any]) -> None:
        first: ApiError | None = None
        for rule in rules:
            wanted = rule[rule.index("require_param") + 1] if "require_param" in rule else None
            if wanted and wanted not in values:
                continue
            try:
                return self.check(rule, values)
            except ApiError as error:
                first = first or error
        if first:
            raise first
        return None


def fill(path: str, values: dict[str, Any]) -> str:
    for name, value in values.items():
        path = path.replace(f"{{{name}}}", str(value))
    return path
