"""Host keys: which are known, what a host offered, and the three different reasons not to talk to it."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from infra_mcp_common.errors import NotConfigured, Unreachable
from infra_mcp_common.paths import private_file
from infra_mcp_ssh.domain.hosts import Host, HostKeyState

if TYPE_CHECKING:
    from asyncssh import SSHKey

# Asked for in this order where a host is unknown, so that the fingerprint is the one that `ssh` itself would show.
PREFERRED = (
    ("ssh-ed25519",),
    ("ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"),
    ("rsa-sha2-512", "rsa-sha2-256"),
)


class HostKeyRefused(Unreachable):
    """The host is not the one we know; no setting of ours mends that."""

    mendable_by_settings = False


class HostKeyUnknown(HostKeyRefused):
    """No known_hosts file has a key for the host."""


class HostKeyChanged(HostKeyRefused):
    """The host offers another key than the ones that are trusted."""


class HostKeyRevoked(HostKeyRefused):
    """The offered key is marked as revoked."""


class KnownKeys(NamedTuple):
    """What known_hosts has for a host, in asyncssh's order; the last four are its X.509 certificates and names."""

    trusted: Sequence["SSHKey"]
    authorities: Sequence["SSHKey"]
    revoked: Sequence["SSHKey"]
    x509_trusted: Sequence[object]
    x509_revoked: Sequence[object]
    x509_subjects: Sequence[object]
    x509_revoked_subjects: Sequence[object]


def trusted(host: Host) -> KnownKeys:
    """The keys that known_hosts has for a host."""
    import asyncssh

    files = [str(path) for path in host.known_hosts if path.is_file()]
    try:
        known = asyncssh.read_known_hosts(files) if files else asyncssh.import_known_hosts("")
        # The exact name: asyncssh by itself would also take the key of the same name on port 22.
        return KnownKeys(*known.match(host.known_hosts_name, "", None))
    except (OSError, ValueError) as error:
        problem = f"known_hosts can't be read ({', '.join(files)})."
        raise NotConfigured(problem, "Correct the line or the mode.", said=str(error)) from None


def state(host: Host) -> HostKeyState:
    """Whether known_hosts can vouch for a host, before anybody has asked it."""
    known = trusted(host)
    return "known" if known.trusted or known.authorities else "unknown"


def refusal(host: Host, offered: "SSHKey | None") -> HostKeyRefused:
    """Why a host key was not accepted, with its fingerprint and what to do."""
    keys, authorities, revoked, *_ = trusted(host)
    if offered is None or offered in revoked:
        return HostKeyRevoked(
            f"The host key of {host.name} is revoked in known_hosts.",
            "Do not connect; ask whoever runs the host for its new key.",
            host=host.name,
            port=host.port,
        )
    fingerprint = offered.get_fingerprint()
    facts: dict[str, Any] = {
        "host": host.name,
        "port": host.port,
        "fingerprint": fingerprint,
        "key_type": offered.algorithm.decode(),
    }
    if keys or authorities:
        return HostKeyChanged(
            f"{host.name} offers a host key ({fingerprint}) other than the trusted one: it was reinstalled, "
            "or something is in between.",
            f"Make sure which it is; only then remove the old key with: ssh-keygen -R {host.known_hosts_name!r}",
            **facts,
        )
    return HostKeyUnknown(
        f"{host.name} is unknown: no known_hosts file has its key. It offers {fingerprint}.",
        "Compare that with the host's own (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub, on the host); "
        "if it is the same, call trust_host with it.",
        **facts,
    )


def append(host: Host, key: "SSHKey") -> None:
    """Add one key to the user's known_hosts, making file and folder where they are missing."""
    path = host.known_hosts[0]
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    public = " ".join(key.export_public_key("openssh").decode().split()[:2])
    ends_well = not path.is_file() or path.read_bytes()[-1:] in (b"", b"\n")
    line = ("" if ends_well else "\n") + f"{host.known_hosts_name} {public}\n"
    descriptor = private_file(path.resolve(), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    try:
        os.write(descriptor, line.encode())
    finally:
        os.close(descriptor)
