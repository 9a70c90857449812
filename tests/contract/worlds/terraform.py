"""A real terraform in a small project, its state first on disk and then behind an HTTP backend that locks."""

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from contract.worlds.base import Call, Fault, Json, World, tree
from contract.worlds.door import Door, Reply, http_faults
from support.terraform import Project, Watched, state_backend
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


STATUSES = {401: "backend_denied", 403: "backend_denied"}


def refusal(status: int) -> Reply:
    """How an HTTP backend says no."""
    return Reply(status, b'{"error": "something is not right"}')


class TerraformWorld(World):
    name = "terraform"
    probe = Call("state_list", LAB)
    light = Call("list_workspaces", LAB)
    over_http = False
    may_die = False

    @contextmanager
    def opened(self) -> Iterator[None]:
        require("terraform")
        folder = self.home / "lab"
        folder.mkdir()
        self.own = [folder]
        self.project = Project(folder).write(CONFIGURATION).write("welcome", "motd")
        self.env = {"TF_VAR_password": self.secret, "TERRAFORM_MCP_ROOTS": str(self.home)}
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

    def recorded(self) -> dict[str, str]:
        self.watched = Watched(self.home.parent / "watched")
        return {"TERRAFORM_MCP_BIN": str(self.watched.path)}

    def command_lines(self) -> list[str]:
        """Its options with values are written as one word."""
        lines = [run.splitlines()[0] for run in self.watched.runs]
        return [re.sub(r"=\S*", "=", line) for line in lines]

    @contextmanager
    def faulty(self) -> Iterator[list[Fault]]:
        host, port = urlsplit(self.backend.url).netloc.split(":")
        with Door((host, int(port))).opened() as self.door:
            there = self.backend.configuration.replace(f":{port}/", f":{self.door.port}/")
            self.project.write(there, "backend.tf")
            for words in ("init", "apply -auto-approve"):
                env = os.environ | {"TF_IN_AUTOMATION": "1"} | self.env
                command = [require("terraform"), *words.split()]
                subprocess.run(command, cwd=self.project.folder, env=env, check=True, capture_output=True)
            yield [
                *self._of_the_backend(),
                Fault("locked", "state_locked", self._lock, call=Call("plan", LAB)),
                Fault("no configuration", "not_found", call=Call("validate", {"directory": "."})),
                Fault("missing binary", "not_configured", settings={"TERRAFORM_MCP_BIN": "/nowhere/terraform"}),
                Fault("killed child", "terraform_failed", settings={"TERRAFORM_MCP_BIN": self._stub("kill -9 $$")}),
            ]

    def _of_the_backend(self) -> list[Fault]:
        # Terraform tells a cut state no differently, and has no deadline for an answer.
        kinds = {"a page": "terraform_failed", "dropped": "backend_unreachable"}
        told = [fault for fault in http_faults(self.door, refusal, STATUSES) if fault.name not in ("cut", "no answer")]
        return [replace(fault, kind=kinds.get(fault.name, fault.kind)) for fault in told]

    def _lock(self) -> None:
        self.backend.lock_as("somebody", LOCK)

    def _stub(self, script: str) -> str:
        path = self.home / "stub"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o700)
        return str(path)

    def mend(self) -> None:
        self.door.mend()
        self.backend.kept.lock = None

    def state(self) -> Any:
        return tree(self.project.folder), self.backend.kept.state, self.backend.kept.lock
