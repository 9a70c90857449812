"""What `ansible-mcp doctor` looks at."""

import sys
from collections.abc import AsyncIterator
from importlib.metadata import version
from pathlib import Path

from infra_mcp_ansible import settings
from infra_mcp_ansible.transport import environment
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
