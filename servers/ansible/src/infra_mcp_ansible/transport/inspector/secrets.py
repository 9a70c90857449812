"""What must be masked: values under names that look secret, and everything that was vaulted."""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from ansible.errors import AnsibleError  # type: ignore[import-untyped]
from ansible.parsing.vault import VaultHelper  # type: ignore[import-untyped]

from infra_mcp_ansible.domain.variables import Variables, looks_secret
from infra_mcp_ansible.transport.inspector.ansible_objects import Loader
from infra_mcp_common.text.redaction import MASK

_LARGEST_FILE = 1_000_000
_MOST_FILES = 5_000
_SKIPPED = {"node_modules", "__pycache__"}
_VAULT_FILE = b"$ANSIBLE_VAULT;"
_MARKED = re.compile(rb"\$ANSIBLE_VAULT;|(?i:pass|secret|token|key|credential)\w*[\"']?\s*:")


class Secrets:
    """Collects them."""

    loader: Loader

    def __init__(self) -> None:
        self.unsearched = False
        self._found: set[str] = set()
        self._searched: set[Path] = set()

    @property
    def found(self) -> list[str]:
        return sorted(self._found)

    def note(self, value: object, *, secret: bool = False) -> None:
        """Keep what is secret in this value; all of it where the whole is."""
        if isinstance(value, dict):
            for name, inner in value.items():
                self.note(inner, secret=secret or looks_secret(str(name)))
        elif isinstance(value, list | tuple):
            for inner in value:
                self.note(inner, secret=secret)
        elif secret or _vaulted(value):
            text = str(value)
            if value is not None and not isinstance(value, bool) and "{{" not in text:
                self._found.add(text)

    def masked(self, variables: Variables) -> Variables:
        """The variables with their secrets replaced, whatever their length."""
        return {
            str(name): MASK if looks_secret(str(name)) and value is not None else self._masked(value)
            for name, value in variables.items()
        }

    def _masked(self, value: object) -> object:
        if isinstance(value, dict):
            return self.masked(value)
        if isinstance(value, list | tuple):
            return [self._masked(inner) for inner in value]
        return MASK if _vaulted(value) else value

    def search(self, places: Iterable[str]) -> None:
        """Look through the files of these folders: tasks may load what no variable shows beforehand."""
        for folder in {path if (path := Path(place)).is_dir() else path.parent for place in places}:
            for file in _files(folder):
                if file not in self._searched and len(self._searched) < _MOST_FILES:
                    self._searched.add(file)
                    self._look_into(file)
        self.unsearched = len(self._searched) >= _MOST_FILES

    def _look_into(self, file: Path) -> None:
        try:
            raw = file.read_bytes() if file.stat().st_size <= _LARGEST_FILE else b""
        except OSError:
            return
        if not _MARKED.search(raw):
            return
        whole = raw.startswith(_VAULT_FILE)
        try:
            self.note(self.loader.load_from_file(str(file)), secret=whole)
        except (AnsibleError, ValueError):
            # No YAML: a vaulted key or certificate, or a text that only mentions a password.
            if whole:
                self._note_text(file)

    def _note_text(self, file: Path) -> None:
        try:
            self._found.add(self.loader.get_text_file_contents(str(file)))
        except AnsibleError:
            return  # vaulted with a password we don't have: then nobody here can read it


def _vaulted(value: object) -> bool:
    return VaultHelper.get_ciphertext(value, with_tags=False) is not None


def _files(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".") and name not in _SKIPPED]
        yield from (Path(parent, name) for name in names)
