"""What the user's own SSH configuration says about a host. Read at every connect, never changed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from glob import glob
from pathlib import Path
from typing import Any

from infra_mcp_common.errors import NotConfigured
from infra_mcp_common.runtime import current
from infra_mcp_ssh import settings
from infra_mcp_ssh.domain.addresses import Address, parse

_DEFAULT_KEYS = ("~/.ssh/id_ed25519", "~/.ssh/id_ansible", "~/.ssh/id_rsa")
_DEFAULT_KNOWN_HOSTS = ("~/.ssh/known_hosts", "~/.ssh/known_hosts2")
_SYSTEM_KNOWN_HOSTS = ("/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2")


@dataclass(frozen=True)
class Target:
    """A host as the configuration resolves it. jumps: the hosts to go through, nearest to us first.

    name: what known_hosts calls it. key_files: candidates in the order they are tried.
    """

    address: Address
    host: str
    port: int
    user: str
    name: str
    jumps: tuple[Address, ...]
    key_files: tuple[Path, ...]
    known_hosts: tuple[Path, ...]
    agent: str | None


def files() -> list[str]:
    """The configuration files in force, the user's before the system's."""
    chosen = current().settings.get(settings.CONFIG)
    if chosen and not current().paths.expand(chosen).is_file():
        raise NotConfigured(f"{settings.CONFIG.name} names a file that is not there.", "Correct or remove it.")
    candidates = [chosen] if chosen else ["~/.ssh/config", "/etc/ssh/ssh_config"]
    return [str(path) for path in (current().paths.expand(name) for name in candidates) if path.is_file()]


def resolve(address: Address) -> Target:
    """Look a host up as `ssh` would."""
    options = _options(address)
    config = options.config
    configured = tuple(current().paths.expand(name) for name in config.get("IdentityFile", ()))
    defaults = tuple(current().paths.expand(name) for name in _DEFAULT_KEYS)
    only = configured if configured and config.get("IdentitiesOnly") else (*defaults, *configured)
    jump = options.tunnel if isinstance(options.tunnel, str) else ""
    return Target(
        address=address,
        host=options.host,
        port=options.port,
        user=options.username,
        name=options.host_key_alias or options.host,
        jumps=tuple(parse(hop.removeprefix("ssh://")) for hop in jump.split(",") if hop and hop.lower() != "none"),
        key_files=tuple(dict.fromkeys(only)),
        known_hosts=_known_hosts(config.get("UserKnownHostsFile", ()), config.get("GlobalKnownHostsFile", ())),
        agent=_agent(config.get("IdentityAgent")),
    )


def _options(address: Address) -> Any:
    import asyncssh

    given = {"username": address.user, "port": address.port}
    try:
        return asyncssh.SSHClientConnectionOptions(
            host=address.host,
            config=files(),
            client_keys=None,
            known_hosts=b"",
            agent_path=None,
            **{name: value for name, value in given.items() if value is not None},
        )
    except asyncssh.ConfigParseError as error:
        problem = "The SSH configuration can't be read."
        raise NotConfigured(problem, "Correct it; `ssh -G HOST` shows where it breaks.", said=str(error)) from None


def _known_hosts(user: list[str], system: list[str]) -> tuple[Path, ...]:
    chosen = current().settings.get(settings.KNOWN_HOSTS)
    names = [chosen] if chosen else [*(user or _DEFAULT_KNOWN_HOSTS), *(system or _SYSTEM_KNOWN_HOSTS)]
    return tuple(current().paths.expand(name) for name in names)


def _agent(configured: str | None) -> str | None:
    if configured and configured.lower() == "none":
        return None
    chosen = configured if configured and configured != "SSH_AUTH_SOCK" else current().settings.get(settings.AGENT)
    return str(current().paths.expand(chosen)) if chosen else None


def aliases() -> list[str]:
    """The hosts that the configuration names outright, in its order; patterns are no hosts."""
    found = dict.fromkeys(name for path in files() for name in _aliases_in(Path(path), set()))
    return [name for name in found if not re.search(r"[*?!]", name)]


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
            base = current().paths.home / ".ssh"
            for word in words:
                for name in sorted(glob(str(base / current().paths.expand(word)))):  # noqa: PTH207 -- absolute or not
                    yield from _aliases_in(Path(name), seen)
