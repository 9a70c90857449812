"""A run is told per host: what failed, what was ignored, rescued or changed, and where it is written."""

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from support.ansible import Ansible, Project, new_project
from support.answers import data, error
from support.sshd import free_port

pytestmark = pytest.mark.anyio

SITE = """
- name: Site
  hosts: web
  gather_facts: false
  vars_files: [vaulted.yml]
  roles: [{role: base, tags: [base]}]
  tasks:
    - name: ignored one
      command: /bin/sh -c 'echo why >&2; exit 4'
      ignore_errors: true
    - name: risky
      block:
        - name: rescued one
          command: /bin/sh -c 'exit 5'
      rescue:
        - name: rescue
          debug: {msg: saved}
      always:
        - name: vaulted
          shell: test "{{ vaulted }}" = "canary-vaulted" && echo "it is {{ vaulted }}"
    - name: loop
      command: test {{ item }} != b
      loop: [a, b, c]
      when: inventory_hostname == 'web2'
- {name: Nobody, hosts: nobody, tasks: []}
"""
ROLE = """
- name: write
  copy: {content: "hello\\n", dest: "{{ out }}/{{ inventory_hostname }}"}
  notify: restart
"""


@pytest.fixture(scope="module")
def site(lab: Path) -> Project:
    """A playbook with a role, a handler, a loop, a block with rescue and a vaulted file; a third host is dead."""
    project = new_project(lab)
    project.write("hosts", f"{(project.folder / 'hosts').read_text()}\n[web]\ngone ansible_connection=ssh\n")
    project.write("host_vars/gone.yml", f"{{ansible_host: 127.0.0.1, ansible_port: {free_port()}}}")
    project.write("password", "the-vault-password")
    vaulted = project.folder / "roles/base/../../vaulted.yml"
    project.write("roles/base/tasks/main.yml", ROLE)
    project.write("roles/base/handlers/main.yml", "- name: restart\n  command: echo restarted\n")
    project.write("vaulted.yml", "vaulted: canary-vaulted\n")
    program = Path(sys.executable).with_name("ansible-vault")
    words = [str(program), "encrypt", str(vaulted), "--vault-password-file", str(project.folder / "password")]
    subprocess.run(words, check=True, capture_output=True, stdin=subprocess.DEVNULL)
    # Found by ansible.cfg, as the users of Ansible have it.
    project.write("ansible.cfg", "[defaults]\nvault_password_file = password\n")
    project.write("site.yml", SITE)
    return project


def arguments(site: Project, **more: Any) -> dict[str, Any]:
    names = {"playbook": f"{site.folder}/site.yml", "inventory": site.hosts}
    return {**names, "extra_vars": {"out": str(site.folder)}, **more}


@pytest.fixture(scope="module")
async def ran(ansible: Ansible, site: Project) -> dict[str, Any]:
    """The answer of one run of the site."""
    result = await ansible.server.call("run_playbook", **arguments(site))
    assert result.is_error
    return data(result)


async def test_a_run_that_fails_somewhere_says_so(ran: dict[str, Any]) -> None:
    assert (ran["status"], ran["check_mode"]) == ("failed", False)
    assert ran["exit_status"] > 0


async def test_a_play_that_matched_nobody_is_named(ran: dict[str, Any]) -> None:
    assert ran["unmatched_plays"] == ["Nobody"]
    assert any("nobody" in warning for warning in ran["warnings"])


async def test_an_unreachable_host_is_no_failed_one(ran: dict[str, Any]) -> None:
    [unreachable] = ran["unreachable"]
    assert (unreachable["hosts"], unreachable["task"]) == (["gone"], "base : write")
    assert ran["hosts"]["gone"] == {"unreachable": 1}
    assert [host for failure in ran["failures"] for host in failure["hosts"]] == ["web2"]


async def test_a_failing_loop_is_one_failure_with_its_first_bad_item_and_line(
    ran: dict[str, Any], site: Project
) -> None:
    [failure] = ran["failures"]
    assert (failure["hosts"], failure["task"], failure["action"]) == (["web2"], "loop", "command")
    assert (failure["path"], failure["rc"]) == (f"{site.folder}/site.yml:21", 1)
    assert failure["items"] == "1 of 3 items failed, first: b"
    assert ran["hosts"]["web2"]["failed"] == 1
    assert "failed" not in ran["hosts"]["web1"]


async def test_ignored_failures_are_apart_and_hosts_that_fail_alike_together(ran: dict[str, Any]) -> None:
    [ignored] = ran["ignored"]
    assert sorted(ignored["hosts"]) == ["web1", "web2"]
    assert (ignored["task"], ignored["rc"], ignored["stderr"]) == ("ignored one", 4, "why")
    assert ran["hosts"]["web1"]["ignored"] == 1


async def test_rescued_failures_are_apart(ran: dict[str, Any]) -> None:
    [rescued] = ran["rescued"]
    assert (sorted(rescued["hosts"]), rescued["task"], rescued["rc"]) == (["web1", "web2"], "rescued one", 5)
    assert ran["hosts"]["web1"]["rescued"] == 1


async def test_what_changed_is_told_with_role_and_handler_and_what_went_well_only_counted(
    ran: dict[str, Any], site: Project
) -> None:
    changed = {change["task"]: sorted(change["hosts"]) for change in ran["changed"]}
    assert changed["base : write"] == ["web1", "web2"]
    assert changed["base : restart"] == ["web1"]
    assert (site.folder / "web1").read_text() == "hello\n"
    assert "rescue" not in changed
    assert "saved" not in str(ran)
    assert ran["hosts"]["web1"]["ok"] == 5


