"""The settings of ansible-mcp. Everything else Ansible reads from its own variables and ansible.cfg, as always."""

import os
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
    paths = current().paths
    named = [paths.working_directory / paths.expand(part) for part in current().settings.get(ROOTS).split(":") if part]
    if not named and paths.working_directory == Path("/"):
        raise NotConfigured(
            f"{ROOTS.name} is not set, and the server was started in /, which is no project.",
            f"Set {ROOTS.name} to the folder with the playbooks.",
            setting=ROOTS.name,
        )
    return named or [paths.working_directory]


def inventory() -> str | None:
    """The inventory of calls that name none: a path, or what else Ansible takes for one."""
    named = current().settings.get(INVENTORY)
    return str(current().paths.expand(named)) if named else None


def vault_password_file() -> Path | None:
    """The file with the vault password, or a program that prints it; NotConfigured where it is not there."""
    named = current().settings.get(VAULT_PASSWORD_FILE)
    if not named:
        return None
    file = current().paths.working_directory / current().paths.expand(named)
    if not file.is_file():
        raise NotConfigured(
            f"{VAULT_PASSWORD_FILE.name} names {file}, which is not there.",
            "Correct or remove it.",
            setting=VAULT_PASSWORD_FILE.name,
        )
    return file


def become_password() -> str:
    return current().settings.get(BECOME_PASSWORD)


def search_path() -> str:
    return current().environment.get("PATH", os.defpath)


def temporary_folder() -> Path | None:
    """Where the user wants files that do not stay."""
    named = current().environment.get("TMPDIR")
    return Path(named) if named else None


def callback_plugins() -> str | None:
    """Folders with the operator's own callback plugins."""
    return current().environment.get("ANSIBLE_CALLBACK_PLUGINS")


def stdout_callback() -> str | None:
    """The callback plugin that prints for the operator."""
    return current().environment.get("ANSIBLE_STDOUT_CALLBACK")
