"""Running commands inside guests."""

import time
from typing import Annotated

from pydantic import Field

from infra_mcp_common.errors import Conflict
from infra_mcp_common.io.kept_output import Capture
from infra_mcp_common.results import Output
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_proxmox.answers.guests import Exec, Guest
from infra_mcp_proxmox.domain import resources as inventory
from infra_mcp_proxmox.tools.parameters import GuestName
from infra_mcp_proxmox.transport import container_exec as containers
from infra_mcp_proxmox.transport import guest_agent as agent
from infra_mcp_proxmox.transport.connection import Proxmox
from infra_mcp_proxmox.transport.wrapped_command import LARGEST

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
    guest = await inventory.find(api, container, "lxc")
    _must_run(guest)
    began = time.monotonic()
    done, way = await containers.run(api, inventory.ref(guest), command, (stdin or "").encode(), timeout)
    cut = max(done.stdout_size, done.stderr_size) > LARGEST
    return Exec(
        vmid=guest.vmid,
        node=guest.node,
        exit_status=None if done.timed_out else done.status,
        timed_out=done.timed_out,
        stdout=_output(done.stdout),
        stderr=_output(done.stderr),
        seconds=round(time.monotonic() - began, 2),
        way=way,
        note=f"Only the first {LARGEST} bytes of a stream were fetched." if cut else None,
    )


@tool("write", arbitrary=True)
async def exec_vm(
    api: Proxmox,
    vm: GuestName,
    command: Annotated[Command, Field(description="Text for the interpreter")],
    interpreter: Annotated[agent.Interpreter, Field(description="What runs the command in the VM")] = "sh",
    stdin: Stdin = None,
    timeout: Annotated[int, Field(ge=1, le=3600, description="Seconds to wait for its end")] = 60,
) -> Exec:
    """Run a command in a running VM by its QEMU guest agent, and return exit status, stdout and stderr apart.

    The agent can't stop a command: at the timeout it keeps running in the VM, and the answer says so.
    """
    guest = await inventory.find(api, vm, "qemu")
    _must_run(guest)
    began = time.monotonic()
    pid, state = await agent.run(api, inventory.ref(guest), interpreter, command, stdin, timeout)
    ended = state or {}
    return Exec(
        vmid=guest.vmid,
        node=guest.node,
        exit_status=ended.get("exitcode"),
        signal=ended.get("signal"),
        timed_out=state is None,
        stdout=_output(agent.to_bytes(ended.get("out-data", ""))),
        stderr=_output(agent.to_bytes(ended.get("err-data", ""))),
        seconds=round(time.monotonic() - began, 2),
        way="agent",
        note=_note(pid, state is None, bool(ended.get("out-truncated") or ended.get("err-truncated"))),
    )


def _must_run(guest: Guest) -> None:
    """The listing lags, so only what it is sure of is refused here."""
    if guest.status == "unknown":
        raise Conflict(f"Node {guest.node} is offline, and {guest.vmid} with it.", "Wait until the node is back.")


def _note(pid: int, running: bool, truncated: bool) -> str | None:
    if running:
        return f"It still runs in the VM as pid {pid}; what it printed so far can't be had."
    return "The agent cut the output." if truncated else None


def _output(data: bytes) -> Output:
    capture = Capture()
    capture.feed(data)
    return capture.output()
