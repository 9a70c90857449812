"""A copy of the checkout that faults are made in, with an environment in which its sources are the installed ones.

The packages are installed editable, so the checkout's own interpreter would import the checkout's sources. PYTHONPATH
could put those of a copy before them, but only in the process that pytest runs in: the tests start servers by the
console scripts beside `sys.executable`, with an environment that holds no PYTHONPATH. So each copy has a `.venv` of
its own: another `python`, the checkout's commands rewritten to start it, and one .pth file with the copy's source
folders in front of the checkout's site-packages. A folder that is named in a .pth file has its packages and their
metadata imported, while the .pth files in it, the editable installs of the checkout, are not read.
"""

import os
import shutil
import subprocess
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deliberate_faults.places import Edit


class Tree:
    """One copy. Only one fault is in it at a time."""

    def __init__(self, checkout: Path, folder: Path) -> None:
        self.folder = folder
        self._faults = 0
        _copy(checkout, folder)
        _make_environment(checkout, folder)

    @property
    def python(self) -> Path:
        return self.folder / ".venv/bin/python"

    @contextmanager
    def broken_by(self, edit: Edit) -> Iterator[None]:
        """With this fault. Each gives its file another age, lest Python take what it compiled for another text."""
        path = self.folder / edit.path
        sound, age = path.read_text("utf-8"), path.stat().st_mtime
        self._faults += 1
        try:
            path.write_text(edit.apply(sound), "utf-8")
            os.utime(path, (age + self._faults, age + self._faults))
            yield
        finally:
            path.write_text(sound, "utf-8")
            os.utime(path, (age, age))


def _copy(checkout: Path, folder: Path) -> None:
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(listing, cwd=checkout, check=True, capture_output=True, text=True).stdout.split("\0")
    for name in filter(None, names):
        source, target = checkout / name, folder / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target, follow_symlinks=False)


def _make_environment(checkout: Path, folder: Path) -> None:
    theirs, ours = checkout / ".venv", folder / ".venv"
    venv.create(ours, symlinks=True)
    (packages,) = theirs.glob("lib/python*/site-packages")
    (own_packages,) = ours.glob("lib/python*/site-packages")
    sources = [folder / path.relative_to(checkout) for path in _editable(packages) if path.is_relative_to(checkout)]
    (own_packages / "copy.pth").write_text("".join(f"{path}\n" for path in [*sources, packages]))
    for command in (theirs / "bin").iterdir():
        if not (ours / "bin" / command.name).exists():
            _bring(command, ours / "bin" / command.name, theirs, ours)


def _editable(packages: Path) -> list[Path]:
    """The source folders that .pth files name."""
    lines = [line for file in sorted(packages.glob("*.pth")) for line in file.read_text("utf-8").splitlines()]
    return [Path(line) for line in lines if line and not line.startswith("import")]


def _bring(command: Path, target: Path, theirs: Path, ours: Path) -> None:
    """A Python script starts the copy's interpreter; any other program is the checkout's."""
    shebang = f"#!{theirs}/bin/python".encode()
    content = command.read_bytes() if command.is_file() else b""
    if content.startswith(shebang):
        target.write_bytes(f"#!{ours}/bin/python".encode() + content.removeprefix(shebang))
        target.chmod(0o755)
    else:
        target.symlink_to(command)
