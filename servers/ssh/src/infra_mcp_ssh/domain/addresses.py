"""Host and user names, let in by whitelist before anything else sees them.

asyncssh passes both on unchecked, and a ProxyCommand in the user's configuration may hand them to a local shell.
"""

import re
from typing import NamedTuple

from infra_mcp_common.errors import InvalidInput

_USER = re.compile(r"[A-Za-z_][A-Za-z0-9_.@\\$-]*")
_HOST = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*|(?=.*:)[0-9A-Fa-f:][0-9A-Fa-f:.]*(?:%[A-Za-z0-9_.-]+)?")
_ADDRESS = re.compile(
    r"(?:(?P<user>.*)@)?(?:\[(?P<bracketed>[^\]]*)\](?::(?P<port6>\d+))?|(?P<host>[^:]*)(?::(?P<port>\d+))?|(?P<bare6>.*:.*))",
    re.DOTALL,
)


class Address(NamedTuple):
    """Where to log in, as given: a configuration alias, a name or an IP address; user and port only where named."""

    host: str
    user: str | None = None
    port: int | None = None

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host and self.port else self.host
        return (f"{self.user}@" if self.user else "") + host + (f":{self.port}" if self.port else "")


def parse(text: str) -> Address:
    """Read `alias`, `user@host`, `host:port`, `[::1]:port` or any mixture; InvalidInput for everything else."""
    match = _ADDRESS.fullmatch(text)
    parts = match.groupdict() if match else {}
    host = parts.get("bracketed") or parts.get("host") or parts.get("bare6") or ""
    user, port = parts.get("user"), int(parts.get("port6") or parts.get("port") or 0)
    if not _HOST.fullmatch(host) or len(host) > 255:
        raise InvalidInput("That is no host.", "Give an alias of the SSH configuration, a name or an IP address.")
    if user is not None and not _USER.fullmatch(user):
        raise InvalidInput("That is no user name.", "Give it as user@host, in letters, digits and . _ -")
    if port > 65535:
        raise InvalidInput("That is no port.", "Give a number from 1 to 65535.")
    return Address(host, user, port or None)
