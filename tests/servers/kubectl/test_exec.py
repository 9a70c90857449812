"""exec: the command's end and kubectl's own failures are two things. A stub stands in for the container."""

from collections.abc import Callable
from pathlib import Path

import anyio
import psutil
import pytest

from sandbox.kubernetes.cluster import Cluster
from support.kubectl import Use

pytestmark = pytest.mark.anyio


@pytest.fixture
def use_stub(use: Use, cluster: Cluster) -> Use:
    return lambda *arguments, **settings: use(*arguments, KUBECTL_MCP_BIN=str(cluster.write_stub()), **settings)


async def test_status_stdout_and_stderr_of_the_command_are_kept_apart(use_stub: Use) -> None:
    async with use_stub() as kubectl:
        answer = await kubectl.call("exec", pod="crasher", command=["sh", "-c", "echo out; echo err >&2; exit 3"])
        well = await kubectl.call("exec", pod="crasher", command=["true"])
        missing = await kubectl.call("exec", pod="crasher", command=["no-such-program"])
    assert (answer["exit_status"], answer["stdout"]["text"], answer["stderr"]["text"]) == (3, "out\n", "err\n")
    assert well["exit_status"] == 0
    assert missing["exit_status"] == 127


async def test_a_failure_of_kubectl_is_no_exit_status(use_stub: Use) -> None:
    async with use_stub() as kubectl:
        assert await kubectl.refused("exec", pod="nope", command=["true"]) == "not_found"
        assert await kubectl.refused("exec", pod="crasher", command=["true"], context="expired") == "denied"


async def test_the_sandbox_itself_can_run_nothing_and_that_is_told_as_an_error(use: Use) -> None:
    async with use() as kubectl:
        await kubectl.refused("exec", pod="crasher", command=["true"])


@pytest.mark.promise("arguments-reach-no-shell")
async def test_arguments_reach_the_command_as_they_are_and_no_shell(use_stub: Use, tmp_path: Path) -> None:
    odd = ["a b", "$(touch pwned)", "; touch pwned", "--context=prod", "-n", "--", "*", "it's", '"', "\n", "ü"]
    async with use_stub(STUB_KUBECTL_FOLDER=str(tmp_path)) as kubectl:
        answer = await kubectl.call("exec", pod="crasher", command=["printf", "%s|", *odd])
    assert answer["stdout"]["text"] == "".join(f"{word}|" for word in odd)
    assert not (tmp_path / "pwned").exists()


async def test_at_the_timeout_what_came_is_told_and_no_process_is_left(
    use_stub: Use, running_programs: Callable[[], set[psutil.Process]]
) -> None:
    async with use_stub() as kubectl:
        with anyio.fail_after(10):
            answer = await kubectl.marked(
                "exec", pod="crasher", command=["sh", "-c", "echo begun; sleep 60"], timeout=1
            )
        assert running_programs() == set()
    assert (answer["timed_out"], answer["exit_status"], answer["stdout"]["text"]) == (True, None, "begun\n")


async def test_long_output_is_cut_and_can_be_read_by_id(use_stub: Use) -> None:
    async with use_stub() as kubectl:
        answer = await kubectl.call("exec", pod="crasher", command=["seq", "1", "100000"])
        loud = await kubectl.call("exec", pod="crasher", command=["sh", "-c", "seq 1 100000 >&2; exit 4"])
        rest = await kubectl.call("read_output", output_id=answer["stdout"]["output_id"], grep="50000")
    assert len(answer["stdout"]["text"]) < 40_000
    assert rest["text"] == "50000"
    assert (loud["exit_status"], loud["stderr"]["text"].endswith("100000\n")) == (4, True)


async def test_exec_is_not_offered_where_nothing_may_be_destroyed(use_stub: Use) -> None:
    async with use_stub("--no-destructive") as kubectl:
        names = {tool.name for tool in (await kubectl.server.client.list_tools()).tools}
        assert await kubectl.refused("exec", pod="crasher", command=["true"]) == "refused"
    assert not names & {"exec", "delete", "drain"}
