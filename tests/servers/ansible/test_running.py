"""A run is told per host: what failed, what was ignored, rescued or changed, and where it is written."""

from typing import Any

import pytest

from support.answers import data, error

pytestmark = pytest.mark.anyio

SITE = """
- name: Site
  hosts: web
  gather_facts: false
  roles: [base]
  tasks:
    - name: ignored one
      command: /bin/sh -c 'exit 4'
      ignore_errors: true
    - name: risky
      block:
        - name: rescued one
          command: /bin/sh -c 'exit 5'
      rescue:
        - name: rescue
          debug: {msg: saved}
    - name: loop
      command: test {{ item }} != b
      loop: [a, b, c]
      when: inventory_hostname == 'web2'
"""
ROLE = """
- name: write
  copy: {content: "hello\\n", dest: "{{ out }}/{{ inventory_hostname }}"}
  notify: restart
"""


@pytest.fixture
def site(project: Any) -> str:
    project.write("roles/base/tasks/main.yml", ROLE)
    project.write("roles/base/handlers/main.yml", "- name: restart\n  command: echo restarted\n")
    name: str = project.write("site.yml", SITE)
    return name


async def test_failed_ignored_rescued_and_changed_are_told_apart(ansible: Any, project: Any, site: str) -> None:
    extra = {"out": str(project.folder)}
    async with ansible() as server:
        result = await server.call("run_playbook", playbook=site, inventory="hosts", extra_vars=extra)
    ran = data(result)
    assert result.is_error
    assert (ran["status"], ran["exit_status"], ran["check_mode"]) == ("failed", 2, False)
    [failure] = ran["failures"]
    assert (failure["hosts"], failure["task"], failure["path"]) == (["web2"], "loop", f"{project.folder}/site.yml:17")
    assert failure["items"] == "1 of 3 items failed, first: b"
    [ignored], [rescued] = ran["ignored"], ran["rescued"]
    assert (sorted(ignored["hosts"]), ignored["rc"]) == (["web1", "web2"], 4)
    assert (sorted(rescued["hosts"]), rescued["rc"]) == (["web1", "web2"], 5)
    assert ran["unreachable"] == []
    assert ran["hosts"]["web2"]["failed"] == 1
    assert "failed" not in ran["hosts"]["web1"]
    assert {change["task"] for change in ran["changed"]} >= {"base : write"}
    assert (project.folder / "web1").read_text() == "hello\n"


async def test_check_mode_changes_nothing_and_shows_the_diff(ansible: Any, project: Any, site: str) -> None:
    extra = {"out": str(project.folder)}
    given = {"playbook": site, "inventory": "hosts", "limit": "web1", "extra_vars": extra}
    async with ansible() as server:
        ran = data(await server.call("run_playbook", **given, check=True, diff=True))
    assert ran["check_mode"] is True
    [written] = [change for change in ran["changed"] if change["task"] == "base : write"]
    assert "+hello" in written["diff"]
    assert not (project.folder / "web1").exists()


async def test_forty_hosts_that_fail_alike_are_one_failure(ansible: Any, project: Any) -> None:
    project.inventory("many", many=[f"host{number:02}" for number in range(40)])
    play = "- hosts: many\n  gather_facts: false\n  tasks:\n    - {name: no, fail: {msg: same}}\n"
    book = project.write("play.yml", play)
    async with ansible() as server:
        ran = data(await server.call("run_playbook", playbook=book, inventory="many", forks=10))
    [failure] = ran["failures"]
    assert (len(failure["hosts"]), failure["msg"]) == (40, "same")
    assert len(ran["hosts"]) == 40


async def test_progress_tells_task_and_hosts(ansible: Any, project: Any) -> None:
    tasks = "    - {name: one, debug: {msg: x}}\n    - {name: two, debug: {msg: x}}\n"
    book = project.write("play.yml", f"- hosts: web\n  gather_facts: false\n  tasks:\n{tasks}")
    told: list[str] = []

    async def hear(_done: float, _total: float | None, message: str | None) -> None:
        told.append(message or "")

    async with ansible() as server:
        await server.client.call_tool("run_playbook", {"playbook": book, "inventory": "hosts"}, progress_callback=hear)
    assert "task 1/2 one" in told
    assert {"task 2/2 two: web1 ok, web2 ok", "task 2/2 two: web2 ok, web1 ok"} & set(told)


async def test_arguments_are_text_and_never_templates(ansible: Any, project: Any) -> None:
    book = project.write("play.yml", "- hosts: db\n  gather_facts: false\n  tasks:\n    - fail: {msg: '{{ given }}'}\n")
    trap = "{{ lookup('pipe', 'touch " + str(project.folder / "trapped") + "') }}\U0001f600\x7f"
    async with ansible() as server:
        given = {"playbook": book, "inventory": "hosts", "extra_vars": {"given": trap}}
        ran = data(await server.call("run_playbook", **given))
        adhoc = {"pattern": "db", "module": "debug", "args": {"msg": trap}, "inventory": "hosts"}
        said = data(await server.call("run_adhoc", **adhoc))
    assert "lookup('pipe'" in ran["failures"][0]["msg"]
    assert "lookup('pipe'" in said["results"][0]["msg"]
    assert not (project.folder / "trapped").exists()


async def test_adhoc_groups_hosts_with_the_same_answer(ansible: Any) -> None:
    async with ansible() as server:
        ran = data(await server.call("run_adhoc", pattern="web", module="command", args="echo hi", inventory="hosts"))
    [said] = ran["results"]
    assert (sorted(said["hosts"]), said["stdout"], said["rc"]) == (["web1", "web2"], "hi", 0)


async def test_a_large_result_is_cut_and_kept_whole(ansible: Any) -> None:
    args = "printf '%900000s' x; exit 3"
    async with ansible() as server:
        ran = data(await server.call("run_adhoc", pattern="db", module="shell", args=args, inventory="hosts"))
        [said] = ran["results"]
        rest = data(await server.call("read_output", output_id=said["output_id"]))
    assert (said["rc"], ran["status"]) == (3, "failed")
    assert len(said["stdout"]) < 3000
    assert rest["total"] > 900_000


async def test_the_same_playbook_does_not_run_twice_at_once(ansible: Any, project: Any) -> None:
    import anyio

    book = project.write("play.yml", "- hosts: db\n  gather_facts: false\n  tasks:\n    - command: sleep 3\n")
    ends: list[Any] = []
    async with ansible() as server, anyio.create_task_group() as group:

        async def run() -> None:
            ends.append(await server.call("run_playbook", playbook=book, inventory="hosts"))

        group.start_soon(run)
        group.start_soon(run)
    refused, ran = sorted(ends, key=lambda end: end.structured_content is not None)
    assert error(refused)["kind"] == "conflict"
    assert data(ran)["status"] == "successful"
