"""The argument lists of Ansible's programs."""

import os
import sys
from pathlib import Path

from infra_mcp_ansible.domain.options import Options
from infra_mcp_ansible.domain.project import PlaybookProject, Project

PLAYBOOK_PROCESS = "infra_mcp_ansible.transport.playbook_process"
_INSPECTOR = "infra_mcp_ansible.transport.inspector"


def inspect_hosts(project: Project, pattern: str, options: Options, module: str, *, variables: bool) -> list[str]:
    question = "vars" if variables else "hosts"
    limit = [f"--limit={options.limit}"] if options.limit else []
    return [*_ours(_INSPECTOR), question, *_inventory(project), *limit, f"--module-name={module}", pattern]


def inspect_playbook(project: PlaybookProject, options: Options, extra_vars: Path | None) -> list[str]:
    chosen = _choosing(options, extra_vars)
    return [*_ours(_INSPECTOR), "play", *_inventory(project), *chosen, str(project.playbook)]


def play(project: PlaybookProject, options: Options, extra_vars: Path | None, *, become_password: bool) -> list[str]:
    """become_password: it is given on stdin."""
    program = str(Path(sys.executable).with_name("ansible-playbook"))
    password = ["--become-password-file=-"] if become_password else []
    chosen = [*_choosing(options, extra_vars), *_ways(options), *password]
    return [*_ours(PLAYBOOK_PROCESS), program, *chosen, *_inventory(project), str(project.playbook)]


def _ours(module: str) -> list[str]:
    # -P: the playbooks' folder may hold files that are called like a module of Python's.
    return [sys.executable, "-P", "-m", module, str(os.getpid())]


def _inventory(project: Project) -> list[str]:
    return ["-i", str(project.inventory)] if project.inventory else []


def _choosing(options: Options, extra_vars: Path | None) -> list[str]:
    """What decides on which hosts and which tasks run. extra_vars: the file that holds them."""
    limit = [f"--limit={options.limit}"] if options.limit else []
    tags = [f"--tags={tag}" for tag in options.tags] + [f"--skip-tags={tag}" for tag in options.skip_tags]
    return [*limit, *tags, *(["--extra-vars", f"@{extra_vars}"] if extra_vars else [])]


def _ways(options: Options) -> list[str]:
    """What decides how they run."""
    switches = {"--check": options.check, "--diff": options.diff, "--become": options.become}
    given = [name for name, on in switches.items() if on]
    given += [f"--become-user={options.become_user}"] if options.become_user else []
    given += [f"--forks={options.forks}"] if options.forks else []
    return given + (["-" + "v" * options.verbosity] if options.verbosity else [])
