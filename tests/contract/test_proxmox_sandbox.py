"""The sandbox's Proxmox VE against what the real one is known to say: official schemas and recorded exchanges."""

import json
import re
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.proxmox import FakeProxmox
from sandbox.proxmox.auth import ALL
from sandbox.proxmox.derive import TABLE, derive
from sandbox.proxmox.routes import served
from support.shared import place, shared_data

RECORDINGS = "pve-recorded/responses.json"
# What the recordings were made with, beyond a bare API server: an echo call and a guest on a node named n.
OUTSIDE = {"multi-line die", "repeated form key -> array", "json array body", "single form value for array param"}
OUTSIDE |= {"unknown format", "login wrong password", "bad json body"}


def recorded() -> list[dict[str, Any]]:
    """What was recorded; one exchange without a request where nothing is, so that its test tells that."""
    file = place(RECORDINGS)
    every = json.loads(file.read_text("utf-8")) if file.exists() else [{"name": "none"}]
    return [exchange for exchange in every if exchange["name"] not in OUTSIDE]


def test_the_table_of_served_calls_is_what_the_official_schemas_say() -> None:
    assert TABLE.read_text("utf-8") == derive(shared_data("pve-api").parent, served())


@pytest.mark.parametrize("there", ["nothing", "one version"])
def test_a_folder_without_the_official_schemas_is_refused_and_the_table_stays(tmp_path: Path, there: str) -> None:
    folder, table = tmp_path / "data", tmp_path / "table.txt"
    (folder / "pve-api").mkdir(parents=True)
    if there == "one version":
        (folder / "pve-api/pve-apidata-9.1-1.json").write_text("[]")
    table.write_text("as it was")
    command = [sys.executable, "-m", "sandbox.proxmox.derive", str(folder), str(table)]
    ran = subprocess.run(
        command, cwd=Path(__file__).parents[2] / "scripts", capture_output=True, text=True, check=False
    )
    assert ran.returncode != 0
    assert "pve-apidata" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert table.read_text() == "as it was"


@pytest.fixture
def pve() -> Iterator[FakeProxmox]:
    with FakeProxmox(["n"]) as fake:
        fake.add_guest(100, "lxc", running=True)
        fake.add_token("u@pve!audit", {}).secret = "x"
        yield fake


def exchange_with(pve: FakeProxmox, request: str) -> tuple[str, str]:
    """The status line and body that come back for these bytes."""
    secret = f"{pve.token.id}={pve.token.secret}"
    text = request.replace("root@pam!mcp=<secret>", secret)
    host, _, port = pve.address.partition(":")
    context = ssl.create_default_context(cafile=str(pve.ca_file))
    with (
        socket.create_connection((host, int(port)), 10) as plain,
        context.wrap_socket(plain, server_hostname=host) as tls,
    ):
        tls.sendall(text.encode())
        answer = b"".join(iter(lambda: tls.recv(65536), b""))
    head, _, body = answer.decode().partition("\r\n\r\n")
    return head.splitlines()[0], body


def parsed(body: str) -> Any:
    return json.loads(body) if body.startswith("{") else body


@pytest.mark.parametrize("exchange", recorded(), ids=lambda exchange: str(exchange["name"]))
def test_refusals_have_the_recorded_status_line_and_body(pve: FakeProxmox, exchange: dict[str, Any]) -> None:
    shared_data(RECORDINGS)
    status, body = exchange_with(pve, exchange["request"])
    assert status == exchange["status_line"]
    assert parsed(body) == parsed(exchange["body"])


@pytest.mark.parametrize(
    ("request_line", "body", "refused"),
    [
        ("POST /nodes/n/lxc/100/status/shutdown", "timeuot=1", "timeuot"),
        ("POST /nodes/n/lxc/100/status/shutdown", "timeout=soon", "timeout"),
        ("POST /nodes/n/lxc/100/status/shutdown", "timeout=-1", "timeout"),
        ("POST /nodes/n/lxc/100/snapshot", "description=x", "snapname"),
        ("PUT /nodes/n/lxc/100/config", "cmode=window", "cmode"),
        ("PUT /nodes/n/lxc/100/config", "net0=name%3Deth0%2Ccolour%3Dred", "net0"),
        ("GET /nodes/n/lxc/7/config", "", "vmid"),
    ],
)
def test_parameters_are_held_to_the_schema(pve: FakeProxmox, request_line: str, body: str, refused: str) -> None:
    method, path = request_line.split()
    pve.add_token("u@pve!all", {"/": ALL}).secret = "y"
    heads = ["Host: x", "Authorization: PVEAPIToken=u@pve!all=y", f"Content-Length: {len(body)}"]
    status, answer = exchange_with(pve, "\r\n".join([f"{method} /api2/json{path} HTTP/1.1", *heads, "", body]))
    assert status == "HTTP/1.1 400 Parameter verification failed."
    assert list(json.loads(answer)["errors"]) == [refused]
    assert not pve.cluster.tasks.all


def test_before_8_4_the_reason_phrase_alone_carries_the_message() -> None:
    with FakeProxmox(["n"], version="7.4") as old:
        old.add_token("u@pve!audit", {}).secret = "x"
        request = (
            "GET /api2/json/nodes/n/status HTTP/1.1\r\nHost: x\r\nAuthorization: PVEAPIToken=u@pve!audit=x\r\n\r\n"
        )
        status, body = exchange_with(old, request)
    assert re.fullmatch(r"HTTP/1.1 403 Permission check failed \(/nodes/n, Sys.Audit\)", status)
    assert json.loads(body) == {"data": None}
