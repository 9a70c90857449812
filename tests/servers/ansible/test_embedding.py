"""Several servers live in one process, each with an environment of its own."""

import asyncio
from pathlib import Path

import pytest

from support.ansible import Ansible, Places, Project, new_project, started
from support.answers import error

pytestmark = pytest.mark.anyio

WHOSE = "{name: whose, shell: 'echo ${WHOSE:-none} ${LEAKED:-none}; exit 1'}"


@pytest.fixture
def other_places(places: Places, tmp_path: Path) -> Places:
    """Of a second server, which shares only the folder for temporary files."""
    lab, home = tmp_path / "other-lab", tmp_path / "other-home"
    lab.mkdir()
    home.mkdir()
    return Places(lab, home, places.temporary)


async def whose(ansible: Ansible, project: Project) -> str:
    ran = await ansible.play(project, WHOSE)
    said: str = ran["failures"][0]["stdout"]
    return said


async def test_runs_at_the_same_time_have_the_environment_of_their_server_and_nothing_of_the_process(
    places: Places, other_places: Places, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEAKED", "of-the-process")
    other_project = new_project(other_places.lab)
    async with started(places, env={"WHOSE": "one"}) as one, started(other_places, env={"WHOSE": "two"}) as two:
        said = await asyncio.gather(whose(one, project), whose(two, other_project))
        runs = [(await server.call("list_runs"))["page"]["total"] for server in (one, two)]
        elsewhere = await two.server.call("check_playbook", playbook=str(project.folder / "play.yml"))
        assert one.files() == []
    assert list(said) == ["one none", "two none"]
    assert runs == [1, 1]
    assert error(elsewhere)["kind"] == "refused"
