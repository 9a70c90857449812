"""How the cluster is found, trusted and logged in to."""

import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from infra_mcp_common.tool_calls.call_context import Call
from infra_mcp_proxmox.transport.client import Client
from infra_mcp_proxmox.transport.hosts import Host, parse
from infra_mcp_proxmox.transport.identity import Identity
from infra_mcp_proxmox.transport.trust import Trust
from sandbox.client import RunningServer, in_memory
from sandbox.proxmox import FakeProxmox, Raw
from support.answers import data, error, text
from support.client import StartServer
from support.running import serving

pytestmark = pytest.mark.anyio

OTHER = ":".join(["AB"] * 32)
Configure = Callable[[Mapping[str, str]], RunningServer]


@pytest.fixture(scope="module")
def stranger() -> Iterator[FakeProxmox]:
    """A cluster with a CA of its own."""
    with FakeProxmox() as fake:
        yield fake


@pytest.fixture(scope="module")
async def unset(
    stranger: FakeProxmox, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[RunningServer, Path]]:
    """A server that nobody set up, and its home. Its environment, and that of this process, name certificates that are
    not to be trusted.
    """
    home = tmp_path_factory.mktemp("connection") / "home"
    (home / ".config/infra-mcp").mkdir(parents=True)
    bundles = dict.fromkeys(("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"), str(stranger.ca_file))
    with pytest.MonkeyPatch.context() as process:
        for name, bundle in bundles.items():
            process.setenv(name, bundle)
        async with in_memory("proxmox-mcp", home=home, env=bundles) as server:
            yield server, home


@pytest.fixture
def configure(unset: tuple[RunningServer, Path]) -> Configure:
    """Write the env file, as an operator does while the server runs."""
    server, home = unset
    file = home / ".config/infra-mcp/proxmox.env"

    def write(settings: Mapping[str, str]) -> RunningServer:
        file.touch(mode=0o600)
        file.write_text("".join(f"{name}='{value}'\n" for name, value in settings.items()))
        return server

    return write


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
        ("https://[2001:db8::1]:8007/api2/json/", "[2001:db8::1]:8007"),
        (" one , two:1 ", "one:8006 two:1"),
    ],
)
def test_a_host_may_be_written_in_every_usual_way(written: str, authority: str) -> None:
    assert " ".join(host.authority for host in parse(written, "8006")) == authority


@pytest.mark.parametrize(
    "written", ["{host}:{port}", "https://{host}:{port}/", "https://{host}:{port}/api2/json", "localhost:{port}"]
)
async def test_a_host_written_with_its_port_is_reached(pve: FakeProxmox, configure: Configure, written: str) -> None:
    host, port = pve.address.split(":")
    server = configure(pve.environment() | {"PROXMOX_HOST": written.format(host=host, port=port)})
    assert data(await server.call("list_guests"))["total"] == 0


@pytest.mark.parametrize("written", ["127.0.0.1", "https://127.0.0.1", "https://localhost/api2/json"])
async def test_a_host_written_without_a_port_is_reached_at_that_of_the_setting(
    pve: FakeProxmox, configure: Configure, written: str
) -> None:
    _, port = pve.address.split(":")
    server = configure(pve.environment() | {"PROXMOX_HOST": written, "PROXMOX_PORT": port})
    assert data(await server.call("list_guests"))["total"] == 0


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
        ("PROXMOX_FINGERPRINT", f"{OTHER}=pve1"),
        ("PROXMOX_CA_FILE", "/nowhere.pem"),
        ("PROXMOX_CA_FILE", __file__),
        ("PROXMOX_INSECURE", "maybe"),
    ],
)
async def test_a_setting_that_can_not_be_meant_is_named_and_nothing_is_sent(
    pve: FakeProxmox, configure: Configure, name: str, value: str
) -> None:
    result = await configure(pve.environment() | {name: value}).call("list_guests")
    assert error(result)["kind"] == "not_configured"
    assert name in text(result) or error(result).get("setting") == name
    assert not pve.requests


@pytest.mark.parametrize("missing", ["PROXMOX_HOST", "PROXMOX_API_TOKEN"])
async def test_a_missing_setting_is_asked_for_at_the_call_and_the_tools_are_listed_all_the_same(
    pve: FakeProxmox, configure: Configure, missing: str
) -> None:
    server = configure({name: value for name, value in pve.environment().items() if name != missing})
    assert len((await server.client.list_tools()).tools) > 40
    assert error(await server.call("list_guests"))["setting"] == missing


def of_another_server(pve: FakeProxmox) -> dict[str, str]:
    """The settings of this cluster by the names that another server has for them."""
    user, _, name = pve.token.id.partition("!")
    host, _, port = pve.address.partition(":")
    env = {"PROXMOX_HOST": host, "PROXMOX_PORT": port, "PROXMOX_CA_FILE": str(pve.ca_file), "PROXMOX_USER": user}
    return env | {"PROXMOX_TOKEN_NAME": name, "PROXMOX_TOKEN_VALUE": pve.token.secret}


async def test_the_names_of_another_server_work_too(pve: FakeProxmox, configure: Configure) -> None:
    given = of_another_server(pve)
    assert data(await configure(given).call("whoami"))["token"] == pve.token.id
    whole = configure(given | {"PROXMOX_TOKEN_NAME": pve.token.id})
    assert data(await whole.call("whoami"))["token"] == pve.token.id


