"""How the cluster is found, trusted and logged in to."""

import sys
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from infra_mcp_proxmox.client import Client
from infra_mcp_proxmox.hosts import Host, parse
from infra_mcp_proxmox.identity import Identity, Trust
from sandbox.proxmox import FakeProxmox
from support.answers import data, error, text
from support.client import StartServer

pytestmark = pytest.mark.anyio

OTHER = ":".join(["AB"] * 32)


@pytest.mark.parametrize(
    ("written", "authority"),
    [
        ("pve", "pve:8006"),
        ("pve.example.org:443", "pve.example.org:443"),
        ("https://pve:8007/", "pve:8007"),
        ("https://pve/api2/json", "pve:8006"),
        ("192.0.2.1", "192.0.2.1:8006"),
        ("2001:db8::1", "[2001:db8::1]:8006"),
        ("[2001:db8::1]:8007", "[2001:db8::1]:8007"),
        (" one , two:1 ", "one:8006 two:1"),
    ],
)
def test_a_host_may_be_written_in_every_usual_way(written: str, authority: str) -> None:
    assert " ".join(host.authority for host in parse(written, "8006")) == authority


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PROXMOX_HOST", "http://pve:8006"),
        ("PROXMOX_HOST", "https://user:word@pve"),
        ("PROXMOX_HOST", "pve:notaport"),
        ("PROXMOX_HOST", "-oProxyCommand=x"),
        ("PROXMOX_HOST", ","),
        ("PROXMOX_PORT", "70000"),
        ("PROXMOX_API_TOKEN", "root@pam=secret"),
        ("PROXMOX_FINGERPRINT", "AB:CD"),
        ("PROXMOX_CA_FILE", "/nowhere.pem"),
        ("PROXMOX_INSECURE", "maybe"),
    ],
)
async def test_a_setting_that_can_not_be_meant_is_named_and_nothing_is_sent(
    pve: FakeProxmox, start: StartServer, name: str, value: str
) -> None:
    async with start("proxmox-mcp", env=pve.environment() | {name: value}) as server:
        result = await server.call("list_guests")
    assert error(result)["kind"] == "not_configured"
    assert name in text(result) or error(result).get("setting") == name
    assert not pve.requests


@pytest.mark.parametrize("missing", ["PROXMOX_HOST", "PROXMOX_API_TOKEN"])
async def test_a_missing_setting_is_asked_for_at_the_call_and_the_tools_are_listed_all_the_same(
    pve: FakeProxmox, start: StartServer, missing: str
) -> None:
    env = {name: value for name, value in pve.environment().items() if name != missing}
    async with start("proxmox-mcp", env=env) as server:
        assert len((await server.client.list_tools()).tools) > 40
        assert error(await server.call("list_guests"))["setting"] == missing


async def test_the_names_of_another_server_work_too(pve: FakeProxmox, start: StartServer) -> None:
    user, _, name = pve.token.id.partition("!")
    host, _, port = pve.address.partition(":")
    env = {"PROXMOX_HOST": host, "PROXMOX_PORT": port, "PROXMOX_CA_FILE": str(pve.ca_file), "PROXMOX_USER": user}
    env |= {"PROXMOX_TOKEN_NAME": name, "PROXMOX_TOKEN_VALUE": pve.token.secret}
    async with start("proxmox-mcp", env=env) as server:
        assert data(await server.call("whoami"))["token"] == pve.token.id


async def test_an_unknown_authority_is_refused_before_the_token_is_sent(pve: FakeProxmox, start: StartServer) -> None:
    env = {name: value for name, value in pve.environment().items() if name != "PROXMOX_CA_FILE"}
    async with start("proxmox-mcp", env=env) as server:
        result = await server.call("list_guests")
    assert (error(result)["kind"], error(result)["cause"]) == ("unreachable", "tls")
    assert "PROXMOX_CA_FILE" in text(result)
    assert not pve.requests


