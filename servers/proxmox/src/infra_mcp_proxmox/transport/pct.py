"""Commands in a container by ssh to its node and `pct exec` there: the other way, where the console can't be used."""

import re

from infra_mcp_common.errors import Failed, NotConfigured, TimedOut, Unreachable
from infra_mcp_common.io import programs
from infra_mcp_common.runtime import current
from infra_mcp_common.tool_calls import call_context
from infra_mcp_proxmox import settings
from infra_mcp_proxmox.domain.guest import GuestRef
from infra_mcp_proxmox.transport.wrapped_command import LARGEST, CommandOutput, WrappedCommand

_DESTINATION = re.compile(r"(?P<user>[a-z_][\w-]*)@(?P<host>[A-Za-z0-9{}][\w.{}-]*)")
_MARGIN = 20.0
# ssh's own exit status for a connection that could not be made or was lost.
_NO_CONNECTION = 255


def configured() -> bool:
    """Whether the operator has named the way to the nodes."""
    return bool(current().settings.get(settings.SSH))


async def run(guest: GuestRef, wrapped: WrappedCommand) -> CommandOutput:
    """Run a command by `pct exec`, its wrapper going in by stdin so that nothing of it needs quoting."""
    argv = _argv(guest)
    call_context.require("write", f"ssh to {guest.node}")
    # Two streams, each a third longer in base64.
    room = 3 * LARGEST
    done = await programs.run(argv, timeout=wrapped.seconds + _MARGIN, stdin=wrapped.batch, head=room, tail=0)
    printed = done.stdout.whole()
    if wrapped.end in printed:
        return wrapped.read(printed)
    said = done.stderr.output().text
    if done.timed_out:
        raise TimedOut(
            f"No answer from {guest.node} in time.", "The command may still be running there; look first.", said=said
        )
    if done.exit_status == _NO_CONNECTION:
        raise Unreachable(f"ssh to {guest.node} failed.", "Try it by hand, as ssh -o BatchMode=yes.", said=said)
    raise Failed(
        f"pct exec on {guest.node} could not run the command.",
        "The user must be root, or may run pct by sudo without a password; the container must be running.",
        said=said,
    )


def _argv(guest: GuestRef) -> list[str]:
    found = _DESTINATION.fullmatch(current().settings.get(settings.SSH))
    if found is None:
        raise NotConfigured(
            "PROXMOX_SSH is not of the form user@host.",
            "Write it as root@{node}, or root@{node}.example.org.",
            setting=settings.SSH.name,
        )
    destination = f"{found['user']}@{found['host'].replace('{node}', guest.node)}"
    elevated = [] if found["user"] == "root" else ["sudo", "-n"]
    remote = " ".join([*elevated, "pct", "exec", str(guest.vmid), "--", "sh", "-s"])
    return ["ssh", "-T", "-oBatchMode=yes", "-oConnectTimeout=10", *_config_file(), "--", destination, remote]


def _config_file() -> list[str]:
    name, paths = current().settings.get(settings.SSH_CONFIG), current().paths
    return [f"-F{paths.working_directory / paths.expand(name)}"] if name else []
