"""However a client opens, sound or not, it gets what the SDK alone would give it: nothing lost, nothing twice."""

import json
from collections.abc import Callable, Iterator
from functools import reduce
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra_mcp_common.launcher.handshake import Conversation
from infra_mcp_common.launcher.start import read_manifest
from infra_mcp_common.runtime import Runtime
from infra_mcp_common.sdk_server import SdkServer
from manifests.manifest import enveloped, request
from manifests.sdk import ask
from sandbox.client import load

Json = dict[str, Any]
MODERN = "2026-07-28"
CLIENT = {"name": "claude-code", "title": "Claude Code", "version": "2.1.329", "websiteUrl": "https://claude.com"}
CAPABILITIES: Json = {
    "roots": {"listChanged": True},
    "sampling": {"context": {}, "tools": {}},
    "elicitation": {"form": {"applyDefaults": True}, "url": {}},
    "experimental": {"x": {"deep": [1]}},
    "extensions": {"io.modelcontextprotocol/tasks": {}},
    "tasks": {"list": {}, "requests": {"sampling": {"createMessage": {}}}},
}


def hello() -> Json:
    return request("initialize", {"protocolVersion": "2025-11-25", "capabilities": CAPABILITIES, "clientInfo": CLIENT})


def notification(method: str, **params: Any) -> Json:
    return {"jsonrpc": "2.0", "method": method, "params": params}


def modern(method: str, **params: Any) -> Json:
    message = request(method, enveloped(MODERN, **params))
    message["params"]["_meta"] |= {"io.modelcontextprotocol/logLevel": "debug", "progressToken": 1}
    message["params"]["_meta"]["io.modelcontextprotocol/clientCapabilities"] = CAPABILITIES
    return message


READY: Json = {"jsonrpc": "2.0", "method": "notifications/initialized"}
CALL = {"name": "no_such_tool", "arguments": {}}
PARTS: list[Json] = [
    hello(),
    READY,
    request("ping", {}),
    request("tools/list", {}),
    {"jsonrpc": "2.0", "id": 7, "method": "tools/list"},
    request("tools/list", {"cursor": "1"}),
    request("resources/list", {}),
    request("logging/setLevel", {"level": "debug"}),
    request("tools/call", CALL),
    request("no/such/method", {}),
    notification("notifications/cancelled", requestId="tools/call"),
    notification("notifications/roots/list_changed"),
    {"jsonrpc": "2.0", "id": "tools/list", "result": {}},
    modern("server/discover"),
    modern("tools/list"),
    modern("prompts/list"),
    modern("ping"),
    modern("tools/call", **CALL),
    modern("subscriptions/listen", notifications={}),
]
ABSENT = object()
VALUES: list[Any] = [None, True, -1, 1.5, "x", [], {}, {"a": 1}, {"a": {"b": {}}}]
DEEP = '{"a":' * 250 + "1" + "}" * 250
TEXT_CHANGES: list[Callable[[str], str]] = [
    lambda text: text.replace('"id"', '"\\u0069d"'),
    lambda text: text.replace('"id"', '"id": 5, "id"'),
    lambda text: text.replace('"method"', '"method": "ping", "method"'),
    lambda text: text.replace('"jsonrpc"', '"id": "\\ud800", "was"'),
    lambda text: text.replace("tools", "t\\u006fols"),
    lambda text: text.replace("Claude", "\\ud800"),
    lambda text: text.replace("Claude", "\ud800"),
    lambda text: text.replace("Claude", "Cl\x00ude"),
    lambda text: text.replace("Claude", "Clåude ✓ \u2028"),
    lambda text: text.replace("[1]", "NaN"),
    lambda text: text.replace("[1]", "1e999"),
    lambda text: text.replace("[1]", "1" * 5000),
    lambda text: text.replace("[1]", DEEP),
    lambda text: text.replace("[1]", "[" * 250 + "]" * 250),
    lambda text: text.replace(" ", "\r"),
    lambda text: text.replace(" ", "\t"),
    lambda text: f"{text}\r",
    lambda text: f"{text} {text}",
    lambda text: f"[{text}]",
    lambda text: f"\ufeff{text}",
    lambda text: text[:-1],
    lambda _: "",
]


