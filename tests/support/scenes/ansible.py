"""A project with one playbook."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from support.scenes.base import Scene


@contextmanager
def scene(home: Path) -> Iterator[Scene]:
    project = home / "project"
    project.mkdir()
    variables = f"ansible_connection=local ansible_python_interpreter={sys.executable}"
    (project / "hosts").write_text(f"web {variables}\n")
    task = f"{{ansible.builtin.file: {{path: {home}/motd, state: touch}}}}"
    (project / "site.yml").write_text(f"[{{hosts: all, gather_facts: false, tasks: [{task}]}}]\n")
    yield Scene(
        preview=("run_playbook", {"playbook": "site.yml", "inventory": "hosts"}),
        refusal=("check_playbook", {"playbook": "/etc/passwd"}),
        reason="outside the allowed folders",
        settings={"ANSIBLE_MCP_ROOTS": str(project), "INFRA_MCP_GATE": "writes"},
        state=(home / "motd").exists,
    )
