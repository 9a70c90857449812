"""A change of settings changes settings, and destroys nothing."""

import pytest

from sandbox.client import RunningServer
from sandbox.proxmox import FakeProxmox
from support.answers import data, error
from support.proxmox_destruction import changes

pytestmark = pytest.mark.anyio


async def test_a_change_of_settings_can_not_destroy_a_disk(pve: FakeProxmox, server: RunningServer) -> None:
    pve.add_guest(100, config={"unused0": "local-lvm:vm-100-disk-9"})
    result = await server.call("update_guest_config", guest=100, remove=["unused0"])
    assert error(result)["kind"] == "refused"
    assert not changes(pve)


async def test_keys_for_cloud_init_may_be_given_as_they_are(pve: FakeProxmox, server: RunningServer) -> None:
    pve.add_guest(100)
    done = data(await server.call("update_guest_config", guest=100, set={"sshkeys": "ssh-ed25519 AAA+/= me@here"}))
    assert done["changed"] == ["sshkeys"]
    assert pve.cluster.guests[100].config["sshkeys"] == "ssh-ed25519%20AAA%2B%2F%3D%20me%40here"
