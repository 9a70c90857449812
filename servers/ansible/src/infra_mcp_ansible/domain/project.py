"""Where Ansible works."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Project:
    """folder: the working directory, where Ansible finds ansible.cfg and roles. inventory: None for the configured."""

    folder: Path
    inventory: Path | None


@dataclass(frozen=True)
class PlaybookProject(Project):
    """A project, and the one of its playbooks that is meant."""

    playbook: Path
