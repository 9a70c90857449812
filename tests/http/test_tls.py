"""TLS by the operator's own certificate."""

import ssl
from pathlib import Path

import pytest

from sandbox.proxmox.tls import Authority
from support.http_server import StartHttp, plain_client, request

pytestmark = pytest.mark.anyio


async def test_calls_are_served_over_tls(start_http: StartHttp, tmp_path: Path) -> None:
    authority, pair, ca = Authority.create(), tmp_path / "pair.pem", tmp_path / "ca.pem"
    authority.issue("here", pair)
    authority.write_ca(ca)
    with start_http("--tls-certificate", str(pair), "--tls-key", str(pair)) as server:
        assert server.base.startswith("https://")
        trust = ssl.create_default_context(cafile=ca)
        async with plain_client(verify=trust) as http:
            answer = await http.post(server.url, json=request("say", {"text": "x"}))
    assert answer.json()["result"]["structuredContent"] == {"text": "x"}
