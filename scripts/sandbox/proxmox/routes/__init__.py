"""The served calls, one module for each noun. A handler gets a `Call` and returns the answer's `data`."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.proxmox.auth import Rights, Token
from sandbox.proxmox.state import Cluster, Guest
from sandbox.proxmox.tasks import nothing

MODULES = ("access", "cluster", "nodes", "tasks", "guests", "power", "config", "lifecycle", "snapshots", "backups")
MORE = ("storage", "agent", "console")


@dataclass
class Call:
    """One request on its way: who asks, for what, with which (typed) parameters."""

    cluster: Cluster
    token: Token
    params: dict[str, Any]

    @property
    def rights(self) -> Rights:
        return self.cluster.rights(self.token)

    @property
    def node(self) -> str:
        return str(self.params["node"])

    def guest(self, kind: str) -> Guest:
        return self.cluster.guest(self.node, kind, int(self.params["vmid"]))

    def task(
        self,
        kind: str,
        ident: object,
        effect: Callable[[], None],
        undo: Callable[[], None] = nothing,
        node: str | None = None,
    ) -> str:
        """Start a task of this token and return its UPID."""
        self.cluster.writable()
        return self.cluster.tasks.begin(node or self.node, kind, str(ident), self.token.id, effect=effect, undo=undo)

    def locked_task(self, guest: Guest, lock: str, kind: str, effect: Callable[[], None]) -> str:
        """Start a task that keeps the guest locked until it ends."""
        guest.unlocked()
        self.cluster.writable()
        guest.config["lock"] = lock

        def unlock() -> None:
            guest.config.pop("lock", None)

        return self.task(kind, guest.vmid, effect, unlock)


Handler = Callable[[Call], Any]
HANDLERS: dict[str, Handler] = {}


def route(*names: str) -> Callable[[Handler], Handler]:
    """Serve `METHOD /path/{parameter}` by the decorated function."""

    def register(handler: Handler) -> Handler:
        HANDLERS.update(dict.fromkeys(names, handler))
        return handler

    return register


def for_kind(kind: str, handler: Callable[[Call, Guest], Any]) -> Handler:
    return lambda call: handler(call, call.guest(kind))


def guest_route(method: str, tail: str, *kinds: str) -> Callable[[Callable[[Call, Guest], Any]], None]:
    """Serve a call below one guest for VMs and containers alike, or only for the kinds named."""

    def register(handler: Callable[[Call, Guest], Any]) -> None:
        for kind in kinds or ("lxc", "qemu"):
            HANDLERS[f"{method} /nodes/{{node}}/{kind}/{{vmid}}{tail}"] = for_kind(kind, handler)

    return register


def load_all() -> None:
    from importlib import import_module

    for module in MODULES + MORE:
        import_module(f"{__name__}.{module}")


def served() -> list[str]:
    """Every call this sandbox answers, as `METHOD /path`."""
    load_all()
    return sorted(HANDLERS)


def find(method: str, path: str) -> tuple[str, dict[str, str]] | None:
    """The call that a concrete path belongs to, with the values in the path; fixed words win over parameters."""
    found = []
    for name in HANDLERS:
        known, _, template = name.partition(" ")
        if known == method and (match := pattern(template).fullmatch(path)):
            found.append((template.count("{"), name, match.groupdict()))
    return min(found, key=lambda each: each[0])[1:] if found else None


PATTERNS: dict[str, re.Pattern[str]] = {}


def pattern(template: str) -> re.Pattern[str]:
    if template not in PATTERNS:
        PATTERNS[template] = re.compile(re.sub(r"\{(\w+)\}", part, template))
    return PATTERNS[template]


def part(name: re.Match[str]) -> str:
    """Volumes are no folders for the real server: what follows content/ is one name, slashes included."""
    return f"(?P<{name[1]}>{'.+' if name[1] == 'volume' else '[^/]+'})"
