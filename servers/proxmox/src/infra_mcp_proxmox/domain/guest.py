"""How guests and tasks are named on the wire."""

import re
from dataclasses import dataclass
from typing import Literal

from infra_mcp_common.errors import InvalidInput

LOWEST_ID, HIGHEST_ID = 100, 999_999_999
GuestType = Literal["qemu", "lxc"]
_UPID = re.compile(
    r"UPID:(?P<node>[A-Za-z0-9][A-Za-z0-9-]*):[0-9A-F]{8}:[0-9A-F]{8,9}:[0-9A-F]{8}:"
    r"(?P<type>[^:\s/]+):(?P<id>[^:\s/]*):[^:\s/]+:"
)


@dataclass(frozen=True)
class GuestRef:
    """A guest at its place: what a URL needs."""

    vmid: int
    type: GuestType
    node: str

    @property
    def label(self) -> str:
        return f"{'container' if self.type == 'lxc' else 'VM'} {self.vmid}"


@dataclass(frozen=True)
class Upid:
    """The id of a task, which also says where it runs and what it does."""

    text: str
    node: str
    type: str
    subject: str

    @classmethod
    def parse(cls, text: str) -> "Upid":
        found = _UPID.fullmatch(text)
        if found is None:
            raise InvalidInput(
                "That is no UPID.",
                "It looks like UPID:node:00001A2B:...:qmstart:100:user@realm: and ends with a colon.",
            )
        return cls(text, found["node"], found["type"], found["id"])
