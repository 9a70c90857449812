"""What `ansible-mcp doctor` looks at."""

import sys
from collections.abc import AsyncIterator
from importlib.metadata import version
from pathlib import Path

from infra_mcp_ansible import settings
from infra_mcp_ansible.transport import environment, run_log
from infra_mcp_common.checks import Finding


async def ansible() -> AsyncIterator[Finding]:
    """The Ansible that comes with this server."""
    program = Path(sys.executable).with_name("ansible-playbook")
    if program.is_file():
        yield Finding("ansible-core", "ok", f"{version('ansible-core')} at {program}")
    else:
        yield Finding("ansible-core", "failed", f"{program} is not there", "Install this server anew.")


async def roots() -> AsyncIterator[Finding]:
    """The folders that calls may name files in."""
    for root in settings.roots():
        if root.is_dir():
            yield Finding("folder", "ok", str(root))
        else:
            yield Finding("folder", "failed", f"{root} is not there", f"Correct {settings.ROOTS.name}.")


async def vault() -> AsyncIterator[Finding]:
    """The vault password, where one is set."""
    environment.of_settings()
    yield Finding("vault password", "ok", "can be read, or is not needed")


async def runs() -> AsyncIterator[Finding]:
    """The newest run of each playbook on each inventory that this server has kept."""
    seen: set[tuple[str, str | None]] = set()
    for run in run_log.newest_first():
        if (run.what, run.inventory) in seen or run.status == "running":
            continue
        seen.add((run.what, run.inventory))
        if run.status != "successful":
            fix = f"get_run {run.run_id} tells which tasks failed."
            yield Finding(run.what, "failed", f"its newest run, of {run.began}, ended as {run.status}", fix)
    yield Finding("runs", "ok" if seen else "unknown", f"the newest of {len(seen)} playbooks looked at")
