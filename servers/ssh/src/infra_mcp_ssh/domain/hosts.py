"""A host as the configuration resolves it, and what is known of it without connecting."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from infra_mcp_ssh.domain.addresses import Address

HostKeyState = Literal["known", "unknown"]
SSH_PORT = 22


@dataclass(frozen=True)
class Host:
    """Where and how to log in. jumps: the hosts to go through, nearest to us first.

    hostname: the name or IP address to connect to. name: what known_hosts calls it. key_files: candidates in the order
    they are tried.
    """

    address: Address
    hostname: str
    port: int
    user: str
    name: str
    jumps: tuple[Address, ...]
    key_files: tuple[Path, ...]
    known_hosts: tuple[Path, ...]
    agent: str | None

    @property
    def known_hosts_name(self) -> str:
        """The host as a line of known_hosts names it."""
        return self.name if self.port == SSH_PORT else f"[{self.name}]:{self.port}"


@dataclass(frozen=True)
class ConfiguredHost:
    """An alias of the configuration. host: None where `problem` says why it can't be resolved.

    key_files: each candidate and whether it can be offered.
    """

    alias: str
    host: Host | None = None
    key_files: tuple[str, ...] = ()
    host_key: HostKeyState = "unknown"
    problem: str | None = None


@dataclass(frozen=True)
class TrustedKey:
    """A host key that known_hosts holds. added: whether it was put there just now."""

    host: Host
    fingerprint: str
    key_type: str
    added: bool
