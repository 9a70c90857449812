"""Arguments that many tools share."""

from typing import Annotated

from pydantic import Field

from infra_mcp_proxmox.domain.guest import HIGHEST_ID, LOWEST_ID

GuestName = Annotated[int | str, Field(description="Guest id or name")]
# Names go into paths and into values like `storage:8,ssd=1`, where a comma or slash would say something else.
NODE, STORAGE, VOLUME = r"^[A-Za-z0-9-]+$", r"^[A-Za-z][\w.-]*$", r"^[A-Za-z][\w.-]*:[\w./+:@-]+$"
NodeName = Annotated[str, Field(pattern=NODE, description="Name of the node")]
StorageName = Annotated[str, Field(pattern=STORAGE, description="Name of the storage")]
Vmid = Annotated[int, Field(ge=LOWEST_ID, le=HIGHEST_ID, description="Guest id")]
Offset = Annotated[int, Field(ge=0, description="How many to skip")]
Limit = Annotated[int, Field(ge=1, le=1000, description="How many at most")]
Wait = Annotated[
    float, Field(ge=0, le=3600, description="Seconds to wait for the task; 0 answers at once with its upid")
]
Digest = Annotated[
    str | None, Field(description="From the preview, needed to confirm: what has changed since is not touched")
]
SnapshotName = Annotated[
    str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{1,39}$", description="Begins with a letter; letters, digits, _ and -")
]
Id = Annotated[Vmid | None, Field(description="Its id; the next free one without it")]
OnNode = Annotated[
    str | None, Field(pattern=NODE, description="Where; the online node with most free memory without it")
]
