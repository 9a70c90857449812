"""Which files a call may name: playbooks and inventories inside the operator's folders, links resolved."""

from pathlib import Path

from infra_mcp_ansible.domain.project import PlaybookProject, Project
from infra_mcp_ansible.settings import roots
from infra_mcp_common.errors import InvalidInput, NotFound
from infra_mcp_common.io.local_paths import confined


def find_project(inventory: str | None) -> Project:
    """Find an inventory. Raises Refused outside the folders, NotFound for what is not there."""
    hosts = _inventory(inventory)
    return Project(_folder_of(hosts), hosts)


def find_playbook(playbook: str, inventory: str | None) -> PlaybookProject:
    """Find a playbook and an inventory. Raises as `find_project`."""
    file = _existing(playbook, "playbook")
    if not file.is_file():
        raise InvalidInput(f"The playbook {file} is not a file.", "list_playbooks shows those there are.")
    return PlaybookProject(_folder_of(file), _inventory(inventory), file)


def _inventory(path: str | None) -> Path | None:
    return None if path is None else _existing(path, "inventory")


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


def _folder_of(path: Path | None) -> Path:
    """The nearest folder above with an ansible.cfg, else the root it lies in."""
    allowed = [root.resolve() for root in roots()]
    if path is None:
        return allowed[0]
    for folder in path.parents:
        if (folder / "ansible.cfg").is_file() or folder in allowed:
            return folder
    return path.parent
