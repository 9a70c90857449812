"""What can be known without running anything, and what is known of what ran."""

from typing import Any

import pytest

from support.answers import data, error

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


async def test_a_playbook_is_checked_without_running(ansible: Any, project: Any) -> None:
    book = project.write("play.yml", PLAY)
    async with ansible() as server:
        checked = data(await server.call("check_playbook", playbook=book, inventory="hosts"))
        tagged = data(await server.call("list_tasks", playbook=book, inventory="hosts", tags=["talk"]))
        listed = data(await server.call("list_playbooks"))
        assert data(await server.call("list_runs"))["runs"] == []
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
    assert [(found["path"], found["plays"]) for found in listed["playbooks"]] == [
        (str(project.folder / "play.yml"), ["Site (web)"])
    ]


async def test_inventory_and_variables_are_listed(ansible: Any, project: Any) -> None:
    project.write("group_vars/web.yml", "port: 8080\nadmin_password: abc\n")
    async with ansible() as server:
        listed = data(await server.call("list_inventory", inventory="hosts", pattern="web"))
        shown = data(await server.call("get_host_vars", host="web1", inventory="hosts"))
        group = await server.call("get_host_vars", host="web", inventory="hosts")
    assert [(host["name"], host["groups"]) for host in listed["hosts"]] == [("web1", ["web"]), ("web2", ["web"])]
    assert (shown["variables"]["port"], shown["variables"]["admin_password"]) == (8080, "«redacted»")
    assert error(group)["kind"] == "invalid_input"


async def test_facts_are_filtered(ansible: Any) -> None:
    async with ansible() as server:
        given = {"pattern": "db1", "inventory": "hosts", "filter": ["ansible_system", "env"]}
        found = data(await server.call("gather_facts", **given))
    assert found["facts"] == {"db1": {"ansible_system": "Linux"}}


async def test_the_log_of_a_run_is_read_by_host_and_task(ansible: Any, project: Any) -> None:
    tasks = "    - {name: one, command: echo first}\n    - {name: two, fail: {msg: no}}\n"
    book = project.write("play.yml", f"- hosts: web\n  gather_facts: false\n  tasks:\n{tasks}")
    async with ansible() as server:
        ran = data(await server.call("run_playbook", playbook=book, inventory="hosts"))
        one = data(await server.call("get_run", run_id=ran["run_id"], host="web1", task="ONE"))
        bad = data(await server.call("get_run", run_id=ran["run_id"], problems_only=True, limit=1))
        [listed] = data(await server.call("list_runs"))["runs"]
        unknown = await server.call("get_run", run_id="../../etc/passwd")
    assert [(entry["host"], entry["stdout"]) for entry in one["entries"]] == [("web1", "first")]
    assert (bad["page"]["total"], bad["page"]["next_offset"], bad["entries"][0]["task"]) == (2, 1, "two")
    assert (listed["run_id"], listed["status"]) == (ran["run_id"], "failed")
    assert error(unknown)["kind"] == "invalid_input"
