"""What a promise needs to know of a server: the other side that it works on, and a good call of every tool."""

import hashlib
import os
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

Json = dict[str, Any]
# In every setting that is secret, and in every file that such a setting names.
SECRET = "canary-5ecret-0f-the-c0ntract-0123456789abcdef"


@dataclass(frozen=True)
class Call:
    """A call that succeeds. confirm: it is gated, so its preview is taken first and followed."""

    tool: str
    arguments: Json = field(default_factory=dict)
    confirm: bool = False


class Anything(dict[str, Any]):
    """Answers of calls that were never made, for those who want only the calls."""

    def __missing__(self, key: Any) -> "Anything":
        return Anything()


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong on the other side. kind: of the error that a call meets then, or None where the
    answer itself says that it failed. begin: lets it go wrong. call: what meets it, if not the world's `probe`.
    settings: those of a server that meets it, where a fault is one of settings. says: a word that the error needs to be
    right, where another fault has the same kind.
    """

    name: str
    kind: str | None
    begin: Callable[[], Any] = lambda: None
    call: Call | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    says: str = ""


@dataclass(frozen=True)
class Waiting:
    """A good call that is left without an answer for longer than any test takes. begun: whether the other side has the
    call in hand. env: settings it takes besides those of the world.
    """

    call: Call
    begun: Callable[[], bool]
    env: Mapping[str, str] = field(default_factory=dict)


class World(ABC):
    """One server's other side, furnished so that every tool has something to work on.

    probe: a read that asks the other side. light: one that costs little. secret: what its secret settings hold, where
    it can choose.
    env: the settings with which the server reaches it. secrets: what the secret ones among them, and the files that
    they name, hold. own: folders that belong to the other side, not to the server.

    Every world says which further promises are held over it, so that none is left out unnoticed. over_http: the server
    itself asks over HTTP, so that `tamper` reaches every answer. may_die: it talks to something that runs all the
    while, and that can go away and return.
    """

    name: ClassVar[str]
    probe: ClassVar[Call]
    light: ClassVar[Call]
    over_http: ClassVar[bool]
    may_die: ClassVar[bool]
    env: dict[str, str]

    def __init__(self, home: Path, secret: str = SECRET) -> None:
        self.home, self.secret, self.secrets = home, secret, {secret}
        self.own: list[Path] = []

    @abstractmethod
    def opened(self) -> AbstractContextManager[Any]:
        """Be there until the block ends."""

    @abstractmethod
    def calls(self, answers: Mapping[str, Json]) -> Iterator[Call]:
        """A good call of every tool, in an order that leaves each something to work on.

        `answers` holds the latest answer of each tool by the time the next call is asked for.
        """

    @abstractmethod
    def plant(self, text: str) -> set[str]:
        """Put somebody else's text where this side holds some; the tools of the tour that will show it.

        The text may hold anything but NUL. Where a place takes no control characters, it gets the rest.
        """

    def recorded(self) -> dict[str, str]:
        """Settings with which every program that the server starts is written down."""
        return {}

    def command_lines(self) -> list[str]:
        """Words of the programs that were written down, joined by spaces, up to those meant for another program."""
        return []

    @abstractmethod
    def faulty(self) -> AbstractContextManager[list[Fault]]:
        """What can go wrong here; the settings in `env` lead to where it does."""

    @abstractmethod
    def mend(self) -> None:
        """Let nothing be wrong any more."""

    def waiting(self, mark: str) -> Waiting:
        """Leave calls without an answer from now on. mark: in the environment of any program that runs here."""
        raise NotImplementedError(f"{type(self).__name__} says how its other side leaves a call waiting")

    def tamper(self, body: Callable[[bytes], bytes]) -> None:
        """Do this to the body of every answer over HTTP from now on."""
        raise NotImplementedError

    @abstractmethod
    def state(self) -> Any:
        """All that a call could change on the other side: equal as long as nothing was changed."""

    @property
    def script(self) -> str:
        return f"{self.name}-mcp"


def printable(text: str) -> str:
    """The text without control characters, for places that take none."""
    return "".join(character for character in text if not unicodedata.category(character).startswith("C"))


def tree(*folders: Path) -> dict[str, tuple[int, str]]:
    """Every file below these folders: mode, and a hash of the content or the target of the link."""
    found = {}
    for path in (path for folder in folders for path in [folder, *sorted(folder.rglob("*"))]):
        found[str(path)] = (path.lstat().st_mode, hashlib.sha256(_content(path)).hexdigest())
    return found


def _content(path: Path) -> bytes:
    if path.is_symlink():
        return os.fsencode(path.readlink())
    return path.read_bytes() if path.is_file() else b""
