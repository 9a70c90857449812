"""Which keys can be offered: files that load, and why the others don't. Missing and locked keys stop nobody."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asyncssh import SSHKeyPair


@dataclass
class Identities:
    """pairs: the usable keys. notes: one line for each candidate, for the error when none is accepted."""

    pairs: list["SSHKeyPair"] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def load(files: Iterable[Path]) -> Identities:
    """Load the candidates that can be loaded."""
    found = Identities()
    for path in files:
        note = _load_one(path, found)
        found.notes.append(f"{path}: {note}")
    return found


def _load_one(path: Path, found: Identities) -> str:
    import asyncssh

    try:
        found.pairs += asyncssh.load_keypairs(str(path))
    except FileNotFoundError:
        return "not there"
    except asyncssh.KeyEncryptionError:
        return "encrypted; add it to the ssh-agent"
    except asyncssh.KeyImportError as error:
        locked = "passphrase" in str(error).lower()
        return "encrypted; add it to the ssh-agent" if locked else "not a private key"
    except OSError as error:
        return f"not readable ({error.strerror})"
    return "offered"


async def in_agent(path: str | None) -> int | None:
    """How many keys the agent holds; None where no agent answers."""
    import asyncssh

    if path is None:
        return None
    try:
        async with asyncssh.connect_agent(path) as agent:
            keys: Sequence[SSHKeyPair] = await agent.get_keys()
    except (OSError, ValueError, asyncssh.Error):
        return None
    return len(keys)
