"""One module at a time, on hosts."""

from typing import Annotated

from pydantic import Field

from infra_mcp_ansible.answers.modules import AdhocResult
from infra_mcp_ansible.domain.options import Options
from infra_mcp_ansible.domain.variables import Variables
from infra_mcp_ansible.safety.runs import run_module
from infra_mcp_ansible.tools import parameters as p
from infra_mcp_ansible.transport.projects import find_project
from infra_mcp_common.tool_calls.declaration import tool


@tool("write", arbitrary=True)
async def run_adhoc(
    pattern: p.Pattern,
    module: Annotated[str, Field(description="Module, as command, shell or ansible.builtin.service")],
    args: Annotated[
        str | Variables | None,
        Field(description="Its arguments, as an object, as k=v text, or as a command. {{ }} in them is text"),
    ] = None,
    inventory: p.Inventory = None,
    limit: p.Limit = None,
    check: p.Check = False,
    diff: p.Diff = False,
    become: p.Become = False,
    become_user: p.BecomeUser = None,
    forks: p.Forks = None,
    timeout: p.Timeout = 300,
) -> AdhocResult:
    """Run one module on the hosts of a pattern and return what it said on each.

    With check: true nothing is changed where the module supports it, and the answer says check_mode.
    """
    options = Options(limit=limit, check=check, diff=diff, become=become, become_user=become_user, forks=forks)
    project = find_project(inventory)
    return AdhocResult.of(
        await run_module(project, pattern, module, args or {}, options, timeout=timeout, kind="write")
    )
