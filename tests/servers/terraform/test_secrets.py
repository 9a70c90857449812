"""A secret shows up in nothing that leaves the server: answers, errors, progress, logs, argv, readable files."""

import stat
from pathlib import Path
from typing import Any

import pytest

from infra_mcp_common.text.redaction import MASK
from sandbox.client import RunningServer
from support.answers import data, error, text
from support.terraform import Project, StartTerraform, StartTerraformProcess, Watched

pytestmark = pytest.mark.anyio

CANARY = "canary-Xy7/Q+z="
PIN = 83920174

CONFIGURATION = """
variable "password" {
  type      = string
  sensitive = true
}
variable "pin" {
  type      = number
  sensitive = true
}
resource "terraform_data" "marked" {
  input = { password = var.password, pin = var.pin, plain = "visible" }
}
resource "terraform_data" "derived" {
  input            = "x-${jsonencode(terraform_data.marked.output)}-${base64encode(var.password)}"
  triggers_replace = [terraform_data.marked.output]
}
resource "terraform_data" "keyed" {
  for_each = FOR_EACH
  input    = nonsensitive(urlencode(var.password))
}
resource "terraform_data" "echoing" {
  input = CHANGED
  provisioner "local-exec" {
    command = "echo ${nonsensitive(var.password)} $PIN; exit STATUS"
    environment = {
      PIN = terraform_data.marked.output.pin
    }
  }
}
output "marked" {
  value     = var.password
  sensitive = true
}
output "derived" {
  value = terraform_data.derived.output
}
"""
VARIABLES = {"password": CANARY, "pin": PIN}


def configuration(status: int = 0, keys: str = "toset([])", changed: str = "1") -> str:
    text = CONFIGURATION.replace("STATUS", str(status)).replace("CHANGED", changed)
    return text.replace("FOR_EACH", keys)


class Listener:
    """Keeps everything that a server says."""

    def __init__(self, server: RunningServer) -> None:
        self.server, self.heard = server, ""

    async def call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        async def listen(progress: float, total: float | None, message: str | None) -> None:
            self.heard += f"{message}\n"

        result = await self.server.client.call_tool(tool, arguments, progress_callback=listen)
        self.heard += f"{result.model_dump_json()}\n{text(result)}\n"
        return result.structured_content or {}


async def test_a_canary_in_variables_outputs_and_derived_attributes_appears_nowhere(
    terraform_process: StartTerraformProcess, project: Project, home: Path, watched: Watched
) -> None:
    project.write(configuration(status=3))
    async with terraform_process(env={"TERRAFORM_MCP_BIN": str(watched.path)}) as server:
        to = Listener(server)
        plan = await to.call("plan", directory="lab", variables=VARIABLES)
        failed = await to.call("apply", directory="lab", confirmed=True)
        keyed = configuration(keys="toset([terraform_data.marked.output.password])", changed="2")
        project.write(keyed)
        await to.call("plan", directory="lab", variables=VARIABLES)
        await to.call("show_plan", directory="lab")
        await to.call("apply", directory="lab")
        await to.call("apply", directory="lab", confirmed=True)
        shown = await to.call("show", directory="lab", limit=100)
        for tool in ("output", "state_list", "validate", "providers", "detect_drift"):
            await to.call(tool, directory="lab")
        for resource in shown["resources"]:
            await to.call("state_show", directory="lab", address=resource["address"])
        await to.call("destroy", directory="lab")
        project.write(keyed + '\noutput "broken" {\n  value = var.password.nothing\n}\n')
        await to.call("plan", directory="lab", variables=VARIABLES)
        await to.call("plan", directory="lab", variables={**VARIABLES, "pin": CANARY})
        to.heard += server.stderr
    audit = (home / ".local/state/infra-mcp/audit/terraform.jsonl").read_text()
    everything = to.heard + audit + "".join(watched.runs)
    assert failed["failed_resources"] == ["terraform_data.echoing"]
    assert "visible" in str(plan)
    assert f'terraform_data.keyed["{MASK}"]' in {item["address"] for item in shown["resources"]}
    for secret in (CANARY, str(PIN), "canary-Xy7%2FQ%2Bz%3D", "Y2FuYXJ5LVh5Ny9RK3o9"):
        assert secret not in everything


