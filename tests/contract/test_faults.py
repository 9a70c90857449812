"""Whatever goes wrong has a name: an error of its own kind and words, and the next call works."""

from pathlib import Path

import anyio
import pytest

from contract.worlds.all import WORLDS, opened
from contract.worlds.base import Fault, World
from sandbox.client import RunningServer, in_memory
from support.answers import error, text

pytestmark = pytest.mark.anyio
DEADLINE = 45


@pytest.mark.parametrize("name", sorted(WORLDS))
async def test_each_fault_has_its_own_error_and_the_next_call_works(name: str, home: Path) -> None:
    met: dict[str, str] = {}
    wrong: dict[str, object] = {}
    with opened(name, home) as world, world.faulty() as faults:
        async with in_memory(world.script, home=home, env=world.env) as server:
            assert not (await server.call(world.probe.tool, **world.probe.arguments)).is_error
            for fault in faults:
                met[fault.name], kind = await meet(world, server, fault)
                if kind != fault.kind or fault.says not in sentence(met[fault.name]):
                    wrong[fault.name] = (kind, met[fault.name])
                world.mend()
                after = await server.call(world.probe.tool, **world.probe.arguments)
                assert not after.is_error, (fault.name, text(after))
    assert wrong == {}
    assert len({sentence(said) for said in met.values()}) == len(met)


async def meet(world: World, server: RunningServer, fault: Fault) -> tuple[str, str | None]:
    """What the call said that met the fault, and the kind of its error."""
    call = fault.call or world.probe
    fault.begin()
    with anyio.fail_after(DEADLINE):
        if fault.settings:
            async with in_memory(world.script, home=world.home, env={**world.env, **fault.settings}) as other:
                result = await other.call(call.tool, **call.arguments)
        else:
            result = await server.call(call.tool, **call.arguments)
    assert result.is_error, (fault.name, text(result))
    return text(result), None if result.structured_content else error(result)["kind"]


def sentence(said: str) -> str:
    """Our own words, without those of the other side."""
    return said.partition("\nThe other side said:")[0]
