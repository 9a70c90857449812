"""Files of this machine that a call names: inside the operator's folders, and never a secret."""

import re
from pathlib import Path

from infra_mcp_common.errors import Conflict, InvalidInput, NotFound, Refused
from infra_mcp_common.io.local_paths import confined, roots
from infra_mcp_common.runtime import current
from infra_mcp_ssh import settings

_KEY_NAMES = re.compile(
    r"id_[\w-]+(?<!\.pub)|.*\.(?:pem|key|ppk|p12|pfx|kdbx)|known_hosts|authorized_keys", re.IGNORECASE
)
_KEY_MARKS = (b"PRIVATE KEY-----", b"PuTTY-User-Key-File", b"openssh-key-v1")


def readable(path: str) -> Path:
    """A regular file that may be uploaded; Refused for keys and for this suite's own secrets."""
    real = _confined(path)
    if not real.is_file():
        raise NotFound(f"{real} is not a file here.", "Give the path of an existing file.")
    try:
        with real.open("rb") as file:
            start = file.read(4096)
    except OSError as error:
        raise InvalidInput(f"{real} can't be read: {error.strerror}.", "Correct its mode or owner.") from None
    if any(mark in start for mark in _KEY_MARKS):
        raise Refused(f"{real} holds a private key.", "Private keys are never uploaded.")
    return real


def writable(path: str, *, overwrite: bool) -> Path:
    """A path that may be downloaded to; its folder exists."""
    real = _confined(path)
    if not real.parent.is_dir():
        raise NotFound(f"The folder {real.parent} is not there.", "Make it first.")
    if real.exists() and (not overwrite or not real.is_file()):
        raise Conflict(f"{real} exists already.", "Choose another name, or pass overwrite: true for a regular file.")
    return real


def _confined(path: str) -> Path:
    real = confined(path, roots(settings.local_roots()), "local path")
    guarded = [current().paths.expand("~/.ssh").resolve(), current().paths.config_file.parent.resolve()]
    if any(real.is_relative_to(folder) for folder in guarded) or _KEY_NAMES.fullmatch(real.name):
        raise Refused(f"{real} is a key, or lies where keys and settings are.", "It is neither sent nor overwritten.")
    return real