def changed(message: Json) -> Iterator[str]:
    """The message with one value set, added or dropped, for every place and value; then with its text changed."""
    for keys, place in _objects(message):
        for key in [*place, "_meta", "added"]:
            for value in [*VALUES, ABSENT]:
                other = json.loads(json.dumps(message))
                target = reduce(lambda found, name: found[name], keys, other)
                target.pop(key, None) if value is ABSENT else target.update({key: value})
                yield json.dumps(other)
    yield from (change(json.dumps(message)) for change in TEXT_CHANGES)


def _objects(value: Json, keys: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Json]]:
    yield keys, value
    for key, inner in value.items():
        if isinstance(inner, dict):
            yield from _objects(inner, (*keys, key))


@pytest.fixture(scope="module")
def sdk() -> SdkServer:
    server = load("ssh")
    return server.build(Runtime("ssh", server.settings, {}))


@pytest.fixture(scope="module")
def manifest() -> Json:
    """The manifest of the same server, with the tools filled in as the front does."""
    found = read_manifest("infra_mcp_ssh")
    assert found is not None
    for era in found["eras"].values():
        era["answers"]["tools/list"]["tools"] = [tool["listed"] for tool in found["tools"]]
    return found


def encoded(said: list[str]) -> bytes:
    return b"".join(line.encode("utf-8", "surrogatepass") + b"\n" for line in said)


def through_the_front(sdk: SdkServer, manifest: Json, said: list[str]) -> list[Json]:
    """The answers to all lines where the front has the first word, in memory."""
    conversation, answers, waiting = Conversation(manifest), list[Json](), said
    while waiting and (answer := conversation.answer(encoded(waiting[:1])[:-1])) is not None:
        answers += [json.loads(answer)] if answer else []
        waiting = waiting[1:]
    later = ask(sdk, conversation.opening + encoded(waiting)) if waiting else []
    return answers + [found for found in later if found["id"] != conversation.replay_id]


def settles(manifest: Json, said: list[str]) -> bool:
    """Whether the front deals with all of these lines."""
    conversation = Conversation(manifest)
    return all(conversation.answer(encoded([line])[:-1]) is not None for line in said)


SOUND = [json.dumps(part) for part in PARTS]
CHANGED = sorted({variant for part in PARTS for variant in changed(part)})
BEFORE: dict[str, list[Json]] = {
    "first": [],
    "after initialize": [hello()],
    "after the handshake": [hello(), READY],
    "in the modern era": [modern("server/discover")],
}
AFTERWARDS = [json.dumps(message) for message in (request("tools/list", {}), modern("tools/list"), hello())]


@pytest.mark.parametrize("before", BEFORE)
def test_no_change_of_a_message_is_answered_otherwise_than_by_the_sdk(
    sdk: SdkServer, manifest: Json, before: str
) -> None:
    opening = [json.dumps(message) for message in BEFORE[before]]
    settled = [line for line in CHANGED if settles(manifest, [*opening, line])]
    for line in settled:
        said = [*opening, line, *AFTERWARDS]
        assert through_the_front(sdk, manifest, said) == ask(sdk, encoded(said)), line
    assert 0 < len(settled) < len(CHANGED)


@settings(max_examples=50, deadline=None)
@given(said=st.lists(st.sampled_from(SOUND) | st.sampled_from(CHANGED), min_size=2, max_size=6))
def test_any_opening_gets_the_answers_of_the_sdk(sdk: SdkServer, manifest: Json, said: list[str]) -> None:
    assert through_the_front(sdk, manifest, said) == ask(sdk, encoded(said))
