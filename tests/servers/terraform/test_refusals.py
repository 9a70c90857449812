"""What can't be done is refused with the reason and what to do next, and nothing is changed."""

import json
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import pytest

from support.answers import data, error
from support.terraform import Backend, Project, StartTerraform
from support.tools import require, wait_for

pytestmark = pytest.mark.anyio

ONE = 'resource "terraform_data" "one" {\n  input = "first"\n}\n'
TOOLS: dict[str, dict[str, Any]] = {
    "init": {},
    "change_backend": {"state": "migrate", "confirmed": True},
    "validate": {},
    "fmt": {"write": True},
    "providers": {},
    "plan": {},
    "show_plan": {},
    "detect_drift": {},
    "apply": {"confirmed": True},
    "destroy": {"confirmed": True},
    "show": {},
    "state_list": {},
    "state_show": {"address": "terraform_data.one"},
    "output": {},
    "force_unlock": {"lock_id": "1", "confirmed": True},
    "list_workspaces": {},
    "select_workspace": {"name": "default"},
}


@pytest.mark.promise("paths-lie-inside-the-folders")
async def test_every_tool_takes_a_directory_and_keeps_to_the_roots(
    terraform: StartTerraform, project: Project, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "main.tf").write_text("x   = 1")
    (project.folder / "link").symlink_to(outside)
    async with terraform() as server:
        tools = {tool.name for tool in (await server.client.list_tools()).tools}
        assert tools == set(TOOLS)
        for directory in (str(outside), "lab/link", "../outside", "lab/../../outside"):
            for tool, arguments in TOOLS.items():
                refused = error(await server.call(tool, directory=directory, **arguments))
                assert refused["kind"] == "refused", (tool, directory)
        kinds = {error(await server.call("plan", directory=name))["kind"] for name in ("nowhere", "lab/main.tf")}
        empty = error(await server.call("plan", directory=""))["kind"]
    assert kinds == {"not_found"}
    assert empty == "invalid_input"
    assert [path.name for path in outside.iterdir()] == ["main.tf"]
    assert (outside / "main.tf").read_text() == "x   = 1"


async def test_the_operator_decides_on_the_roots_and_the_targets(
    terraform: StartTerraform, make_project: Callable[[str], Project], home: Path
) -> None:
    for name in ("staging", "production"):
        make_project(name).write(ONE)
    async with terraform(env={"TERRAFORM_MCP_ROOTS": str(home / "staging")}) as server:
        assert data(await server.call("plan", directory="."))["counts"] == {"create": 1}
        outside = error(await server.call("plan", directory=str(home / "production")))
    async with terraform(env={"CLAUDE_PROJECT_DIR": str(home / "staging")}) as server:
        by_client = error(await server.call("plan", directory=str(home / "production")))
    async with terraform(env={"INFRA_MCP_EXCLUDE_TARGETS": "*/production"}) as server:
        excluded = error(await server.call("plan", directory="production"))
    assert [refused["kind"] for refused in (outside, by_client, excluded)] == ["refused"] * 3


async def test_variable_files_keep_to_the_roots_too(
    terraform: StartTerraform, project: Project, tmp_path: Path
) -> None:
    project.write('variable "x" {}\nresource "terraform_data" "one" {\n  input = var.x\n}')
    project.write('x = "from file"', "values.tfvars")
    (tmp_path / "outside.tfvars").write_text('x = "outside"')
    async with terraform() as server:
        refused = error(await server.call("plan", directory="lab", var_files=["../../outside.tfvars"]))
        missing = error(await server.call("plan", directory="lab", var_files=["none.tfvars"]))
        plan = data(await server.call("plan", directory="lab", var_files=["values.tfvars"]))
        project.write('x = "changed"', "values.tfvars")
        changed = error(await server.call("apply", directory="lab", plan_id=plan["plan_id"], confirmed=True))
    assert (refused["kind"], missing["kind"]) == ("refused", "not_found")
    assert plan["changes"][0]["attributes"] == [{"path": "input", "after": "from file"}]
    assert changed["reason"] == "configuration"


