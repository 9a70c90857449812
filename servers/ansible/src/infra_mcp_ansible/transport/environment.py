"""The environment of every Ansible process."""

import os
import sys
from pathlib import Path

from infra_mcp_ansible import settings
from infra_mcp_ansible.domain.project import Project
from infra_mcp_common.runtime import current

# Changes to the server's own environment; None removes.
Environment = dict[str, str | None]


def of_settings() -> Environment:
    """What every Ansible process gets of the settings."""
    vault_password = settings.vault_password_file()
    if vault_password and not os.access(vault_password, os.X_OK):
        current().secrets.learn(vault_password.read_text("utf-8", "replace").strip())
    return {
        # Ansible looks for its own commands there, and a virtual environment is often on nobody's PATH.
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), settings.search_path()]),
        # The password goes to Ansible alone, not to whatever a playbook runs on this machine.
        settings.BECOME_PASSWORD.name: None,
        settings.INVENTORY.name: settings.inventory(),
        settings.VAULT_PASSWORD_FILE.name: str(vault_password) if vault_password else None,
    }


def of_project(project: Project) -> Environment:
    """What an Ansible process gets that works in this project."""
    # An inventory that was named and can't be read is an error.
    strict = str(project.inventory is not None or settings.inventory() is not None)
    return {
        **of_settings(),
        "ANSIBLE_HOST_KEY_CHECKING": "True",
        "ANSIBLE_INVENTORY_UNPARSED_FAILED": strict,
        "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": strict,
        "ANSIBLE_LOCALHOST_WARNING": "False",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "False",
    }
