"""How the cluster's nodes prove who they are, from the settings."""

import ssl
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from infra_mcp_common.errors import NotConfigured
from infra_mcp_common.io import pinning
from infra_mcp_common.runtime import current
from infra_mcp_proxmox import settings
from infra_mcp_proxmox.transport.hosts import Host

if TYPE_CHECKING:
    from requests.adapters import HTTPAdapter


@dataclass(frozen=True)
class Trust:
    """How a server proves that it is the right one: by a CA, by the certificate's own fingerprint, or not at all.

    pins: host and fingerprint; one for no host in particular ("") may be any host's.
    """

    ca_file: str | None = None
    pins: frozenset[tuple[str, str]] = frozenset()
    insecure: bool = False

    @property
    def fingerprints(self) -> frozenset[str]:
        return frozenset(fingerprint for _, fingerprint in self.pins)

    def of(self, host: Host) -> "Trust":
        """The same for one host: without the pins of others."""
        return replace(self, pins=frozenset(pin for pin in self.pins if pin[0] in ("", host.name, host.authority)))

    @property
    def verify(self) -> bool | str:
        """For `requests`."""
        return False if self.insecure or self.fingerprints else self.ca_file or True

    def how(self) -> str:
        """In words, how the server's identity is checked."""
        if self.insecure:
            return "nothing: PROXMOX_INSECURE is set, so anybody on the way could read the token"
        if self.fingerprints:
            return "its certificate's pinned fingerprint"
        return f"the CA in {self.ca_file}" if self.ca_file else "the system's CAs"

    def context(self) -> ssl.SSLContext:
        """For everything else."""
        if self.fingerprints:
            return pinning.pinned_context(self.fingerprints)
        if self.insecure:
            return pinning.unverified_context()
        from requests.utils import DEFAULT_CA_BUNDLE_PATH

        # The same CAs as for `requests`; OpenSSL's own would be those of the process's environment.
        return ssl.create_default_context(cafile=self.ca_file or DEFAULT_CA_BUNDLE_PATH)

    def adapter(self) -> "HTTPAdapter | None":
        """A transport for `requests` that checks fingerprints; None where its own checks do."""
        return None if self.verify else pinning.adapter(self.context())


def load() -> Trust:
    """The trust that the settings describe now; NotConfigured says which one is wrong."""
    if current().settings.flag(settings.INSECURE):
        return Trust(insecure=True)
    given = current().settings.get(settings.FINGERPRINT)
    return Trust(_ca_file(), frozenset(_pin(part) for part in given.split(",") if part.strip()))


def _pin(text: str) -> tuple[str, str]:
    host, _, printed = text.rpartition("=")
    fingerprint = pinning.parse_fingerprint(printed)
    if fingerprint is None:
        raise NotConfigured(
            "PROXMOX_FINGERPRINT is no list of SHA-256 fingerprints.",
            "Each is 32 pairs of hexadecimal digits, as pvenode cert info shows, with HOST= before it or without.",
            setting=settings.FINGERPRINT.name,
        )
    return host.strip(), fingerprint


def _ca_file() -> str | None:
    name = current().settings.get(settings.CA_FILE)
    if not name:
        return None
    paths = current().paths
    path = paths.working_directory / paths.expand(name)
    try:
        ssl.create_default_context(cafile=path)
    except (OSError, ssl.SSLError):
        raise NotConfigured(
            "PROXMOX_CA_FILE can't be read as certificates.",
            "Copy /etc/pve/pve-root-ca.pem from a node and name that copy.",
            setting=settings.CA_FILE.name,
        ) from None
    return str(path)