@pytest.mark.parametrize("missing", ["PROXMOX_TOKEN_NAME", "PROXMOX_TOKEN_VALUE"])
async def test_of_the_names_of_another_server_the_missing_one_is_asked_for(
    pve: FakeProxmox, configure: Configure, missing: str
) -> None:
    given = {name: value for name, value in of_another_server(pve).items() if name != missing}
    assert error(await configure(given).call("list_guests"))["setting"] == missing


@pytest.mark.promise("certificates-are-checked")
async def test_an_unknown_authority_is_refused_before_the_token_is_sent(pve: FakeProxmox, configure: Configure) -> None:
    result = await configure(pve.environment() | {"PROXMOX_CA_FILE": ""}).call("list_guests")
    assert (error(result)["kind"], error(result)["cause"]) == ("unreachable", "tls")
    assert "PROXMOX_CA_FILE" in text(result)
    assert not pve.requests


async def test_another_authority_than_the_one_named_is_refused(
    pve: FakeProxmox, configure: Configure, stranger: FakeProxmox
) -> None:
    server = configure(pve.environment() | {"PROXMOX_CA_FILE": str(stranger.ca_file)})
    assert error(await server.call("list_guests"))["cause"] == "tls"
    assert not pve.requests


async def test_a_bundle_in_the_environment_is_not_trusted(
    pve: FakeProxmox, configure: Configure, stranger: FakeProxmox
) -> None:
    server = configure(stranger.environment() | {"PROXMOX_CA_FILE": ""})
    assert error(await server.call("list_guests"))["cause"] == "tls"
    assert not stranger.requests


async def test_each_way_to_trust_holds_for_requests_and_consoles_whatever_the_environment_says(
    pve: FakeProxmox, configure: Configure
) -> None:
    pve.add_guest(101, "lxc", running=True, config={"cmode": "shell"})
    env = pve.environment()
    pinned = f"{OTHER}, {pve.fingerprints[0].lower().replace(':', '')}"
    ways = {
        "CA": env,
        "fingerprint": env | {"PROXMOX_CA_FILE": "", "PROXMOX_FINGERPRINT": pinned},
        "INSECURE": env | {"PROXMOX_CA_FILE": "", "PROXMOX_INSECURE": "true"},
    }
    for way, settings in ways.items():
        server = configure(settings)
        assert data(await server.call("exec_container", container=101, command="true"))["exit_status"] == 0, way
        assert way in data(await server.call("whoami"))["verified_by"]


@pytest.mark.parametrize("pins", ["{other}", "{address}={other}, elsewhere={right}", "elsewhere={right},{other}"])
async def test_another_certificate_than_the_pinned_one_gets_no_token(
    pve: FakeProxmox, configure: Configure, pins: str
) -> None:
    given = pins.format(other=OTHER, right=pve.fingerprints[0], address=pve.address)
    result = await configure(pve.environment() | {"PROXMOX_FINGERPRINT": given}).call("list_guests")
    assert error(result)["cause"] == "tls"
    assert "PROXMOX_FINGERPRINT" in text(result)
    assert not pve.requests


async def test_each_node_may_have_a_pin_of_its_own(configure: Configure) -> None:
    with FakeProxmox(endpoints=2) as pve:
        pve.add_guest(101, "lxc", running=True, config={"cmode": "shell"})
        own = [f"{server.address}={mark}" for server, mark in zip(pve.servers, pve.fingerprints, strict=True)]
        swapped = [f"{server.address}={mark}" for server, mark in zip(pve.servers, pve.fingerprints[::-1], strict=True)]
        env = pve.environment() | {"PROXMOX_CA_FILE": ""}
        result = await configure(env | {"PROXMOX_FINGERPRINT": ",".join(swapped)}).call("list_guests")
        assert error(result)["cause"] == "tls"
        assert not pve.requests
        server = configure(env | {"PROXMOX_FINGERPRINT": ",".join(own)})
        assert data(await server.call("list_guests"))["total"] == 1
        pve.servers[0].go_away()
        assert data(await server.call("exec_container", container=101, command="true"))["exit_status"] == 0


@pytest.mark.promise("trusting-anybody-is-said")
async def test_trusting_anybody_is_said_aloud(pve: FakeProxmox, configure: Configure) -> None:
    server = configure(pve.environment() | {"PROXMOX_CA_FILE": "", "PROXMOX_INSECURE": "true"})
    assert "anybody" in data(await server.call("whoami"))["verified_by"]


async def test_when_a_host_goes_away_the_next_one_is_asked(configure: Configure) -> None:
    with FakeProxmox(endpoints=2) as pve:
        pve.add_guest(100)
        server = configure(pve.environment())
        await server.call("list_guests")
        pve.servers[0].go_away()
        assert data(await server.call("start_vm", vm=100))["done"]
        used = {request.endpoint for request in pve.requests}
        assert used == {each.address for each in pve.servers}
        assert len(pve.recorder.matching("POST")) == 1
        pve.servers[1].go_away()
        assert error(await server.call("list_guests"))["kind"] == "unreachable"


async def test_a_change_whose_answer_was_lost_is_not_sent_to_the_next_host(configure: Configure) -> None:
    with FakeProxmox(endpoints=2) as pve:
        pve.add_guest(100)
        pve.answer_with("POST .*/start", Raw(drop=True))
        assert error(await configure(pve.environment()).call("start_vm", vm=100))["kind"] == "answer_lost"
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
    with serving(Call("test")), closing(client):
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
