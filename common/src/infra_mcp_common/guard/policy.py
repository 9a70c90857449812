"""What the operator allows, whatever a call asks for.

Decided by flags, environment and env file, read once at the start because it shapes the tool list. No argument can
widen it, flags can only narrow it, and a policy that can't be read refuses every call.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from infra_mcp_common.errors import NotConfigured, Refused
from infra_mcp_common.guard.kinds import Kind
from infra_mcp_common.settings import Setting, Settings

READ_ONLY = Setting("INFRA_MCP_READ_ONLY", "true offers only tools that change nothing")
NO_DESTRUCTIVE = Setting("INFRA_MCP_NO_DESTRUCTIVE", "true drops tools that can destroy, and those that run anything")
TOOLS = Setting("INFRA_MCP_TOOLS", "names or patterns of the only tools to offer, separated by commas")
EXCLUDE_TOOLS = Setting("INFRA_MCP_EXCLUDE_TOOLS", "names or patterns of tools to drop, separated by commas")
TARGETS = Setting("INFRA_MCP_TARGETS", "names or patterns of the only targets to act on, separated by commas")
EXCLUDE_TARGETS = Setting("INFRA_MCP_EXCLUDE_TARGETS", "names or patterns of targets never to act on")
GATE = Setting("INFRA_MCP_GATE", "destructive or writes: which tools need confirmed: true", default="destructive")
ASK = Setting("INFRA_MCP_ASK", "off lets gated tools run without a person at the client", default="on")
POLICY_SETTINGS = (READ_ONLY, NO_DESTRUCTIVE, TOOLS, EXCLUDE_TOOLS, TARGETS, EXCLUDE_TARGETS, GATE, ASK)


@dataclass(frozen=True)
class Policy:
    """key: the API key whose rights these are, none where they are the operator's. within: what they narrow."""

    read_only: bool = False
    no_destructive: bool = False
    tools: tuple[tuple[str, ...], ...] = ()
    exclude_tools: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    exclude_targets: tuple[str, ...] = ()
    gate_writes: bool = False
    ask: bool = True
    broken: NotConfigured | None = field(default=None, compare=False)
    key: str = ""
    within: "Policy | None" = None

    def gates(self, kind: Kind) -> bool:
        """Whether tools of this kind need `confirmed: true`."""
        return kind == "destructive" or (self.gate_writes and kind == "write")

    def why_not_tool(self, name: str, kind: Kind, *, arbitrary: bool) -> str | None:
        """Why the operator's settings drop a tool, or None. Read-only beats everything, exclusion beats inclusion."""
        if outer := self.within and self.within.why_not_tool(name, kind, arbitrary=arbitrary):
            return outer
        if self.read_only and kind != "read":
            return self._named(READ_ONLY)
        if self.no_destructive and (kind == "destructive" or arbitrary):
            return self._named(NO_DESTRUCTIVE)
        if _matches(name, self.exclude_tools):
            return self._named(EXCLUDE_TOOLS)
        return None if all(_matches(name, chosen) for chosen in self.tools) else self._named(TOOLS)

    def check_target(self, target: str, *other_names: str) -> None:
        """Refuse a target that the operator's lists leave out, under any of its names, whatever their case."""
        if self.within:
            self.within.check_target(target, *other_names)
        names = [name.lower() for name in (target, *other_names)]
        outside = bool(self.targets) and not any(_matches(name, self.targets) for name in names)
        if outside or any(_matches(name, self.exclude_targets) for name in names):
            setting = TARGETS if outside else EXCLUDE_TARGETS
            raise Refused(
                f"The operator's {self._named(setting)} does not allow {target}.",
                "Only the operator can change that setting.",
            )

    def _named(self, setting: Setting) -> str:
        return f"{setting.short_name} of the key {self.key}" if self.key else setting.name


def load(settings: Settings, flags: Mapping[str, Any]) -> Policy:
    """The policy of this process: the operator's settings, narrowed by the flags of the command line."""
    read_only, no_destructive = flags.get("read_only", False), flags.get("no_destructive", False)
    try:
        return Policy(
            read_only=settings.flag(READ_ONLY) or read_only,
            no_destructive=settings.flag(NO_DESTRUCTIVE) or no_destructive,
            tools=tuple(chosen for chosen in (_split(settings.get(TOOLS)), _split(flags.get("tools", ""))) if chosen),
            exclude_tools=_split(settings.get(EXCLUDE_TOOLS)) + _split(flags.get("exclude_tools", "")),
            targets=_split(settings.get(TARGETS).lower()),
            exclude_targets=_split(settings.get(EXCLUDE_TARGETS).lower()),
            gate_writes=_choice(settings, GATE, ("destructive", "writes")) == "writes",
            ask=_choice(settings, ASK, ("on", "off")) == "on",
        )
    except NotConfigured as error:
        return Policy(read_only=read_only, no_destructive=no_destructive, broken=error)


def _choice(settings: Settings, setting: Setting, choices: Iterable[str]) -> str:
    value = settings.get(setting).lower()
    if value not in choices:
        raise NotConfigured(f"{setting.name} must be one of {', '.join(choices)}.", "Correct or remove it.")
    return value


def _split(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _matches(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)
