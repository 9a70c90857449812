"""What was planned and shown is what is applied; everything else is refused, and nothing changes without consent."""

from collections.abc import Callable
from typing import Any

import pytest

from support.answers import data, error
from support.terraform import Project, StartTerraform

pytestmark = pytest.mark.anyio

TWO = """
resource "terraform_data" "one" {
  input = "first"
}
resource "terraform_data" "many" {
  for_each = toset(["a", "b"])
  input    = each.key
}
output "first" {
  value = terraform_data.one.output
}
"""


async def test_the_state_after_apply_is_what_the_plan_showed(terraform: StartTerraform, project: Project) -> None:
    project.write(TWO)
    async with terraform() as server:
        plan = data(await server.call("plan", directory="lab"))
        applied = data(await server.call("apply", directory="lab", confirmed=True))
        shown = data(await server.call("show", directory="lab"))
    assert plan["counts"] == {"create": 3}
    assert applied["plan_id"] == plan["plan_id"]
    assert (applied["status"], applied["counts"], applied["state"]) == ("applied", {"create": 3}, "saved")
    assert applied["outputs"] == {"first": "first"}
    assert {change["address"] for change in plan["changes"]} == set(applied["applied"]) == project.applied
    planned = {change["address"]: change["attributes"][0]["after"] for change in plan["changes"]}
    assert {item["address"]: item["attributes"]["input"] for item in shown["resources"]} == planned


async def test_apply_that_nobody_has_seen_a_plan_for_shows_one_and_changes_nothing(
    terraform: StartTerraform, project: Project
) -> None:
    project.write(TWO)
    async with terraform() as server:
        first = data(await server.call("apply", directory="lab", confirmed=True))
        untouched = project.applied
        second = data(await server.call("apply", directory="lab", **first["confirm_with"]))
    assert (first["confirmed"], first["now"]["counts"], untouched) == (False, {"create": 3}, set())
    assert (second["status"], second["plan_id"]) == ("applied", first["now"]["plan_id"])


@pytest.mark.parametrize("tool", ["apply", "destroy"])
async def test_without_consent_there_is_only_a_preview(terraform: StartTerraform, project: Project, tool: str) -> None:
    project.write(TWO)
    async with terraform() as server:
        await server.call("apply", directory="lab", confirmed=True)
        await server.call("apply", directory="lab", confirmed=True)
        before = project.state
        project.write(TWO.replace("first", "second"))
        preview = data(await server.call(tool, directory="lab"))
        refused = error(await server.call(tool, directory="lab", confirmed="true"))
        declined = data(await server.call(tool, directory="lab", confirmed=False))
    assert preview["confirm_with"] == declined["confirm_with"]
    assert refused["kind"] == "invalid_input"
    assert project.state == before


async def test_destroy_carries_out_the_destroy_plan_that_it_showed(terraform: StartTerraform, project: Project) -> None:
    project.write(TWO)
    async with terraform() as server:
        await server.call("plan", directory="lab")
        await server.call("apply", directory="lab", confirmed=True)
        preview = data(await server.call("destroy", directory="lab", confirmed=True))
        before = project.applied
        destroyed = data(await server.call("destroy", directory="lab", confirmed=True))
    assert [risk["action"] for risk in preview["now"]["risks"]] == ["delete"] * 3
    assert len(before) == 3
    assert (destroyed["status"], destroyed["counts"]) == ("applied", {"delete": 3})
    assert project.applied == set()


async def test_a_destroy_plan_is_not_applied_by_apply(terraform: StartTerraform, project: Project) -> None:
    project.write(TWO)
    async with terraform() as server:
        await server.call("plan", directory="lab")
        await server.call("apply", directory="lab", confirmed=True)
        plan = data(await server.call("plan", directory="lab", destroy=True))
        named = error(await server.call("apply", directory="lab", plan_id=plan["plan_id"], confirmed=True))
        unnamed = data(await server.call("apply", directory="lab", confirmed=True))
    assert (named["kind"], named["reason"]) == ("plan_refused", "foreign")
    assert unnamed["confirmed"] is False
    assert len(project.applied) == 3


def _change_configuration(project: Project, _other: Project) -> None:
    project.write(TWO.replace("first", "second"))


def _add_a_file(project: Project, _other: Project) -> None:
    project.write('resource "terraform_data" "extra" {}', "extra.tf")


def _change_a_module(project: Project, _other: Project) -> None:
    project.write('resource "terraform_data" "inner" {\n  input = "changed"\n}', "module/main.tf")


def _alter_the_plan(project: Project, _other: Project) -> None:
    (file,) = (project.folder.parent / ".local/state/infra-mcp/terraform/plans").glob("*/plan")
    with file.open("ab") as plan:
        plan.write(b"x")


