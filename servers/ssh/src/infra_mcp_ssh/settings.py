"""The settings of ssh-mcp. Keys, hosts and users come from where `ssh` has them; few things need setting here."""

import os
import pwd
from pathlib import Path

from infra_mcp_common.errors import NotConfigured
from infra_mcp_common.runtime import current
from infra_mcp_common.settings import Setting

CONFIG = Setting(
    "SSH_MCP_CONFIG",
    "the client configuration to use instead of ~/.ssh/config and /etc/ssh/ssh_config",
)
KNOWN_HOSTS = Setting("SSH_MCP_KNOWN_HOSTS", "the file of trusted host keys to use instead of ~/.ssh/known_hosts")
AGENT = Setting("SSH_AUTH_SOCK", "the socket of the ssh-agent", "Run: eval $(ssh-agent) and ssh-add")
LOCAL_ROOTS = Setting(
    "SSH_MCP_LOCAL_ROOTS",
    "local folders that uploads may read and downloads may write, separated by colons; "
    "default: the client's project folder, else the working directory",
)
SUDO_PASSWORD = Setting(
    "SSH_MCP_SUDO_PASSWORD",
    "the password that sudo asks for on the hosts",
    "Only needed where sudo is not passwordless.",
    secret=True,
)

SETTINGS = (CONFIG, KNOWN_HOSTS, AGENT, LOCAL_ROOTS, SUDO_PASSWORD)


def config_file() -> Path | None:
    """The client configuration in place of the usual ones; NotConfigured where it is not there."""
    chosen = current().settings.get(CONFIG)
    if not chosen:
        return None
    path = local_path(chosen)
    if not path.is_file():
        raise NotConfigured(f"{CONFIG.name} names a file that is not there.", "Correct or remove it.")
    return path


def known_hosts() -> str:
    return current().settings.get(KNOWN_HOSTS)


def agent() -> str:
    return current().settings.get(AGENT)


def local_roots() -> str:
    return current().settings.get(LOCAL_ROOTS)


def sudo_password() -> str:
    return current().settings.get(SUDO_PASSWORD)


def local_user() -> str:
    """Who runs this server, by the variables that say so, else by the system."""
    environment = current().environment
    named = (environment.get(name) for name in ("LOGNAME", "USER", "LNAME", "USERNAME"))
    return next(filter(None, named), None) or pwd.getpwuid(os.getuid()).pw_name


def local_path(name: str) -> Path:
    """A path of this machine as a setting or the SSH configuration names it."""
    paths = current().paths
    return paths.working_directory / paths.expand(name)