async def test_broken_configuration_is_told_with_file_line_and_snippet_first_error_first(
    terraform: StartTerraform, project: Project
) -> None:
    project.write(ONE + 'resource "terraform_data" "two" {\n  input = var.nothing\n}\n')
    async with terraform() as server:
        failed = error(await server.call("plan", directory="lab"))
        validation = data(await server.call("validate", directory="lab"))
        project.write("resource {{{\n")
        syntax = error(await server.call("plan", directory="lab"))
        fmt = error(await server.call("fmt", directory="lab"))
    told = {"severity": "error", "file": "main.tf", "line": 5, "snippet": "  input = var.nothing"}
    assert failed["kind"] == "terraform_failed"
    assert failed["diagnostics"][0].items() >= told.items()
    assert (validation["valid"], validation["errors"]) == (False, 1)
    assert validation["diagnostics"][0].items() >= told.items()
    assert (syntax["diagnostics"][0]["file"], syntax["diagnostics"][0]["line"]) == ("main.tf", 1)
    assert (fmt["kind"], fmt["file"], fmt["line"]) == ("invalid_input", "main.tf", 1)


async def test_a_directory_that_is_empty_or_not_initialised_says_what_is_missing(
    terraform: StartTerraform, project: Project
) -> None:
    async with terraform() as server:
        empty = error(await server.call("plan", directory="lab"))
        project.write('module "m" {\n  source = "./m"\n}').write(ONE, "m/main.tf")
        unready = error(await server.call("plan", directory="lab"))
        data(await server.call("init", directory="lab"))
        plan = data(await server.call("plan", directory="lab"))
    assert (empty["kind"], unready["kind"]) == ("not_found", "not_initialised")
    assert [change["address"] for change in plan["changes"]] == ["module.m.terraform_data.one"]


async def test_a_state_that_is_locked_by_somebody_else_names_the_holder(
    terraform: StartTerraform, project: Project
) -> None:
    project.write('resource "terraform_data" "slow" {\n  provisioner "local-exec" {\n    command = "sleep 60"\n  }\n}')
    command = [require("terraform"), "apply", "-auto-approve", "-input=false"]
    async with await anyio.open_process(command, cwd=project.folder, stdin=subprocess.DEVNULL) as by_hand:
        await anyio.to_thread.run_sync(wait_for, project.is_locked, "the state is locked")
        lock = json.loads((project.folder / ".terraform.tfstate.lock.info").read_text())
        async with terraform() as server:
            refused = error(await server.call("plan", directory="lab"))
        by_hand.send_signal(signal.SIGINT)
    assert (refused["kind"], refused["lock_id"], refused["who"]) == ("state_locked", lock["ID"], lock["Who"])
    assert refused["since"][:10] == lock["Created"][:10]


async def test_force_unlock_removes_the_lock_of_a_dead_run_and_the_saved_plan_is_still_good(
    terraform: StartTerraform, project: Project, backend: Backend
) -> None:
    project.write(backend.configuration + ONE)
    lock = "11111111-2222-3333-4444-555555555555"
    async with terraform() as server:
        data(await server.call("init", directory="lab"))
        saved = data(await server.call("plan", directory="lab"))["plan_id"]
        backend.lock_as("somebody@elsewhere", lock)
        refused = error(await server.call("apply", directory="lab", plan_id=saved, confirmed=True))
        preview = data(await server.call("force_unlock", directory="lab", lock_id=lock))
        still_locked = backend.locked
        data(await server.call("force_unlock", directory="lab", lock_id=lock, confirmed=True))
        applied = data(await server.call("apply", directory="lab", plan_id=saved, confirmed=True))
    assert (refused["kind"], refused["lock_id"]) == ("state_locked", lock)
    assert (preview["confirmed"], still_locked) == (False, True)
    assert applied["status"] == "applied"


