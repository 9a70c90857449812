"""What can be seen to be wrong is refused before anything runs."""

from typing import Any

import pytest

from support.answers import data, error

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
        ({"tags": ["--version"]}, "invalid_input"),
        ({"extra_vars": {"ansible_connection": "local"}}, "invalid_input"),
        ({"extra_vars": {"a b": 1}}, "invalid_input"),
        ({"become_user": "-x"}, "invalid_input"),
    ],
)
async def test_nothing_runs(ansible: Any, project: Any, changed: dict[str, Any], kind: str) -> None:
    project.write("play.yml", PLAY)
    project.write("prompt.yml", PROMPT)
    project.write("broken.yml", "- hosts: web\n  tasks:\n    - no_such_module_here: {a: b}\n")
    project.write("unparsable", "[web\nweb1")
    project.write("empty", "")
    (project.folder.parent / "outside.yml").write_text(PLAY)
    (project.folder / "link.yml").symlink_to(project.folder.parent / "outside.yml")
    async with ansible() as server:
        result = await server.call("run_playbook", **({"playbook": "play.yml", "inventory": "hosts"} | changed))
    assert error(result)["kind"] == kind
    assert not (project.folder / "ran").exists()


async def test_an_answered_prompt_runs(ansible: Any, project: Any) -> None:
    book = project.write("prompt.yml", PROMPT)
    given = {"playbook": book, "inventory": "hosts", "extra_vars": {"version": "1"}}
    async with ansible() as server:
        assert data(await server.call("run_playbook", **given))["status"] == "successful"
    assert (project.folder / "ran").exists()


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"pattern": "nobody"}, "nobody_matched"),
        ({"pattern": "localhost"}, "nobody_matched"),
        ({"pattern": "--version"}, "invalid_input"),
        ({"pattern": "{{ lookup('pipe', 'id') }}"}, "invalid_input"),
        ({"module": "no_such_module"}, "invalid_input"),
        ({"module": "local_action"}, "invalid_input"),
        ({"module": "include_role"}, "invalid_input"),
        ({"module": "a b"}, "invalid_input"),
    ],
)
async def test_no_module_runs(ansible: Any, changed: dict[str, Any], kind: str) -> None:
    given = {"pattern": "web", "module": "command", "args": "true", "inventory": "hosts"} | changed
    async with ansible() as server:
        assert error(await server.call("run_adhoc", **given))["kind"] == kind
        assert data(await server.call("list_runs"))["runs"] == []


async def test_read_only_drops_what_runs_and_keeps_what_looks(ansible: Any) -> None:
    async with ansible("--read-only") as server:
        names = {tool.name for tool in (await server.client.list_tools()).tools}
    assert not names & {"run_playbook", "run_adhoc"}
    assert names >= {"check_playbook", "list_tasks", "ping_hosts", "gather_facts", "get_host_vars"}


async def test_hosts_outside_the_targets_are_refused(ansible: Any, project: Any) -> None:
    book = project.write("play.yml", PLAY)
    async with ansible(env={"INFRA_MCP_TARGETS": "web1"}) as server:
        ran = await server.call("run_playbook", playbook=book, inventory="hosts")
        only = await server.call("run_playbook", playbook=book, inventory="hosts", limit="web1")
    assert error(ran)["kind"] == "refused"
    assert data(only)["status"] == "successful"
