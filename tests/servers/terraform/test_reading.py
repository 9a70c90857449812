"""What plans, states and configurations are told to be: small first, the rest by pages."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import pytest

from support.answers import data, error
from support.terraform import Project, StartTerraform, Watched

pytestmark = pytest.mark.anyio

# terraform plans a thousand resources of one block in a minute, of twenty module instances in seconds.
THOUSAND = """
module "rack" {
  source   = "./rack"
  for_each = toset([for number in range(20) : tostring(number)])
}
"""
RACK = """
resource "terraform_data" "unit" {
  for_each = toset([for number in range(50) : tostring(number)])
  input    = "value ${each.key}"
}
"""
CHANGING = """
resource "terraform_data" "updated" {
  input = { size = SIZE, tags = ["a", "b"], kept = "same" }
}
resource "terraform_data" "replaced" {
  triggers_replace = { image = "debian-SIZE" }
}
"""


async def test_a_thousand_resources_are_summarised_and_paged_in_bounded_answers(
    terraform: StartTerraform, project: Project
) -> None:
    project.write(THOUSAND).write(RACK, "rack/main.tf")
    seen: list[str] = []
    async with terraform() as server:
        data(await server.call("init", directory="lab"))
        plan = await server.call("plan", directory="lab")
        offset: int | None = 0
        while offset is not None:
            page = data(await server.call("show_plan", directory="lab", offset=offset, limit=400))
            seen += [change["address"] for change in page["changes"]]
            offset = page["page"].get("next_offset")
        one = data(await server.call("show_plan", directory="lab", address='["7"].terraform_data.unit["49"]'))
        none = data(await server.call("show_plan", directory="lab", action="delete"))
    assert data(plan)["counts"] == {"create": 1000}
    assert len(data(plan)["changes"]) == 10
    assert len(plan.model_dump_json()) < 10_000
    assert len(set(seen)) == len(seen) == 1000
    assert [change["address"] for change in one["changes"]] == ['module.rack["7"].terraform_data.unit["49"]']
    assert none["page"]["total"] == 0


async def test_a_change_is_told_by_attribute_and_a_replacement_by_what_forces_it(
    terraform: StartTerraform, project: Project
) -> None:
    project.write(CHANGING.replace("SIZE", "1"))
    async with terraform() as server:
        data(await server.call("plan", directory="lab"))
        data(await server.call("apply", directory="lab", confirmed=True))
        project.write(CHANGING.replace("SIZE", "2") + 'resource "terraform_data" "added" {}')
        plan = data(await server.call("plan", directory="lab"))
    told = {change["address"].split(".")[1]: change for change in plan["changes"]}
    assert plan["counts"] == {"create": 1, "update": 1, "replace": 1}
    assert told["updated"]["attributes"][0] == {"path": "input.size", "before": 1, "after": 2}
    assert [item["path"] for item in told["updated"]["attributes"]] == ["input.size", "output"]
    image = {"before": "debian-1", "after": "debian-2", "forces_replacement": True}
    assert told["replaced"]["attributes"][0] == {"path": "triggers_replace.image", **image}
    assert plan["risks"] == [
        {
            "address": "terraform_data.replaced",
            "action": "replace",
            "stateful": False,
            "forced_by": ["triggers_replace"],
            "reason": "replace_because_cannot_update",
        }
    ]


async def test_moves_imports_and_removals_are_told_as_what_they_are(
    terraform: StartTerraform, project: Project
) -> None:
    project.write('resource "terraform_data" "old" {}\nresource "terraform_data" "unmanaged" {}')
    async with terraform() as server:
        data(await server.call("plan", directory="lab"))
        data(await server.call("apply", directory="lab", confirmed=True))
        project.write("""