async def test_init_never_moves_or_forgets_a_state_but_change_backend_takes_it_along(
    terraform: StartTerraform, project: Project, backend: Backend
) -> None:
    project.write(ONE)
    async with terraform() as server:
        await server.call("plan", directory="lab")
        data(await server.call("apply", directory="lab", confirmed=True))
        project.write(backend.configuration + ONE)
        stopped = error(await server.call("init", directory="lab"))
        preview = data(await server.call("change_backend", directory="lab", state="migrate"))
        untouched = (backend.applied, project.applied)
        data(await server.call("change_backend", directory="lab", state="migrate", confirmed=True))
        plan = data(await server.call("plan", directory="lab"))
    assert stopped["kind"] == "backend_changed"
    assert preview["confirmed"] is False
    assert untouched == (set(), {"terraform_data.one"})
    assert backend.applied == {"one"}
    assert plan["counts"] == {}


async def test_change_backend_leaves_the_state_behind_where_that_is_asked(
    terraform: StartTerraform, project: Project, backend: Backend
) -> None:
    project.write(backend.configuration + ONE)
    async with terraform() as server:
        data(await server.call("init", directory="lab"))
        data(await server.call("plan", directory="lab"))
        data(await server.call("apply", directory="lab", confirmed=True))
        project.write(ONE.replace("first", "second") + 'terraform {\n  backend "local" {}\n}')
        stopped = error(await server.call("init", directory="lab"))
        project.write(ONE)
        nowhere = error(await server.call("change_backend", directory="lab", state="leave_behind", confirmed=True))
        project.write(ONE.replace("first", "second") + 'terraform {\n  backend "local" {}\n}')
        data(await server.call("change_backend", directory="lab", state="leave_behind", confirmed=True))
        plan = data(await server.call("plan", directory="lab"))
    assert stopped["kind"] == nowhere["kind"] == "backend_changed"
    assert backend.applied == {"one"}
    assert plan["counts"] == {"create": 1}


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("select_workspace", {"name": "-or-create=x", "create": True}),
        ("select_workspace", {"name": "a/b", "create": True}),
        ("force_unlock", {"lock_id": "-force", "confirmed": True}),
        ("apply", {"plan_id": "../../plan", "confirmed": True}),
        ("plan", {"targets": ["-destroy"]}),
        ("plan", {"targets": ["\0"]}),
        ("plan", {"destroyed": True}),
        ("plan", {"timeout": 0}),
        ("state_show", {"address": "-help"}),
    ],
)
@pytest.mark.promise("arguments-reach-no-shell", "arguments-become-no-option")
async def test_hostile_arguments_are_refused_and_change_nothing(
    terraform: StartTerraform, project: Project, tool: str, arguments: dict[str, Any]
) -> None:
    project.write(ONE)
    async with terraform() as server:
        refused = error(await server.call(tool, directory="lab", **arguments))
        workspaces = data(await server.call("list_workspaces", directory="lab"))["workspaces"]
    assert refused["kind"] in ("invalid_input", "terraform_failed", "not_found")
    assert workspaces == ["default"]
    assert project.applied == set()


async def test_a_missing_program_is_named(terraform: StartTerraform, project: Project) -> None:
    project.write(ONE)
    async with terraform(env={"TERRAFORM_MCP_BIN": "/nowhere/terraform"}) as server:
        refused = error(await server.call("plan", directory="lab"))
    assert refused == {"kind": "not_configured", "setting": "TERRAFORM_MCP_BIN"}


async def test_tofu_is_used_where_there_is_no_terraform(
    terraform: StartTerraform, project: Project, tmp_path: Path
) -> None:
    """A `tofu` that notes its name and is terraform otherwise: a real OpenTofu is not among the tests' programs."""
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "tofu").write_text(f'#!/bin/sh\necho "$0" > {tools}/used\nexec {require("terraform")} "$@"\n')
    (tools / "tofu").chmod(0o755)
    project.write(ONE)
    async with terraform(env={"PATH": str(tools)}) as server:
        plan = data(await server.call("plan", directory="lab"))
    assert plan["counts"] == {"create": 1}
    assert (tools / "used").read_text().strip() == str(tools / "tofu")
