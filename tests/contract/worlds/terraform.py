"""A real terraform in a small project, its state first on disk and then behind an HTTP backend that locks."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from contract.worlds.base import SECRET, Call, Json, World, tree
from support.terraform import Project, state_backend
from support.tools import require

LAB = {"directory": "lab"}
CONFIGURATION = """\
variable "password" {
  sensitive = true
}
resource "terraform_data" "web" {
  input = file("motd")
  provisioner "local-exec" {
    command = "cat motd"
  }
}
output "motd" {
  value = terraform_data.web.output
}
resource "terraform_data" "database" {
  input = "db:${var.password}"
}
output "database" {
  value     = terraform_data.database.output
  sensitive = true
}
"""
LOCK = "11111111-2222-3333-4444-555555555555"


class TerraformWorld(World):
    name = "terraform"

    @contextmanager
    def opened(self) -> Iterator[None]:
        require("terraform")
        folder = self.home / "lab"
        folder.mkdir()
        self.own = [folder]
        self.project = Project(folder).write(CONFIGURATION).write("welcome", "motd")
        self.env = {"TF_VAR_password": SECRET}
        with state_backend() as self.backend:
            yield

    def calls(self, answers: Mapping[str, Json]) -> Iterator[Call]:
        for tool in ("init", "validate", "fmt", "providers", "plan", "show_plan"):
            yield Call(tool, LAB)
        yield Call("apply", LAB, confirm=True)
        for tool in ("show", "state_list", "output", "detect_drift", "list_workspaces"):
            yield Call(tool, LAB)
        yield Call("state_show", {**LAB, "address": "terraform_data.web"})
        self.project.write(self.backend.configuration, "backend.tf")
        yield Call("change_backend", {**LAB, "state": "migrate"}, confirm=True)
        self.backend.lock_as("somebody", LOCK)
        yield Call("force_unlock", {**LAB, "lock_id": LOCK}, confirm=True)
        yield Call("plan", {**LAB, "destroy": True})
        yield Call("destroy", LAB, confirm=True)
        self.project.write('terraform {\n  backend "local" {}\n}\n', "backend.tf")
        yield Call("change_backend", {**LAB, "state": "leave_behind"}, confirm=True)
        yield Call("select_workspace", {**LAB, "name": "other", "create": True})

    def plant(self, text: str) -> set[str]:
        self.project.write(text, "motd")
        return {"plan", "show_plan", "show", "state_show", "output"}

    def state(self) -> Any:
        return tree(self.project.folder), self.backend.kept.state, self.backend.kept.lock