async def test_a_vaulted_file_is_read_and_masked(ansible: Ansible, ran: dict[str, Any]) -> None:
    log = await ansible.call("get_run", run_id=ran["run_id"], task="vaulted")
    assert [entry["stdout"] for entry in log["entries"]] == ["it is «redacted»"] * 2


async def test_check_mode_changes_nothing_and_shows_the_diff(ansible: Ansible, site: Project) -> None:
    (site.folder / "web1").unlink(missing_ok=True)
    predicted = await ansible.call(
        "run_playbook", **arguments(site, limit="web1", tags=["base"], check=True, diff=True)
    )
    assert (predicted["check_mode"], list(predicted["hosts"])) == (True, ["web1"])
    [written] = [change for change in predicted["changed"] if change["task"] == "base : write"]
    assert "+hello" in written["diff"]
    assert not (site.folder / "web1").exists()


async def test_forty_hosts_that_fail_alike_are_one_failure(ansible: Ansible, project: Project) -> None:
    many = project.inventory("many", many=[f"host{number:02}" for number in range(40)])
    ran = await ansible.play(project, "{name: no, fail: {msg: same}}", hosts="many", inventory=many, forks=20)
    [failure] = ran["failures"]
    assert (len(failure["hosts"]), failure["msg"]) == (40, "same")
    assert len(ran["hosts"]) == 40


async def test_tags_choose_tasks_and_progress_tells_task_and_hosts(ansible: Ansible, project: Project) -> None:
    tagged = ("{name: one, debug: {msg: x}, tags: [a]}", "{name: two, debug: {msg: x}, tags: [a]}")
    others = ("{name: three, fail: {msg: x}, tags: [b]}", "{name: four, fail: {msg: x}, tags: [a, c]}")
    book = project.play(*tagged, *others, hosts="web")
    told: list[str | None] = []

    async def hear(progress: float, total: float | None, message: str | None) -> None:
        told.append(message)

    given = {"playbook": book, "inventory": project.hosts, "tags": ["a"], "skip_tags": ["c"]}
    result = await ansible.server.client.call_tool("run_playbook", given, progress_callback=hear)
    assert data(result)["hosts"] == {"web1": {"ok": 2}, "web2": {"ok": 2}}
    assert "task 1/2 one" in told
    assert {"task 2/2 two: web1 ok, web2 ok", "task 2/2 two: web2 ok, web1 ok"} & set(told)


async def test_arguments_are_text_and_never_templates(ansible: Ansible, project: Project) -> None:
    trap = "{{ lookup('pipe', 'touch " + str(project.folder / "trapped") + "') }}\U0001f600\x7f"
    ran = await ansible.play(project, "fail: {msg: '{{ given }}'}", extra_vars={"given": trap})
    adhoc = {"pattern": "db", "module": "debug", "args": {"msg": trap}, "inventory": project.hosts}
    said = await ansible.call("run_adhoc", **adhoc)
    plain = await ansible.call("run_adhoc", **adhoc | {"module": "command", "args": "false"})
    assert plain["results"][0]["rc"] == 1, "the program, not the boolean"
    assert "lookup('pipe'" in ran["failures"][0]["msg"]
    assert "lookup('pipe'" in said["results"][0]["msg"]
    assert not (project.folder / "trapped").exists()


async def test_adhoc_groups_hosts_with_the_same_answer(ansible: Ansible, project: Project) -> None:
    given = {"pattern": "web", "module": "command", "args": "echo hi", "inventory": project.hosts}
    [said] = (await ansible.call("run_adhoc", **given))["results"]
    assert (sorted(said["hosts"]), said["stdout"], said["rc"]) == (["web1", "web2"], "hi", 0)


async def test_a_result_of_nearly_a_megabyte_is_cut_and_kept_whole(ansible: Ansible, project: Project) -> None:
    given = {"pattern": "db", "module": "shell", "args": "printf '%900000s' x; exit 3", "inventory": project.hosts}
    ran = await ansible.call("run_adhoc", **given)
    [said] = ran["results"]
    rest = await ansible.call("read_output", output_id=said["output_id"])
    assert (said["rc"], ran["status"], len(said["stdout"]) < 3000) == (3, "failed", True)
    assert rest["total"] > 900_000


async def test_a_result_beyond_all_bounds_is_marked_as_dropped(ansible: Ansible, project: Project) -> None:
    task = "{name: huge, shell: \"head -c 10100000 /dev/zero | tr '\\\\0' x; exit 3\"}"
    ran = await ansible.play(project, task)
    [failure] = ran["failures"]
    assert (failure["task"], failure["result_dropped"], ran["status"]) == ("huge", True, "failed")


async def test_the_same_playbook_does_not_run_twice_at_once(ansible: Ansible, project: Project) -> None:
    book = project.play(f"wait_for: {{path: '{project.folder}/go', timeout: 60, sleep: 1}}")
    given = {"playbook": book, "inventory": project.hosts}
    first, second = (asyncio.create_task(ansible.server.call("run_playbook", **given)) for _ in range(2))
    [refused], _ = await asyncio.wait([first, second], return_when=asyncio.FIRST_COMPLETED)
    assert error(refused.result())["kind"] == "conflict"
    (project.folder / "go").touch()
    ended = [data(end)["status"] for end in await asyncio.gather(first, second) if not end.is_error]
    assert ended == ["successful"]
