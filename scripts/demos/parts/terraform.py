"""terraform-mcp on a small configuration, with a secret that stays one."""

import shutil
from pathlib import Path

from demos.stage import Stage, perform

_CONFIGURATION = """\
variable "password" {
  sensitive = true
}
resource "terraform_data" "web" {
  input = "SIZE GB"
}
resource "terraform_data" "database" {
  triggers_replace = "debian-SIZE"
  input            = "postgres://app:${var.password}@db"
}
output "database" {
  value     = terraform_data.database.output
  sensitive = true
}
"""


async def play(folder: Path) -> None:
    if shutil.which("terraform") is None:
        print("\nterraform-mcp: terraform is not installed, so there is nothing to show.")
        return
    lab = folder / "home/lab"
    lab.mkdir(parents=True)
    configuration = lab / "main.tf"
    configuration.write_text(_CONFIGURATION.replace("SIZE", "1"))
    async with perform("terraform-mcp", home=folder / "home") as stage:
        await stage.list_tools()
        await _apply_the_first_plan(stage)
        configuration.write_text(_CONFIGURATION.replace("SIZE", "2"))
        await _change_it(stage, configuration)


async def _apply_the_first_plan(stage: Stage) -> None:
    variables = {"password": "correct horse battery staple"}
    await stage.call("Plan", "plan", directory="lab", variables=variables)
    await stage.call("Without consent nothing happens", "apply", directory="lab", ends="preview")
    await stage.call("With it, what was shown is applied", "apply", directory="lab", confirmed=True)
    await stage.call("The secret stays one", "output", directory="lab")


async def _change_it(stage: Stage, configuration: Path) -> None:
    variables = {"password": "correct horse battery staple"}
    plan = await stage.call("A change, its risks first", "plan", directory="lab", variables=variables)
    configuration.write_text(_CONFIGURATION.replace("SIZE", "3"))
    await stage.call(
        "The configuration has changed since",
        "apply",
        directory="lab",
        plan_id=plan["plan_id"],
        confirmed=True,
        ends="refused",
    )
