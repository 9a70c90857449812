"""The API keys: who they name, and what each leaves of the operator's policy. A key can only narrow."""

import hashlib
import hmac
from dataclasses import dataclass, replace
from typing import Annotated, Any

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from infra_mcp_common.errors import NotConfigured
from infra_mcp_common.guard.caller import Caller
from infra_mcp_common.guard.policy import Policy
from infra_mcp_common.http_server.settings import Lookup
from infra_mcp_common.http_settings import API_KEY
from infra_mcp_common.runtime import current
from infra_mcp_common.settings import private_text

SHORTEST = 16
_Patterns = list[Annotated[str, Field(min_length=1)]]


class NamedKey(BaseModel, extra="forbid", strict=True):
    """One entry of `keys`. An empty list of tools offers none."""

    name: str = Field(pattern=r"^[\w.@-]{1,64}$")
    key: str | None = None
    key_file: str | None = None
    read_only: bool = False
    no_destructive: bool = False
    tools: _Patterns | None = None
    exclude_tools: _Patterns = []
    targets: Annotated[_Patterns, Field(min_length=1)] | None = None
    exclude_targets: _Patterns = []

    def secret(self) -> str:
        """The key itself, from the entry or its file."""
        if (self.key is None) == (self.key_file is None):
            raise NotConfigured(f"The key {self.name} needs either key or key_file.", "Give one of them.")
        return (
            self.key.strip()
            if self.key is not None
            else private_text(current().paths.expand(self.key_file or "")).strip()
        )

    def within(self, operator: Policy) -> Policy:
        """The operator's policy, narrowed by these rights."""
        return replace(
            operator,
            key=self.name,
            within=operator,
            read_only=self.read_only,
            no_destructive=self.no_destructive,
            tools=() if self.tools is None else (tuple(self.tools),),
            exclude_tools=tuple(self.exclude_tools),
            targets=tuple(target.lower() for target in self.targets or ()),
            exclude_targets=tuple(target.lower() for target in self.exclude_targets),
        )


@dataclass(frozen=True)
class Keys:
    """digests: of each key, with its caller; the keys themselves are not kept."""

    digests: tuple[tuple[bytes, Caller], ...]

    def caller(self, key: str) -> Caller | None:
        """Whose key this is. Every key is compared, in constant time: how long it takes tells nothing."""
        given, found = _digest(key), None
        for digest, caller in self.digests:
            if hmac.compare_digest(digest, given):
                found = caller
        return found

    @property
    def names(self) -> list[str]:
        return [caller.name or "" for _, caller in self.digests]


def load(lookup: Lookup, operator: Policy) -> Keys:
    """All keys: that of the setting, named "default", and the named ones of the file."""
    single = lookup.get(API_KEY)
    entries = [NamedKey(name="default", key=single)] if single else []
    entries += _entries(lookup.file.get("keys", []))
    secrets = [_checked(entry.name, entry.secret()) for entry in entries]
    for what, values in (("name", [entry.name for entry in entries]), ("value", secrets)):
        if len(set(values)) < len(values):
            raise NotConfigured(f"Two API keys have the same {what}.", "Give each its own.")
    return Keys(
        tuple(
            (_digest(secret), Caller(entry.name, entry.within(operator)))
            for entry, secret in zip(entries, secrets, strict=True)
        )
    )


def _entries(content: Any) -> list[NamedKey]:
    try:
        return TypeAdapter(list[NamedKey]).validate_python(content)
    except ValidationError as error:
        # The values stay unsaid: one of them is the key.
        wrong = [f"keys.{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors(include_input=False)]
        raise NotConfigured(f"The named keys can't be used: {'; '.join(wrong[:3])}.", "Correct the file.") from None


def _checked(name: str, secret: str) -> str:
    if len(secret) < SHORTEST or not secret.isascii() or not secret.isprintable() or " " in secret:
        raise NotConfigured(
            f"The API key {name} must be at least {SHORTEST} printable ASCII characters without spaces.",
            "Make one: openssl rand -hex 32",
        )
    current().secrets.learn(secret)
    return secret


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).digest()
