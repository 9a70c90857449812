"""A server's manifest: the SDK's own answers to the handshake and the listings, and the class of every tool."""

import importlib
import json
from collections.abc import Mapping
from typing import Any

from mcp_types.version import HANDSHAKE_PROTOCOL_VERSIONS, MODERN_PROTOCOL_VERSIONS

from infra_mcp_common.launcher.start import FORMAT
from infra_mcp_common.runtime import Runtime
from infra_mcp_common.server import Server
from manifests.sdk import ask

Json = dict[str, Any]
LISTINGS = ("tools/list", "prompts/list", "resources/list", "resources/templates/list")
_CLIENT = {"name": "manifest", "version": "0"}
VERSIONS: Mapping[str, tuple[str, ...]] = {"handshake": HANDSHAKE_PROTOCOL_VERSIONS, "modern": MODERN_PROTOCOL_VERSIONS}


def render(package: str) -> str:
    """The text of a package's manifest."""
    server: Server = importlib.import_module(f"{package}.server").SERVER
    runtime = Runtime(server.name, server.settings, {})
    answers = {era: _answers(server, runtime, era) for era in VERSIONS}
    listed = {era: known["tools/list"].pop("tools") for era, known in answers.items()}
    if listed["handshake"] != listed["modern"]:
        raise ValueError(f"{server.name}: the eras list different tools, which the manifest can't hold")
    built = {tool.name: tool for tool in server.build_tools(runtime)}
    manifest = {
        "format": FORMAT,
        "server": server.name,
        "version": server.version,
        "title": server.title,
        "port": server.port,
        "eras": {era: {"versions": VERSIONS[era], "answers": known} for era, known in answers.items()},
        "tools": [
            {"kind": built[tool["name"]].kind, "arbitrary": built[tool["name"]].arbitrary, "listed": tool}
            for tool in listed["modern"]
        ],
    }
    return json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"


def opening(era: str, version: str) -> bytes:
    """Everything that a client may ask for before it calls a tool: the handshake, where there is one, and all lists."""
    if era == "modern":
        return lines(*(request(method, enveloped(version)) for method in ("server/discover", *LISTINGS)))
    hello = {"protocolVersion": version, "capabilities": {}, "clientInfo": _CLIENT}
    ready = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    return lines(request("initialize", hello), ready, *(request(method, {}) for method in ("ping", *LISTINGS)))


def request(method: str, params: Json) -> Json:
    """A request whose id is its method."""
    return {"jsonrpc": "2.0", "id": method, "method": method, "params": params}


def enveloped(version: str, **params: Any) -> Json:
    """The parameters of a request that carries its protocol version with it."""
    meta = {"protocolVersion": version, "clientCapabilities": {}, "clientInfo": _CLIENT}
    return {**params, "_meta": {f"io.modelcontextprotocol/{name}": value for name, value in meta.items()}}


def lines(*messages: Json) -> bytes:
    return b"".join(json.dumps(message).encode() + b"\n" for message in messages)


def _answers(server: Server, runtime: Runtime, era: str) -> Json:
    replies = ask(server.build(runtime), opening(era, VERSIONS[era][-1]))
    return {reply["id"]: reply["result"] for reply in replies if "result" in reply}
