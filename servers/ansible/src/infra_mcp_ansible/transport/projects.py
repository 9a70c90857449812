"""Which files a call may name: playbooks and inventories inside the operator's folders, links resolved."""

from pathlib import Path
from typing import NamedTuple

from infra_mcp_ansible.settings import INVENTORY, roots
from infra_mcp_common.errors import InvalidInput, NotFound
from infra_mcp_common.io.local_paths import confined
from infra_mcp_common.runtime import current


class Place(NamedTuple):
    """Where Ansible works. project: its working directory, where it finds ansible.cfg and roles."""

    project: Path
    inventory: Path | None
    playbook: Path | None = None

    @property
    def strict(self) -> bool:
        """Whether an inventory was named, so that one which can't be read is an error."""
        return self.inventory is not None or bool(current().settings.get(INVENTORY))


def place(inventory: str | None, playbook: str | None = None) -> Place:
    """Find both. Raises Refused outside the folders, NotFound for what is not there."""
    book = None if playbook is None else _existing(playbook, "playbook")
    if book is not None and not book.is_file():
        raise InvalidInput(f"The playbook {book} is not a file.", "list_playbooks shows those there are.")
    hosts = None if inventory is None else _existing(inventory, "inventory")
    return Place(_project_of(book or hosts), hosts, book)


def _existing(path: str, what: str) -> Path:
    if path.startswith("-"):
        raise InvalidInput(f"The {what} begins with a dash, as an option does.", "Give a path.")
    if "," in path and what == "inventory":
        raise InvalidInput("An inventory is a file or folder here, not a list of hosts.", "Add the hosts to one.")
    candidates = [confined(path, [root, *roots()], what) for root in roots()]
    for candidate in candidates:
        if candidate.exists():
            return candidate
    raise NotFound(
        f"There is no {what} {candidates[0]}.", f"Give its path below {candidates[0].parent} or another root."
    )


def _project_of(path: Path | None) -> Path:
    """The nearest folder above with an ansible.cfg, else the root it lies in."""
    allowed = [root.resolve() for root in roots()]
    if path is None:
        return allowed[0]
    for folder in path.parents:
        if (folder / "ansible.cfg").is_file() or folder in allowed:
            return folder
    return path.parent
