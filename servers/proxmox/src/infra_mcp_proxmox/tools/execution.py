"""Running commands inside guests."""

import time
from typing import Annotated

from pydantic import Field

from infra_mcp_common.errors import Conflict
from infra_mcp_common.io.kept_output import Capture
from infra_mcp_common.results import Output
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_proxmox.answers.execution import Exec
from infra_mcp_proxmox.domain.command import CommandResult, Interpreter
from infra_mcp_proxmox.domain.guest import Guest
from infra_mcp_proxmox.tools.parameters import GuestName
from infra_mcp_proxmox.transport.connection import Proxmox

Command = Annotated[str, Field(min_length=1, max_length=64_000)]
Stdin = Annotated[str | None, Field(max_length=48_000, description="Text for its standard input")]


@tool("write", arbitrary=True)
async def exec_container(
    api: Proxmox,
    container: GuestName,
    command: Annotated[Command, Field(description="Shell text, run as root by the container's sh")],
    stdin: Stdin = None,
    timeout: Annotated[int, Field(ge=1, le=3600, description="Seconds until it is stopped in the container")] = 60,
) -> Exec:
    """Run a command in a running container and return exit status, stdout and stderr apart.

    It goes through the container's console by the API alone. For that the container needs cmode shell, as
    create_container sets it; else the operator can name a way by ssh. Long output is cut in the middle; read_output
    gives the rest.
    """
    guest = _on_an_online_node(await api.guests.find(container, "lxc"))
    began = time.monotonic()
    result = await api.run_in_container(guest, command, (stdin or "").encode(), timeout)
    return _answer(guest, result, began)


@tool("write", arbitrary=True)
async def exec_vm(
    api: Proxmox,
    vm: GuestName,
    command: Annotated[Command, Field(description="Text for the interpreter")],
    interpreter: Annotated[Interpreter, Field(description="What runs the command in the VM")] = "sh",
    stdin: Stdin = None,
    timeout: Annotated[int, Field(ge=1, le=3600, description="Seconds to wait for its end")] = 60,
) -> Exec:
    """Run a command in a running VM by its QEMU guest agent, and return exit status, stdout and stderr apart.

    The agent can't stop a command: at the timeout it keeps running in the VM, and the answer says so.
    """
    guest = _on_an_online_node(await api.guests.find(vm, "qemu"))
    began = time.monotonic()
    return _answer(guest, await api.run_in_vm(guest, interpreter, command, stdin, timeout), began)


def _on_an_online_node(guest: Guest) -> Guest:
    """The listing lags, so only what it is sure of is refused here."""
    if guest.status == "unknown":
        raise Conflict(f"Node {guest.node} is offline, and {guest.vmid} with it.", "Wait until the node is back.")
    return guest


def _answer(guest: Guest, result: CommandResult, began: float) -> Exec:
    seconds = time.monotonic() - began
    return Exec.of(guest, result, _output(result.stdout), _output(result.stderr), seconds)


def _output(data: bytes) -> Output:
    capture = Capture()
    capture.feed(data)
    return capture.output()
