"""The settings of ansible-mcp. Everything else Ansible reads from its own variables and ansible.cfg, as always."""

import os
import sys
from pathlib import Path

from infra_mcp_common.errors import NotConfigured
from infra_mcp_common.runtime import current
from infra_mcp_common.settings import Setting

ROOTS = Setting(
    "ANSIBLE_MCP_ROOTS",
    "folders with the playbooks and inventories that calls may name, separated by colons; "
    "default: the folder the server was started in",
)
INVENTORY = Setting(
    "ANSIBLE_INVENTORY",
    "the inventory of calls that name none; default: what ansible.cfg says",
)
VAULT_PASSWORD_FILE = Setting(
    "ANSIBLE_VAULT_PASSWORD_FILE",
    "the file that holds the vault password, or a program that prints it",
    "Only needed for vaulted variables and files.",
)
BECOME_PASSWORD = Setting(
    "ANSIBLE_MCP_BECOME_PASSWORD",
    "the password that sudo, or what else becomes root, asks for on the hosts",
    "Only needed where it is not passwordless.",
    secret=True,
)

SETTINGS = (ROOTS, INVENTORY, VAULT_PASSWORD_FILE, BECOME_PASSWORD)


def roots() -> list[Path]:
    """The folders that calls may name files in."""
    named = [current().paths.expand(part) for part in current().settings.get(ROOTS).split(":") if part]
    if not named and current().paths.working_directory == Path("/"):
        raise NotConfigured(
            f"{ROOTS.name} is not set, and the server was started in /, which is no project.",
            f"Set {ROOTS.name} to the folder with the playbooks.",
            setting=ROOTS.name,
        )
    return named or [current().paths.working_directory]


def environment() -> dict[str, str | None]:
    """What every Ansible process gets of these settings."""
    given = {setting.name: current().settings.get(setting) for setting in (INVENTORY, VAULT_PASSWORD_FILE)}
    _learn_vault_password(given[VAULT_PASSWORD_FILE.name])
    # Ansible looks for its own commands there, and a virtual environment is often on nobody's PATH.
    path = os.pathsep.join([str(Path(sys.executable).parent), current().environment.get("PATH", os.defpath)])
    paths = {name: str(current().paths.expand(value)) if value else None for name, value in given.items()}
    # The password goes to Ansible alone, not to whatever a playbook runs on this machine.
    return {"PATH": path, BECOME_PASSWORD.name: None, **paths}


def become_password() -> str:
    return current().settings.get(BECOME_PASSWORD)


def _learn_vault_password(path: str) -> None:
    if not path:
        return
    file = current().paths.expand(path)
    if not file.is_file():
        raise NotConfigured(
            f"{VAULT_PASSWORD_FILE.name} names {file}, which is not there.",
            "Correct or remove it.",
            setting=VAULT_PASSWORD_FILE.name,
        )
    if not os.access(file, os.X_OK):
        current().secrets.learn(file.read_text("utf-8", "replace").strip())
