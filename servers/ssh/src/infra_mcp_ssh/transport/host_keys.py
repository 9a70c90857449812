"""Host keys: which are known, what a host offered, and the three different reasons not to talk to it."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from infra_mcp_common.errors import NotConfigured, Unreachable
from infra_mcp_common.paths import private_file
from infra_mcp_ssh.transport.ssh_config import Target

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


def trusted(target: Target) -> tuple[Any, ...]:
    """The keys that known_hosts has for a target, as asyncssh sorts them: trusted, CA, revoked, then X.509."""
    import asyncssh

    files = [str(path) for path in target.known_hosts if path.is_file()]
    try:
        known = asyncssh.read_known_hosts(files) if files else asyncssh.import_known_hosts("")
        # The exact name: asyncssh by itself would also take the key of the same name on port 22.
        return tuple(known.match(known_name(target), "", None))
    except (OSError, ValueError) as error:
        problem = f"known_hosts can't be read ({', '.join(files)})."
        raise NotConfigured(problem, "Correct the line or the mode.", said=str(error)) from None


def standing(target: Target) -> Literal["known", "unknown"]:
    """Whether known_hosts can vouch for a target, before anybody has asked it."""
    keys, authorities, *_ = trusted(target)
    return "known" if keys or authorities else "unknown"


def refusal(target: Target, offered: "SSHKey | None") -> Unreachable:
    """Why a host key was not accepted, with its fingerprint and what to do."""
    keys, authorities, revoked, *_ = trusted(target)
    facts: dict[str, Any] = {"host": target.name, "port": target.port}
    if offered is None or offered in revoked:
        return HostKeyRevoked(
            f"The host key of {target.name} is revoked in known_hosts.",
            "Do not connect; ask whoever runs the host for its new key.",
            **facts,
        )
    fingerprint = offered.get_fingerprint()
    facts |= {"fingerprint": fingerprint, "key_type": offered.algorithm.decode()}
    if keys or authorities:
        return HostKeyChanged(
            f"{target.name} offers a host key ({fingerprint}) other than the trusted one: it was reinstalled, "
            "or something is in between.",
            f"Make sure which it is; only then remove the old key with: ssh-keygen -R {known_name(target)!r}",
            **facts,
        )
    return HostKeyUnknown(
        f"{target.name} is unknown: no known_hosts file has its key. It offers {fingerprint}.",
        "Compare that with the host's own (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub, on the host); "
        "if it is the same, call trust_host with it.",
        **facts,
    )


def known_name(target: Target) -> str:
    """The target as a known_hosts line names it."""
    return target.name if target.port == 22 else f"[{target.name}]:{target.port}"


def append(target: Target, key: "SSHKey") -> Path:
    """Add one key to the user's known_hosts, making file and folder where they are missing."""
    path = target.known_hosts[0]
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    public = " ".join(key.export_public_key("openssh").decode().split()[:2])
    ends_well = not path.is_file() or path.read_bytes()[-1:] in (b"", b"\n")
    line = ("" if ends_well else "\n") + f"{known_name(target)} {public}\n"
    descriptor = private_file(path.resolve(), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    try:
        os.write(descriptor, line.encode())
    finally:
        os.close(descriptor)
    return path
