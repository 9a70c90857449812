"""The user's own SSH configuration: read at every connect, never changed."""

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from glob import glob
from pathlib import Path
from typing import TYPE_CHECKING

from infra_mcp_common.errors import NotConfigured
from infra_mcp_common.runtime import current
from infra_mcp_ssh import settings
from infra_mcp_ssh.domain.addresses import Address, parse
from infra_mcp_ssh.domain.hosts import SSH_PORT, Host

if TYPE_CHECKING:
    from infra_mcp_ssh.transport.config_parser import ClientConfig

_DEFAULT_KEYS = ("~/.ssh/id_ed25519", "~/.ssh/id_ansible", "~/.ssh/id_rsa")
_DEFAULT_KNOWN_HOSTS = ("~/.ssh/known_hosts", "~/.ssh/known_hosts2")
_SYSTEM_KNOWN_HOSTS = ("/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2")


def files() -> list[Path]:
    """The configuration files in force, the user's before the system's."""
    chosen = settings.config_file()
    candidates = [chosen] if chosen else [settings.local_path("~/.ssh/config"), Path("/etc/ssh/ssh_config")]
    return [path for path in candidates if path.is_file()]


def read(address: Address) -> "ClientConfig":
    """What the configuration says of a host."""
    import asyncssh

    from infra_mcp_ssh.transport import config_parser

    surroundings = config_parser.Surroundings(current().paths, settings.local_user())
    try:
        return config_parser.read(files(), surroundings, address.host, address.user, address.port)
    except asyncssh.ConfigParseError as error:
        problem = "The SSH configuration can't be read."
        raise NotConfigured(problem, "Correct it; `ssh -G HOST` shows where it breaks.", said=str(error)) from None


def resolve(address: Address) -> Host:
    """Look a host up as `ssh` would."""
    config = read(address)
    hostname, port = config.word("Hostname") or address.host, config.get("Port")
    return Host(
        address=address,
        hostname=hostname,
        port=port if isinstance(port, int) else SSH_PORT,
        user=config.word("User") or settings.local_user(),
        name=config.word("HostKeyAlias") or hostname,
        jumps=_jumps(config.word("ProxyJump") or ""),
        key_files=_key_files(config.words("IdentityFile"), only=bool(config.get("IdentitiesOnly"))),
        known_hosts=_known_hosts(config.words("UserKnownHostsFile"), config.words("GlobalKnownHostsFile")),
        agent=_agent(config),
    )


def sent_environment(config: "ClientConfig") -> list[str]:
    """The variables that SendEnv and SetEnv give to a session, as NAME=value; the latter beat the former."""
    environment, patterns = current().environment, config.words("SendEnv")
    sent = [name for name in environment if any(fnmatchcase(name, pattern) for pattern in patterns)]
    return [*(f"{name}={environment[name]}" for name in sent), *config.words("SetEnv")]


def aliases() -> list[str]:
    """The hosts that the configuration names outright, in its order; patterns are no hosts."""
    found = dict.fromkeys(name for path in files() for name in _aliases_in(path, set()))
    return [name for name in found if not re.search(r"[*?!]", name)]


def _jumps(hops: str) -> tuple[Address, ...]:
    return tuple(parse(hop.removeprefix("ssh://")) for hop in hops.split(",") if hop and hop.lower() != "none")


def _key_files(configured: list[str], *, only: bool) -> tuple[Path, ...]:
    names = configured if configured and only else [*_DEFAULT_KEYS, *configured]
    return tuple(dict.fromkeys(settings.local_path(name) for name in names))


def _known_hosts(user: list[str], system: list[str]) -> tuple[Path, ...]:
    chosen = settings.known_hosts()
    names = [chosen] if chosen else [*(user or _DEFAULT_KNOWN_HOSTS), *(system or _SYSTEM_KNOWN_HOSTS)]
    return tuple(settings.local_path(name) for name in names)


def _agent(config: "ClientConfig") -> str | None:
    configured = config.get("IdentityAgent", "SSH_AUTH_SOCK")
    chosen = settings.agent() if configured == "SSH_AUTH_SOCK" else configured
    return str(settings.local_path(chosen)) if isinstance(chosen, str) and chosen else None


def _aliases_in(path: Path, seen: set[Path]) -> Iterator[str]:
    if path in seen or not path.is_file():
        return
    seen.add(path)
    for line in path.read_text("utf-8", "replace").splitlines():
        keyword, _, rest = re.sub(r"\s*=\s*|\s+", " ", line.strip(), count=1).partition(" ")
        words = rest.replace('"', "").split()
        if keyword.lower() == "host":
            yield from words
        elif keyword.lower() == "include":
            for name in (name for word in words for name in _included(word)):
                yield from _aliases_in(Path(name), seen)


def _included(pattern: str) -> list[str]:
    paths = current().paths
    return sorted(glob(str(paths.home / ".ssh" / paths.expand(pattern))))  # noqa: PTH207 -- absolute or not