async def test_a_new_server_masks_what_only_the_state_knows_to_be_secret(
    terraform: StartTerraform, project: Project
) -> None:
    project.write(configuration())
    async with terraform() as server:
        data(await server.call("plan", directory="lab", variables=VARIABLES))
        data(await server.call("apply", directory="lab", confirmed=True))
    async with terraform() as server:
        to = Listener(server)
        await to.call("output", directory="lab", name="derived")
        await to.call("state_show", directory="lab", address="terraform_data.derived")
    assert "terraform_data.derived" in to.heard
    assert CANARY not in to.heard
    assert str(PIN) not in to.heard


async def test_a_secret_too_short_to_be_looked_for_is_masked_where_it_is_marked(
    terraform: StartTerraform, project: Project
) -> None:
    project.write('resource "terraform_data" "one" {\n  input = { pin = sensitive("q9"), plain = "q8" }\n}')
    async with terraform() as server:
        plan = data(await server.call("plan", directory="lab"))
        data(await server.call("apply", directory="lab", confirmed=True))
        shown = data(await server.call("state_show", directory="lab", address="terraform_data.one"))
    planned = {item["path"]: item["after"] for item in plan["changes"][0]["attributes"]}
    assert planned == {"input.pin": MASK, "input.plain": "q8"}
    assert shown["attributes"]["input"] == {"pin": MASK, "plain": "q8"}


async def test_a_broken_variable_file_is_told_without_its_lines(terraform: StartTerraform, project: Project) -> None:
    project.write(configuration())
    project.write(f'password = "{CANARY}\npin = {PIN}\n', "terraform.tfvars")
    async with terraform() as server:
        result = await server.call("plan", directory="lab")
        formatted = await server.call("fmt", directory="lab")
    told = error(result)
    assert (told["diagnostics"][0]["file"], told["diagnostics"][0]["line"]) == ("terraform.tfvars", 1)
    assert error(formatted)["file"] == "terraform.tfvars"
    assert CANARY not in result.model_dump_json() + formatted.model_dump_json()


@pytest.mark.parametrize(("allowed", "reveals"), [("", False), ("other", False), ("marked", True), ("x, mark*", True)])
async def test_one_named_output_is_revealed_only_where_the_operator_allows_it(
    terraform: StartTerraform, project: Project, allowed: str, reveals: bool
) -> None:
    project.write(configuration())
    async with terraform(env={"TERRAFORM_MCP_REVEAL_OUTPUTS": allowed}) as server:
        data(await server.call("plan", directory="lab", variables=VARIABLES))
        data(await server.call("apply", directory="lab", confirmed=True))
        all_of_them = error(await server.call("output", directory="lab", reveal=True))
        result = await server.call("output", directory="lab", name="marked", reveal=True)
        again = data(await server.call("output", directory="lab"))
    assert all_of_them["kind"] == "invalid_input"
    if reveals:
        assert data(result)["outputs"]["marked"] == {"value": CANARY, "sensitive": True}
    else:
        assert error(result)["kind"] == "refused"
    assert CANARY not in str(again)


async def test_terraform_gets_no_secret_argument_no_foreign_settings_and_no_input(
    terraform: StartTerraform, project: Project, watched: Watched
) -> None:
    project.write(configuration())
    hostile = {"TF_CLI_ARGS": "-destroy", "TF_CLI_ARGS_plan": "-destroy", "TF_LOG": "TRACE", "TF_LOG_PATH": "/tmp/log"}
    async with terraform(env={"TERRAFORM_MCP_BIN": str(watched.path), **hostile}) as server:
        plan = data(await server.call("plan", directory="lab", variables=VARIABLES))
    assert plan["kind"] == "apply"
    assert plan["counts"] == {"create": 3}
    for run in watched.runs:
        assert "TF_CLI_ARGS" not in run
        assert "TF_LOG" not in run
        assert CANARY not in run
        assert run.splitlines()[1] == "/dev/null"
    (variables,) = [line for run in watched.runs for line in run.splitlines() if line.startswith("MODE")]
    mode, path = variables.split()[1:]
    assert mode == "600"
    assert not Path(path).exists()


async def test_saved_plans_and_runs_are_kept_where_nobody_else_can_read(
    terraform: StartTerraform, project: Project, home: Path
) -> None:
    project.write(configuration())
    async with terraform() as server:
        data(await server.call("plan", directory="lab", variables=VARIABLES))
    state = home / ".local/state/infra-mcp/terraform"
    for folder in ("plans", "runs"):
        assert stat.S_IMODE((state / folder).stat().st_mode) == 0o700
    files = [path for path in state.rglob("*") if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert {path.name for path in files} == {"plan", "record", "lock"}
    assert CANARY not in next(path for path in files if path.name == "record").read_text()
    assert sorted(path.name for path in project.folder.iterdir()) == ["main.tf"]
