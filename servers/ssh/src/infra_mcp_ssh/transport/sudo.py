"""Running a command as root, with the password that the operator set where sudo asks for one."""

import shlex

from infra_mcp_common.errors import NotConfigured
from infra_mcp_ssh import settings
from infra_mcp_ssh.transport.connections import Connection


async def wrap(connection: Connection, argv: list[str], stdin: bytes) -> tuple[str, bytes]:
    """The shell text that runs these arguments under sudo, and its standard input."""
    # Asked first: a password that sudo does not want would become the first line of the command's own input.
    if await connection.output_of("sudo", "-n", "-k", "--", "sh", "-c", ":") is not None:
        return shlex.join(["sudo", "-n", *argv]), stdin
    password = settings.sudo_password()
    if not password:
        host, setting = connection.host, settings.SUDO_PASSWORD.name
        raise NotConfigured(
            f"sudo on {host.hostname} asks {host.user} for a password (or is not allowed, or not there).",
            f"Put it into {setting} in the env file, or allow passwordless sudo for this user.",
            setting=setting,
        )
    return shlex.join(["sudo", "-k", "-S", "-p", "", *argv]), password.encode() + b"\n" + stdin
