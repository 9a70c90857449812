"""Hosts: what the inventory knows of them, and one module at a time on them."""

from fnmatch import fnmatchcase
from typing import Annotated, Any

from pydantic import Field

from infra_mcp_ansible.answers.outcome import MOST_GROUPS, common_facts, failures, final, host_results, interrupted
from infra_mcp_ansible.answers.runs import AdhocResult, Facts, Pinged
from infra_mcp_ansible.safety import runs
from infra_mcp_ansible.tools import parameters as p
from infra_mcp_ansible.transport.projects import place
from infra_mcp_ansible.transport.runner import Options
from infra_mcp_common.errors import TimedOut
from infra_mcp_common.local_ids import marked
from infra_mcp_common.tool_calls.declaration import tool

_FACTS_SIZE = 40_000
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


@tool("write", arbitrary=True)
async def run_adhoc(
    pattern: p.Pattern,
    module: Annotated[str, Field(description="Module, as command, shell or ansible.builtin.service")],
    args: Annotated[
        str | dict[str, Any] | None,
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
    run = await runs.of_module(place(inventory), pattern, module, args or {}, options, timeout=timeout, kind="write")
    results = host_results(run.events)
    return AdhocResult(
        **common_facts(run.run_id, run.events, run.finished, check=check),
        results=results[:MOST_GROUPS],
        results_omitted=max(0, len(results) - MOST_GROUPS) or None,
    )


@tool("read")
async def ping_hosts(pattern: p.Pattern = "all", inventory: p.Inventory = None, timeout: p.Timeout = 60) -> Pinged:
    """Log in to hosts and run Python there, to tell which of them Ansible can work on."""
    run = await runs.of_module(
        place(inventory), pattern, "ansible.builtin.ping", {}, Options(), timeout=timeout, kind="read"
    )
    ends = final(run.events)
    return Pinged(
        run_id=run.run_id,
        reachable=sorted(entry.host for entry in ends if entry.status == "ok"),
        unreachable=failures(ends, "unreachable"),
        failed_hosts=failures(ends, "failed"),
        unanswered=sorted(task.host for task in interrupted(run.events)) or None,
        seconds=round(run.finished.seconds, 2),
    )


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
    run = await runs.of_module(
        place(inventory), pattern, "ansible.builtin.setup", {"filter": wanted}, Options(), timeout=timeout, kind="read"
    )
    if run.finished.timed_out:
        raise TimedOut(
            f"Facts were not gathered within {timeout:g} seconds.", f"get_run {marked(run.run_id)} shows who answered."
        )
    ends = final(run.events)
    facts, omitted = _within_size({entry.host: _chosen(entry.data, wanted) for entry in ends if entry.status == "ok"})
    return Facts(
        run_id=run.run_id,
        facts=facts,
        omitted_hosts=omitted or None,
        unreachable=failures(ends, "unreachable"),
        failed_hosts=failures(ends, "failed"),
        seconds=round(run.finished.seconds, 2),
    )


def _chosen(data: dict[str, Any], wanted: list[str]) -> dict[str, Any]:
    facts = data.get("ansible_facts") or {}
    return {
        name: value
        for name, value in facts.items()
        if name != "ansible_env" and any(fnmatchcase(name, pattern) for pattern in wanted)
    }


def _within_size(facts: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    shown: dict[str, Any] = {}
    size = 0
    for host, of_host in facts.items():
        size += len(repr(of_host))
        if size <= _FACTS_SIZE or not shown:
            shown[host] = of_host
    return shown, [host for host in facts if host not in shown]
