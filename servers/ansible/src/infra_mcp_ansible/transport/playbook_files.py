"""The playbooks in the operator's folders, told by their form: a list of plays."""

import os
import re
from pathlib import Path

from infra_mcp_ansible.domain.playbook import PlaybookFile
from infra_mcp_ansible.settings import roots

_LARGEST = 1_000_000
_HINT = re.compile(rb"^-?\s*[\"']?(?:hosts|(?:ansible\.builtin\.)?import_playbook)[\"']?\s*:", re.MULTILINE)
_SKIPPED = {"node_modules", "roles", "collections", "group_vars", "host_vars"}


def find_playbooks() -> list[PlaybookFile]:
    """All of them, by path."""
    files = sorted({file for root in roots() for file in _yaml_files(root.resolve())})
    return [PlaybookFile(file, plays) for file in files if (plays := _plays(file))]


def _yaml_files(root: Path) -> list[Path]:
    found = []
    for parent, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".") and name not in _SKIPPED]
        found += [Path(parent, name) for name in names if name.endswith((".yml", ".yaml"))]
    return found


def _plays(file: Path) -> list[str]:
    import yaml

    class Loader(yaml.SafeLoader):
        """Takes the tags of Ansible for nothing special."""

    Loader.add_multi_constructor("!", lambda _loader, _tag, _node: None)
    try:
        raw = file.read_bytes() if file.stat().st_size <= _LARGEST else b""
        content = yaml.load(raw, Loader) if _HINT.search(raw) else None  # noqa: S506 -- a subclass of the safe loader
    except (OSError, yaml.YAMLError):
        return []
    plays = content if isinstance(content, list) else []
    return [_described(play) for play in plays if isinstance(play, dict) and _described(play)]


def _described(play: dict[str, object]) -> str:
    imported = play.get("import_playbook") or play.get("ansible.builtin.import_playbook")
    if imported:
        return f"import_playbook {imported}"
    return f"{play.get('name', '')} ({play['hosts']})".strip() if "hosts" in play else ""
