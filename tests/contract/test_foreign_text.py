"""Text of others arrives clean, whatever field of whatever answer it came in."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from contract.witness import HOSTILE, MARK, Observation, Witness
from contract.worlds.all import WORLDS
from contract.worlds.base import Json, World
from support.client import StartServer

pytestmark = pytest.mark.anyio
FORBIDDEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060\ufeff\U000e0041]|</?tool_result|<system"
)


@pytest.mark.promise("foreign-text-is-cleaned")
def test_planted_text_is_shown_and_harmless(seen: Observation) -> None:
    assert {tool for tool, text in seen.said.items() if MARK in text} >= seen.shown_by
    assert survivors({place: text for place, text in seen.said.items() if place != "log"}) == {}


@pytest.mark.parametrize("world", sorted(name for name in WORLDS if WORLDS[name].over_http), indirect=True)
@pytest.mark.promise("foreign-text-is-cleaned")
async def test_hostile_text_in_every_field_of_every_answer_is_harmless(world: World, start: StartServer) -> None:
    """Much of what the other side says makes no sense then; errors, too, must be clean, and no tool may fall over."""
    answers: dict[str, Json] = {}
    async with start(world.script, env=world.env) as server:
        witness = Witness(server)
        tools = {tool.name: tool for tool in (await server.client.list_tools()).tools}
        for call in world.calls(answers):
            world.tamper(spoilt)
            # What waits for a state that is never told in these words shall not wait long.
            short = {"timeout": 1} if "timeout" in tools[call.tool].input_schema["properties"] else {}
            await witness.call(call.tool, call.arguments | short)
            world.tamper(bytes)
            answers[call.tool] = (await witness.call(call.tool, call.arguments)).structured_content or {}
    said = {tool: "\n".join(results) for tool, results in witness.results.items()}
    assert survivors(said | {"progress": "\n".join(witness.progress)}) == {}
    assert [tool for tool, text in said.items() if '"unexpected"' in text] == []


def spoilt(body: bytes) -> bytes:
    """A JSON body with the hostile text behind each of its texts."""
    try:
        return json.dumps(_spoilt(json.loads(body))).encode()
    except ValueError:
        return body


def _spoilt(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _spoilt(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_spoilt(inner) for inner in value]
    return f"{value}{HOSTILE}" if isinstance(value, str) else value


def survivors(said: dict[str, str]) -> dict[str, set[str]]:
    """What is left of the hostile text, by who said it."""
    texts = {place: "\n".join(map(_plain, text.split("\n"))).replace("\r\n", "\n") for place, text in said.items()}
    found = {place: set(FORBIDDEN.findall(text)) for place, text in texts.items()}
    return {place: left for place, left in found.items() if left}


def _plain(text: str) -> str:
    """All texts in a line of JSON, keys and what is JSON once more included; a line of anything else as it is."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return "\n".join(_leaves(value))


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = [*value.keys(), *value.values()]
    if isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)
    elif isinstance(value, str):
        yield _plain(value) if value.startswith(("{", "[")) else value
