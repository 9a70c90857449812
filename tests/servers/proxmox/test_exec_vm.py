"""Commands in VMs, by the guest agent."""

import pytest

from sandbox.client import RunningServer
from sandbox.proxmox import FakeProxmox
from support.answers import data, error

pytestmark = pytest.mark.anyio


@pytest.fixture
def vm(pve: FakeProxmox) -> int:
    return pve.add_guest(100, running=True, agent=True, config={"agent": "1"}).vmid


async def test_status_and_both_streams_come_back_apart(server: RunningServer, vm: int) -> None:
    ran = data(await server.call("exec_vm", vm=vm, command="cat; echo ünder >&2; exit 3", stdin="in\n"))
    assert (ran["exit_status"], ran["stdout"]["text"], ran["stderr"]["text"]) == (3, "in\n", "ünder\n")


@pytest.mark.promise("no-exit-status-is-not-zero")
async def test_a_signal_is_no_exit_status(server: RunningServer, vm: int) -> None:
    ran = data(await server.call("exec_vm", vm=vm, command="kill -9 $$"))
    assert (ran["exit_status"], ran["signal"]) == (None, 9)


@pytest.mark.promise("timeout-tells-what-may-run-on")
async def test_at_the_timeout_the_command_is_said_to_run_on(pve: FakeProxmox, server: RunningServer, vm: int) -> None:
    ran = data(await server.call("exec_vm", vm=vm, command="sleep 600", timeout=1))
    (pid,) = pve.cluster.commands
    assert (ran["exit_status"], ran["timed_out"]) == (None, True)
    assert str(pid) in ran["note"]


@pytest.mark.parametrize(("config", "agent"), [({}, True), ({"agent": "1"}, False)])
async def test_a_missing_agent_is_told_with_its_remedy(
    pve: FakeProxmox, server: RunningServer, config: dict[str, str], agent: bool
) -> None:
    pve.add_guest(102, running=True, agent=agent, config=config)
    result = await server.call("exec_vm", vm=102, command="true")
    assert error(result)["kind"] == "conflict"
    assert "qemu-guest-agent" in str(result.content)