moved {
  from = terraform_data.old
  to   = terraform_data.new
}
resource "terraform_data" "new" {}
removed {
  from = terraform_data.unmanaged
  lifecycle {
    destroy = false
  }
}
import {
  to = terraform_data.imported
  id = "one"
}
resource "terraform_data" "imported" {}
import {
  to = terraform_data.imported_and_replaced
  id = "two"
}
resource "terraform_data" "imported_and_replaced" {
  triggers_replace = "x"
}
""")
        plan = data(await server.call("plan", directory="lab"))
    actions = {change["address"].split(".")[1]: change["action"] for change in plan["changes"]}
    assert actions == {
        "new": "move",
        "unmanaged": "forget",
        "imported": "import",
        "imported_and_replaced": "replace",
    }
    assert {risk["address"].split(".")[1] for risk in plan["risks"]} == {"unmanaged", "imported_and_replaced"}


async def test_resources_that_hold_data_lead_the_risks(
    terraform: StartTerraform, project: Project, watched: Watched
) -> None:
    """No provider with databases is here, so one resource is renamed to such a type on its way out of terraform."""
    project.write('resource "terraform_data" "a" {}\nresource "terraform_data" "b" {}')
    watched.replacing('"type":"terraform_data","name":"b"', '"type":"aws_db_instance","name":"b"')
    async with terraform(env={"TERRAFORM_MCP_BIN": str(watched.path)}) as server:
        data(await server.call("plan", directory="lab"))
        data(await server.call("apply", directory="lab", confirmed=True))
        plan = data(await server.call("plan", directory="lab", destroy=True))
    assert [(risk["address"], risk["stateful"]) for risk in plan["risks"]] == [
        ("terraform_data.b", True),
        ("terraform_data.a", False),
    ]


async def test_drift_is_told_as_the_state_has_it_and_as_it_is(
    terraform: StartTerraform, project: Project, watched: Watched
) -> None:
    """Nothing that terraform builds in can drift, so a planned change is passed off as a drifted one."""
    project.write(CHANGING.replace("SIZE", "1"))
    async with terraform(env={"TERRAFORM_MCP_BIN": str(watched.path)}) as server:
        data(await server.call("plan", directory="lab"))
        data(await server.call("apply", directory="lab", confirmed=True))
        in_sync = data(await server.call("detect_drift", directory="lab"))
        watched.replacing('"resource_changes":', '"resource_drift":').refreshing_as_plan()
        project.write(CHANGING.replace("SIZE", "2"))
        drift = data(await server.call("detect_drift", directory="lab"))
    assert (in_sync["in_sync"], in_sync["drifted"]) == (True, [])
    assert drift["in_sync"] is False
    updated = next(change for change in drift["drifted"] if change["address"] == "terraform_data.updated")
    assert updated["attributes"][0] == {"path": "input.size", "before": 1, "after": 2}


async def test_the_state_is_shown_listed_and_filtered(terraform: StartTerraform, project: Project) -> None:
    project.write(CHANGING.replace("SIZE", "1") + 'output "size" {\n  value = terraform_data.updated.output.size\n}')
    project.write('module "rack" {\n  source = "./rack"\n}', "rack.tf").write(RACK.replace("50", "3"), "rack/main.tf")
    async with terraform() as server:
        before = data(await server.call("state_list", directory="lab"))
        data(await server.call("init", directory="lab"))
        data(await server.call("plan", directory="lab"))
        data(await server.call("apply", directory="lab", confirmed=True))
        listed = data(await server.call("state_list", directory="lab"))
        part = data(await server.call("show", directory="lab", address="module.rack", limit=2))
        one = data(await server.call("state_show", directory="lab", address="terraform_data.updated"))
        missing = error(await server.call("state_show", directory="lab", address="terraform_data.update"))
        output = data(await server.call("output", directory="lab", name="size"))
        no_output = error(await server.call("output", directory="lab", name="sise"))
    units = [f'module.rack.terraform_data.unit["{number}"]' for number in range(3)]
    assert before["addresses"] == []
    assert listed["addresses"] == ["terraform_data.replaced", "terraform_data.updated", *units]
    assert [item["address"] for item in part["resources"]] == units[:2]
    assert (part["types"], part["page"]["next_offset"], part["outputs"]) == ({"terraform_data": 3}, 2, ["size"])
    assert one["attributes"]["input"] == {"size": 1, "tags": ["a", "b"], "kept": "same"}
    assert output["outputs"] == {"size": {"value": 1, "sensitive": False}}
    assert missing["kind"] == no_output["kind"] == "not_found"


async def test_workspaces_keep_their_states_apart(terraform: StartTerraform, project: Project) -> None:
    project.write('resource "terraform_data" "one" {\n  input = terraform.workspace\n}')
    async with terraform() as server:
        unknown = error(await server.call("select_workspace", directory="lab", name="staging"))
        data(await server.call("plan", directory="lab"))
        data(await server.call("apply", directory="lab", confirmed=True))
        made = data(await server.call("select_workspace", directory="lab", name="staging", create=True))
        listed = data(await server.call("list_workspaces", directory="lab"))
        shown = data(await server.call("show", directory="lab"))
        plan = data(await server.call("plan", directory="lab"))
        back = data(await server.call("select_workspace", directory="lab", name="default"))
    assert unknown["kind"] == "not_found"
    assert (made["workspace"], made["previous"]) == ("staging", "default")
    assert (listed["current"], listed["workspaces"]) == ("staging", ["default", "staging"])
    assert shown["page"]["total"] == 0
    assert (plan["workspace"], plan["changes"][0]["attributes"][0]["after"]) == ("staging", "staging")
    assert back["workspace"] == "default"


async def test_formatting_is_checked_and_written_only_when_asked(terraform: StartTerraform, project: Project) -> None:
    untidy = 'resource "terraform_data" "one" {\n      input="x"\n}\n'
    project.write(untidy).write(untidy, "inner/main.tf")
    async with terraform() as server:
        checked = data(await server.call("fmt", directory="lab"))
        untouched = (project.folder / "main.tf").read_text()
        written = data(await server.call("fmt", directory="lab", write=True, recursive=True))
        again = data(await server.call("fmt", directory="lab", recursive=True))
    assert (checked["files"], checked["written"], untouched) == (["main.tf"], False, untidy)
    assert (sorted(written["files"]), written["written"]) == (["inner/main.tf", "main.tf"], True)
    assert again["files"] == []


async def test_a_sound_configuration_is_valid_and_its_providers_are_listed(
    terraform: StartTerraform, project: Project
) -> None:
    project.write(CHANGING.replace("SIZE", "1"))
    async with terraform() as server:
        ready = data(await server.call("init", directory="lab"))
        validation = data(await server.call("validate", directory="lab"))
        providers = data(await server.call("providers", directory="lab"))
    assert (validation["valid"], validation["diagnostics"]) == (True, [])
    assert any("terraform.io/builtin/terraform" in line for line in providers["required"])
    assert ready["terraform_version"] == providers["terraform_version"]


@pytest.mark.parametrize(
    ("flags", "dropped"),
    [
        (["--read-only"], {"init", "change_backend", "fmt", "apply", "destroy", "force_unlock", "select_workspace"}),
        (["--no-destructive"], {"change_backend", "apply", "destroy", "force_unlock"}),
    ],
)
async def test_a_limited_server_still_plans_but_does_not_offer_what_changes(
    terraform: StartTerraform, project: Project, flags: list[str], dropped: set[str]
) -> None:
    project.write(CHANGING.replace("SIZE", "1"))
    async with terraform() as server:
        everything = {tool.name for tool in (await server.client.list_tools()).tools}
    async with terraform(*flags) as server:
        offered = {tool.name for tool in (await server.client.list_tools()).tools}
        plan = data(await server.call("plan", directory="lab"))
        refused: list[dict[str, Any]] = [
            error(await server.call(name, directory="lab", confirmed=True)) for name in ("apply", "destroy")
        ]
    assert everything - offered == dropped
    assert plan["counts"] == {"create": 2}
    assert {item["kind"] for item in refused} == {"refused"}
    assert project.applied == set()


async def test_two_servers_in_one_process_keep_to_their_own_environment(
    terraform: StartTerraform, make_project: Callable[[str], Project], home: Path
) -> None:
    plans: dict[str, dict[str, Any]] = {}

    async def plan(name: str, other: str) -> None:
        async with terraform(env={"TERRAFORM_MCP_ROOTS": str(home / name), "TF_VAR_name": name}) as server:
            plans[name] = data(await server.call("plan", directory="."))
            assert error(await server.call("plan", directory=str(home / other)))["kind"] == "refused"

    for name in ("one", "two"):
        make_project(name).write('variable "name" {}\nresource "terraform_data" "x" {\n  input = var.name\n}')
    async with anyio.create_task_group() as group:
        group.start_soon(plan, "one", "two")
        group.start_soon(plan, "two", "one")
    planned = {name: (plan["directory"], plan["changes"][0]["attributes"][0]["after"]) for name, plan in plans.items()}
    assert planned == {name: (str(home / name), name) for name in ("one", "two")}