@pytest.mark.parametrize(
    ("happening", "reason"),
    [
        (_change_configuration, "configuration"),
        (_add_a_file, "configuration"),
        (_change_a_module, "configuration"),
        (_alter_the_plan, "altered"),
    ],
)
async def test_a_plan_overtaken_by_events_is_refused_and_nothing_is_applied(
    terraform: StartTerraform,
    project: Project,
    make_project: Callable[[str], Project],
    happening: Callable[[Project, Project], None],
    reason: str,
) -> None:
    project.write(TWO).write('module "inner" {\n  source = "./module"\n}', "module.tf")
    project.write('resource "terraform_data" "inner" {}', "module/main.tf")
    async with terraform() as server:
        data(await server.call("init", directory="lab"))
        plan = data(await server.call("plan", directory="lab"))
        happening(project, make_project("other"))
        refused = error(await server.call("apply", directory="lab", plan_id=plan["plan_id"], confirmed=True))
        again = data(await server.call("apply", directory="lab", confirmed=True))
    assert (refused["kind"], refused["reason"]) == ("plan_refused", reason)
    assert again["confirmed"] is False
    assert project.applied == set()


async def test_a_plan_of_another_directory_or_workspace_is_refused(
    terraform: StartTerraform, project: Project, make_project: Callable[[str], Project]
) -> None:
    project.write(TWO)
    make_project("other").write(TWO)
    async with terraform() as server:
        plan = data(await server.call("plan", directory="lab"))["plan_id"]
        elsewhere = error(await server.call("apply", directory="other", plan_id=plan, confirmed=True))
        data(await server.call("select_workspace", directory="lab", name="staging", create=True))
        in_workspace = error(await server.call("apply", directory="lab", plan_id=plan, confirmed=True))
        data(await server.call("select_workspace", directory="lab", name="default"))
        applied = data(await server.call("apply", directory="lab", plan_id=plan, confirmed=True))
    assert [refused["reason"] for refused in (elsewhere, in_workspace)] == ["foreign", "foreign"]
    assert applied["status"] == "applied"


async def test_a_plan_is_stale_once_the_state_has_moved_on(terraform: StartTerraform, project: Project) -> None:
    project.write(TWO)
    async with terraform() as server:
        old = data(await server.call("plan", directory="lab"))["plan_id"]
        new = data(await server.call("plan", directory="lab", targets=["terraform_data.one"]))["plan_id"]
        data(await server.call("apply", directory="lab", plan_id=new, confirmed=True))
        refused = error(await server.call("apply", directory="lab", plan_id=old, confirmed=True))
        used = error(await server.call("apply", directory="lab", plan_id=new, confirmed=True))
    assert (refused["kind"], refused["reason"]) == ("plan_refused", "stale")
    assert used["kind"] == "not_found"
    assert project.applied == {"terraform_data.one"}


async def test_an_expired_plan_is_refused(terraform: StartTerraform, project: Project) -> None:
    project.write(TWO)
    async with terraform(env={"TERRAFORM_MCP_PLAN_MINUTES": "0"}) as server:
        plan = data(await server.call("plan", directory="lab"))
        refused = error(await server.call("apply", directory="lab", plan_id=plan["plan_id"], confirmed=True))
    assert (refused["kind"], refused["reason"]) == ("plan_refused", "expired")
    assert project.applied == set()


async def test_a_failed_apply_says_what_was_done_and_where_it_failed(
    terraform: StartTerraform, project: Project
) -> None:
    project.write("""
resource "terraform_data" "good" {}
resource "terraform_data" "bad" {
  depends_on = [terraform_data.good]
  provisioner "local-exec" {
    command = "exit 3"
  }
}
""")
    async with terraform() as server:
        await server.call("plan", directory="lab")
        result = await server.call("apply", directory="lab", confirmed=True)
    failed = data(result)
    assert result.is_error
    assert (failed["status"], failed["applied"], failed["planned"]) == ("failed", ["terraform_data.good"], 2)
    assert failed["failed_resources"] == ["terraform_data.bad"]
    assert [(item["severity"], item["file"], item["line"]) for item in failed["diagnostics"]] == [
        ("error", "main.tf", 5)
    ]


async def test_progress_names_each_resource_while_it_is_applied(terraform: StartTerraform, project: Project) -> None:
    project.write("""
resource "terraform_data" "slow" {
  provisioner "local-exec" {
    command = "sleep 0.5"
  }
}
""")
    said: list[str] = []

    async def listen(progress: float, total: float | None, message: str | None) -> None:
        said.append(message or "")

    async with terraform() as server:
        await server.call("plan", directory="lab")
        arguments: dict[str, Any] = {"directory": "lab", "confirmed": True}
        await server.client.call_tool("apply", arguments, progress_callback=listen)
    assert [message.split(":")[0] for message in said] == ["terraform_data.slow", "terraform_data.slow"]
    assert said[-1].endswith("(1 of 1)")
