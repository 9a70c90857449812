"""Parameters that several tools share."""

from typing import Annotated

from mcp.server.mcpserver.resolve import Resolve
from pydantic import Field

from infra_mcp_ssh.transport.connections import Connections, connections

Ssh = Annotated[Connections, Resolve(connections)]
HostName = Annotated[
    str, Field(description="Alias of the SSH configuration, or user@host:port; all but the host may be left out")
]
RemotePath = Annotated[
    str, Field(min_length=1, max_length=4096, description="Path on the host; relative ones begin at the home directory")
]
LocalPath = Annotated[str, Field(min_length=1, description="Path on this machine, inside the allowed folders")]
Mode = Annotated[
    str | None,
    Field(
        pattern="^0?[0-7]{3,4}$", description="Permission bits in octal; else a file keeps its own, a new one gets 0644"
    ),
]
Expected = Annotated[
    str | None,
    Field(
        pattern="^([0-9a-f]{64}|absent)$",
        description="Go on only if the file there has this sha256, or with 'absent' only if none is there",
    ),
]


def permission_bits(mode: Mode) -> int | None:
    """The octal text as a number."""
    return int(mode, 8) if mode else None
