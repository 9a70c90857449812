"""Nothing is destroyed without `confirmed: true`, and a read tool changes nothing even if it tries."""

from pathlib import Path

import pytest

from support.answers import data, error
from support.suite import StartProbe

pytestmark = pytest.mark.anyio


async def test_without_confirmation_the_answer_is_a_preview_and_nothing_happens(
    start_probe: StartProbe, tmp_path: Path
) -> None:
    file = tmp_path / "file"
    file.touch()
    async with start_probe() as server:
        for unconfirmed in ({}, {"confirmed": False}):
            preview = data(await server.call("destroy", path=str(file), **unconfirmed))
            assert (preview["confirmed"], preview["now"]) == (False, {"there": True})
        assert file.exists()
        data(await server.call("destroy", path=str(file), **preview["confirm_with"]))
    assert not file.exists()


@pytest.mark.parametrize("value", ["true", 1, "yes", None, [True]])
@pytest.mark.promise("only-the-boolean-confirms")
async def test_only_the_boolean_true_confirms(start_probe: StartProbe, tmp_path: Path, value: object) -> None:
    file = tmp_path / "file"
    file.touch()
    async with start_probe() as server:
        assert error(await server.call("destroy", path=str(file), confirmed=value))["kind"] == "invalid_input"
    assert file.exists()


async def test_a_preview_of_wrong_arguments_is_an_error(start_probe: StartProbe) -> None:
    async with start_probe() as server:
        assert error(await server.call("destroy"))["kind"] == "invalid_input"


async def test_writes_are_gated_where_the_operator_wants_it(start_probe: StartProbe, tmp_path: Path) -> None:
    async with start_probe(env={"INFRA_MCP_GATE": "writes"}) as server:
        preview = data(await server.call("make", path=str(tmp_path / "file")))
        assert preview["now"] == {"arguments": {"path": str(tmp_path / "file")}}
        assert not (tmp_path / "file").exists()
        await server.call("make", path=str(tmp_path / "file"), confirmed=True)
    assert (tmp_path / "file").exists()


@pytest.mark.parametrize("ask", ["on", "off"])
@pytest.mark.promise("a-person-is-asked")
async def test_a_person_is_asked_for_gated_tools_unless_the_operator_runs_unattended(
    start_probe: StartProbe, ask: str
) -> None:
    async with start_probe(env={"INFRA_MCP_ASK": ask}) as server:
        tools = {tool.name: tool for tool in (await server.client.list_tools()).tools}
    asking = {name for name, tool in tools.items() if (tool.meta or {}).get("anthropic/requiresUserInteraction")}
    assert asking == ({"destroy"} if ask == "on" else set())


@pytest.mark.promise("held-where-the-request-leaves")
async def test_a_read_tool_that_tries_to_change_something_is_refused(start_probe: StartProbe, tmp_path: Path) -> None:
    async with start_probe() as server:
        assert error(await server.call("sneak", path=str(tmp_path / "file")))["kind"] == "refused"
    assert not (tmp_path / "file").exists()


async def test_hints_follow_the_class(start_probe: StartProbe) -> None:
    async with start_probe() as server:
        listed = (await server.client.list_tools()).tools
    hints = {tool.name: (it.read_only_hint, it.destructive_hint) for tool in listed if (it := tool.annotations)}
    assert hints["say"] == (True, False)
    assert hints["make"] == (False, False)
    assert hints["destroy"] == hints["run"] == (False, True)
