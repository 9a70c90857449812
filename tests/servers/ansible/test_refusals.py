"""What can be seen to be wrong is refused before anything runs."""

from pathlib import Path
from typing import Any

import pytest

from support.ansible import Ansible, Project, StartAnsible, new_project
from support.answers import error

pytestmark = pytest.mark.anyio

PLAY = "- hosts: web\n  gather_facts: false\n  tasks:\n    - command: touch {{ playbook_dir }}/ran\n"
PROMPT = PLAY.replace("tasks:", "vars_prompt: [{name: version}]\n  tasks:")


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"playbook": "none.yml"}, "not_found"),
        ({"playbook": "--version"}, "invalid_input"),
        ({"playbook": "/etc/passwd"}, "refused"),
        ({"playbook": "link.yml"}, "refused"),
        ({"playbook": "broken.yml"}, "playbook_broken"),
        ({"playbook": "prompt.yml"}, "prompt_unanswered"),
        ({"inventory": "nowhere"}, "not_found"),
        ({"inventory": "web1,"}, "invalid_input"),
        ({"inventory": "unparsable"}, "inventory_unusable"),
        ({"inventory": "empty"}, "inventory_unusable"),
        ({"limit": "nobody"}, "nobody_matched"),
        ({"limit": "--version"}, "invalid_input"),
        ({"limit": "@/etc/passwd"}, "invalid_input"),
        ({"limit": "web1,@/etc/passwd"}, "invalid_input"),
        ({"tags": ["--version"]}, "invalid_input"),
        ({"extra_vars": {"ansible_connection": "local"}}, "invalid_input"),
        ({"extra_vars": {"a b": 1}}, "invalid_input"),
        ({"become_user": "-x"}, "invalid_input"),
    ],
)
async def test_nothing_runs(ansible: Ansible, wrong: Project, changed: dict[str, Any], kind: str) -> None:
    places = {name: str(wrong.folder / value) for name, value in changed.items() if name in ("playbook", "inventory")}
    given = {"playbook": str(wrong.folder / "play.yml"), "inventory": wrong.hosts} | changed
    unchanged = [value for value in changed.values() if isinstance(value, str) and value.startswith(("-", "/"))]
    result = await ansible.server.call("run_playbook", **(given if unchanged else given | places))
    assert error(result)["kind"] == kind
    assert not (wrong.folder / "ran").exists()


@pytest.fixture(scope="module")
def wrong(lab: Path) -> Project:
    """A project with much that can't be run, and a playbook that can."""
    project = new_project(lab)
    project.write("play.yml", PLAY)
    project.write("prompt.yml", PROMPT)
    project.write("broken.yml", "- hosts: web\n  tasks:\n    - no_such_module_here: {a: b}\n")
    project.write("unparsable", "[web\nweb1")
    project.write("empty", "")
    outside = lab.parent / f"{lab.name}-outside.yml"
    outside.write_text(PLAY)
    (project.folder / "link.yml").symlink_to(outside)
    return project


async def test_an_answered_prompt_runs(ansible: Ansible, project: Project) -> None:
    book = project.write("prompt.yml", PROMPT)
    given = {"playbook": book, "inventory": project.hosts, "extra_vars": {"version": "1"}}
    assert (await ansible.call("run_playbook", **given))["status"] == "successful"
    assert (project.folder / "ran").exists()


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"pattern": "nobody"}, "nobody_matched"),
        ({"pattern": "localhost"}, "nobody_matched"),
        ({"module": "no_such_module"}, "invalid_input"),
        ({"module": "local_action"}, "invalid_input"),
        ({"module": "include_role"}, "invalid_input"),
    ],
)
async def test_no_module_runs(ansible: Ansible, project: Project, changed: dict[str, Any], kind: str) -> None:
    touch = f"touch {project.folder}/ran"
    given = {"pattern": "web", "module": "command", "args": touch, "inventory": project.hosts} | changed
    assert error(await ansible.server.call("run_adhoc", **given))["kind"] == kind
    assert not (project.folder / "ran").exists()


async def test_modules_of_python_are_not_taken_from_the_playbooks_folder(ansible: Ansible, project: Project) -> None:
    project.write("ansible.cfg", "")
    for module in ("json", "yaml", "tempfile"):
        project.write(f"{module}.py", f"open('{project.folder}/taken', 'w')")
    assert (await ansible.play(project, "command: 'true'"))["status"] == "successful"
    assert not (project.folder / "taken").exists()


async def test_read_only_drops_what_runs_and_keeps_what_looks(start_ansible: StartAnsible, project: Project) -> None:
    async with start_ansible("--read-only") as reader:
        names = {tool.name for tool in (await reader.server.client.list_tools()).tools}
        given = {"playbook": project.play(), "inventory": project.hosts, "check": True}
        assert error(await reader.server.call("run_playbook", **given))["kind"] == "refused"
    assert not names & {"run_playbook", "run_adhoc"}
    assert names >= {"check_playbook", "list_tasks", "ping_hosts", "gather_facts", "get_host_vars"}


async def test_hosts_outside_the_targets_are_refused(start_ansible: StartAnsible, project: Project) -> None:
    given = {"playbook": project.write("play.yml", PLAY), "inventory": project.hosts}
    async with start_ansible(env={"INFRA_MCP_TARGETS": "web1"}) as limited:
        ran = await limited.server.call("run_playbook", **given)
        only = await limited.call("run_playbook", **given, limit="web1")
    assert error(ran)["kind"] == "refused"
    assert (only["status"], list(only["hosts"])) == ("successful", ["web1"])