async def test_a_bundle_in_the_environment_does_not_override_the_settings(
    pve: FakeProxmox, start: StartServer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with FakeProxmox() as stranger:
        bundle = {"REQUESTS_CA_BUNDLE": str(stranger.ca_file), "SSL_CERT_FILE": str(stranger.ca_file)}
        async with start("proxmox-mcp", env=pve.environment() | bundle) as server:
            assert data(await server.call("list_guests"))["total"] == 0
        trusting = pve.environment() | {"PROXMOX_CA_FILE": "", "REQUESTS_CA_BUNDLE": str(pve.ca_file)}
        async with start("proxmox-mcp", env=trusting) as server:
            assert error(await server.call("list_guests"))["cause"] == "tls"


async def test_a_pinned_certificate_is_trusted_for_requests_and_consoles(pve: FakeProxmox, start: StartServer) -> None:
    pve.add_guest(101, "lxc", running=True, config={"cmode": "shell"})
    pinned = {"PROXMOX_CA_FILE": "", "PROXMOX_FINGERPRINT": f"{OTHER}, {pve.fingerprints[0]}"}
    async with start("proxmox-mcp", env=pve.environment() | pinned) as server:
        assert data(await server.call("exec_container", container=101, command="true"))["exit_status"] == 0


async def test_another_certificate_than_the_pinned_one_gets_no_token(pve: FakeProxmox, start: StartServer) -> None:
    async with start("proxmox-mcp", env=pve.environment() | {"PROXMOX_FINGERPRINT": OTHER}) as server:
        assert error(await server.call("list_guests"))["cause"] == "tls"
    assert not pve.requests


async def test_trusting_anybody_is_said_aloud(pve: FakeProxmox, start: StartServer) -> None:
    env = pve.environment() | {"PROXMOX_CA_FILE": "", "PROXMOX_INSECURE": "true"}
    async with start("proxmox-mcp", env=env) as server:
        assert "PROXMOX_INSECURE" in data(await server.call("whoami"))["verified_by"]


async def test_when_a_host_goes_away_the_next_one_is_asked(start: StartServer) -> None:
    with FakeProxmox(endpoints=2) as pve:
        pve.add_guest(100)
        async with start("proxmox-mcp", env=pve.environment()) as server:
            await server.call("list_guests")
            pve.servers[0].go_away()
            assert data(await server.call("start_vm", vm=100))["done"]
        used = {request.endpoint for request in pve.requests}
        assert used == {each.address for each in pve.servers}
        assert len(pve.recorder.matching("POST")) == 1


@pytest.fixture
def connections() -> Iterator[list[object]]:
    """The addresses that this process connects to."""
    seen: list[object] = []
    listening = True

    def note(event: str, arguments: tuple[Any, ...]) -> None:
        if listening and event == "socket.connect":
            seen.append(arguments[1])

    sys.addaudithook(note)  # for good: there is no way to take a hook back
    yield seen
    listening = False


async def test_a_host_that_refuses_costs_one_attempt(pve: FakeProxmox, connections: list[object]) -> None:
    host, port = pve.address.split(":")
    away = Host(host, 1)
    trust = Trust(ca_file=str(pve.ca_file))
    client = Client(Identity((away, Host(host, int(port))), pve.token.id, pve.token.secret, trust))
    with closing(client):
        for _ in range(2):
            assert (await client.data("GET", "/version"))["version"].startswith("9.1")
    assert connections.count((host, 1)) == 1


async def test_a_mended_token_works_at_the_next_call(pve: FakeProxmox, start: StartServer) -> None:
    env = pve.environment()
    token = env.pop("PROXMOX_API_TOKEN")
    async with start(
        "proxmox-mcp", env=env | {"PROXMOX_API_TOKEN_FILE": str(pve.ca_file.with_name("token"))}
    ) as server:
        assert error(await server.call("list_guests"))["kind"] == "not_configured"
        pve.ca_file.with_name("token").write_text(token)
        assert data(await server.call("list_guests"))["total"] == 0
