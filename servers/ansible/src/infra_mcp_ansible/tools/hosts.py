"""Hosts: whether they can be worked on, and what they say of themselves."""

from typing import Annotated

from pydantic import Field

from infra_mcp_ansible.answers.hosts import Facts, Pinged
from infra_mcp_ansible.safety.runs import run_module
from infra_mcp_ansible.tools import parameters as p
from infra_mcp_ansible.transport.projects import find_project
from infra_mcp_common.errors import TimedOut
from infra_mcp_common.local_ids import marked
from infra_mcp_common.tool_calls.declaration import tool

_USUAL = [
    "ansible_distribution*",
    "ansible_kernel",
    "ansible_architecture",
    "ansible_hostname",
    "ansible_fqdn",
    "ansible_default_ipv4",
    "ansible_memtotal_mb",
    "ansible_memfree_mb",
    "ansible_processor_vcpus",
    "ansible_uptime_seconds",
    "ansible_virtualization_*",
    "ansible_service_mgr",
    "ansible_pkg_mgr",
    "ansible_python_version",
]


@tool("read")
async def ping_hosts(pattern: p.Pattern = "all", inventory: p.Inventory = None, timeout: p.Timeout = 60) -> Pinged:
    """Log in to hosts and run Python there, to tell which of them Ansible can work on."""
    project = find_project(inventory)
    return Pinged.of(await run_module(project, pattern, "ansible.builtin.ping", timeout=timeout, kind="read"))


@tool("read")
async def gather_facts(
    pattern: p.Pattern,
    inventory: p.Inventory = None,
    filter: Annotated[  # noqa: A002 -- the name that Ansible's own module has for it
        list[str] | None, Field(description="Patterns of fact names, as ansible_mounts; without it the usual few")
    ] = None,
    timeout: p.Timeout = 120,
) -> Facts:
    """Gather facts of hosts: system, addresses, memory, and what else the filter names."""
    wanted = [name if name.startswith("ansible_") or "*" in name else f"ansible_{name}" for name in filter or _USUAL]
    project, arguments = find_project(inventory), {"filter": wanted}
    run = await run_module(project, pattern, "ansible.builtin.setup", arguments, timeout=timeout, kind="read")
    if run.record.status == "timeout":
        raise TimedOut(
            f"Facts were not gathered within {timeout:g} seconds.",
            f"get_run {marked(run.record.run_id)} shows who answered.",
        )
    return Facts.of(run, wanted)
