"""Arguments are taken as they are, or refused with the reason; never dropped, never echoed."""

import pytest

from infra_mcp_common.text.redaction import MASK
from support.answers import data, error, text
from support.suite import StartProbe, StartProbeProcess

pytestmark = pytest.mark.anyio


async def test_an_unknown_argument_is_refused_with_the_nearest_and_all_names(start_probe: StartProbe) -> None:
    async with start_probe() as server:
        result = await server.call("say", text="x", tims=2)
        assert error(result)["kind"] == "invalid_input"
        assert "Did you mean times?" in text(result)
        listed = {tool.name: tool for tool in (await server.client.list_tools()).tools}
    assert listed["say"].input_schema["additionalProperties"] is False


async def test_a_rejected_value_is_named_but_not_repeated(start_probe_process: StartProbeProcess) -> None:
    async with start_probe_process() as server:
        result = await server.call("say", text="x", times="canary-value")
    assert error(result)["kind"] == "invalid_input"
    assert "times" in text(result)
    assert "canary" not in result.model_dump_json() + server.stderr


@pytest.mark.parametrize("value", ['{"a": 1}', "[1, 2]", '"quoted"', "null", "7"])
@pytest.mark.parametrize("name", ["text", "note"])
async def test_a_text_that_looks_like_json_arrives_as_text(start_probe: StartProbe, name: str, value: str) -> None:
    async with start_probe() as server:
        said = data(await server.call("say", **({"text": "x"} | {name: value})))
    assert said[name] == value


async def test_a_text_with_the_mask_of_a_secret_is_refused(start_probe: StartProbe) -> None:
    async with start_probe() as server:
        assert error(await server.call("say", text=f"key = {MASK}"))["kind"] == "invalid_input"


async def test_optional_arguments_have_plain_types_in_the_schema(start_probe: StartProbe) -> None:
    async with start_probe() as server:
        listed = {tool.name: tool for tool in (await server.client.list_tools()).tools}
    assert listed["say"].input_schema == {
        "type": "object",
        "properties": {
            "text": {"type": "string"},
            "note": {"type": "string"},
            "times": {"type": "integer", "minimum": 1, "default": 1},
        },
        "required": ["text"],
        "additionalProperties": False,
    }
