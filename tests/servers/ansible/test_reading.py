"""What can be known without running anything, and what is known of what ran."""

import pytest

from support.ansible import Ansible, Project
from support.answers import error

pytestmark = pytest.mark.anyio

PLAY = """
- name: Site
  hosts: web
  vars_prompt: [{name: version}, {name: channel, default: stable}]
  gather_facts: false
  tasks:
    - {name: install, command: "echo {{ package }} {{ maybe | default('x') }} {{ version }}", tags: [install]}
    - {name: say, debug: {msg: hi}, tags: [talk]}
"""


async def test_a_playbook_is_checked_without_running(ansible: Ansible, project: Project) -> None:
    given = {"playbook": project.write("play.yml", PLAY), "inventory": project.hosts}
    checked = await ansible.call("check_playbook", **given)
    tagged = await ansible.call("list_tasks", **given, tags=["talk"])
    assert [run for run in (await ansible.call("list_runs"))["runs"] if str(project.folder) in run["what"]] == []
    assert checked["ready"] is False
    assert [(prompt["name"], prompt["has_default"]) for prompt in checked["prompts"]] == [
        ("version", False),
        ("channel", True),
    ]
    assert [(missing["name"], missing["task"]) for missing in checked["missing_variables"]] == [("package", "install")]
    assert checked["tags"] == ["install", "talk"]
    assert checked["plays"][0]["hosts"] == ["web1", "web2"]
    [task] = tagged["plays"][0]["tasks"]
    assert (task["name"], task["path"]) == ("say", f"{project.folder}/play.yml:8")


async def test_playbooks_are_told_from_other_yaml(ansible: Ansible, project: Project) -> None:
    book, inner = project.write("play.yml", PLAY), project.write("plays/all.yml", "- import_playbook: ../play.yml\n")
    project.write("roles/base/tasks/main.yml", "- debug: {msg: hosts}\n")
    project.write("group_vars/web.yml", "hosts: web\n")
    listed = (await ansible.call("list_playbooks"))["playbooks"]
    assert [(one["path"], one["plays"]) for one in listed if str(project.folder) in one["path"]] == [
        (str(project.folder.parent / book), ["Site (web)"]),
        (str(project.folder.parent / inner), ["import_playbook ../play.yml"]),
    ]


async def test_inventory_and_variables_are_listed(ansible: Ansible, project: Project) -> None:
    project.write("group_vars/web.yml", "port: 8080\nadmin_password: abc\n")
    where = {"inventory": project.hosts}
    listed = await ansible.call("list_inventory", **where, pattern="web")
    shown = await ansible.call("get_host_vars", host="web1", **where)
    group = await ansible.server.call("get_host_vars", host="web", **where)
    assert [(host["name"], host["groups"]) for host in listed["hosts"]] == [("web1", ["web"]), ("web2", ["web"])]
    assert (shown["variables"]["port"], shown["variables"]["admin_password"]) == (8080, "«redacted»")
    assert error(group)["kind"] == "invalid_input"


async def test_facts_are_filtered(ansible: Ansible, project: Project) -> None:
    given = {"pattern": "db1", "inventory": project.hosts, "filter": ["ansible_system", "env"]}
    found = await ansible.call("gather_facts", **given)
    assert found["facts"] == {"db1": {"ansible_system": "Linux"}}


async def test_the_log_of_a_run_is_read_by_host_and_task(ansible: Ansible, project: Project) -> None:
    ran = await ansible.play(
        project, "{name: one, command: echo first}", "{name: two, fail: {msg: no}}", hosts="web", verbosity=2
    )
    run = {"run_id": ran["run_id"]}
    one = await ansible.call("get_run", **run, host="web1", task="ONE")
    bad = await ansible.call("get_run", **run, problems_only=True, limit=1)
    listed = (await ansible.call("list_runs"))["runs"][0]
    unknown = await ansible.server.call("get_run", run_id="../../etc/passwd")
    assert [(entry["host"], entry["stdout"]) for entry in one["entries"]] == [("web1", "first")]
    assert (bad["page"]["total"], bad["page"]["next_offset"], bad["entries"][0]["task"]) == (2, 1, "two")
    assert (listed["run_id"], listed["status"]) == (ran["run_id"], "failed")
    assert error(unknown)["kind"] == "invalid_input"
