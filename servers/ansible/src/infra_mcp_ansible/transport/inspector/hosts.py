"""Hosts, groups and host variables of an inventory, as Ansible resolves them."""

from ansible import constants, context  # type: ignore[import-untyped]
from ansible.cli.adhoc import AdHocCLI  # type: ignore[import-untyped]
from ansible.plugins.loader import action_loader, init_plugin_loader, module_loader  # type: ignore[import-untyped]

from infra_mcp_ansible.domain.variables import Variables
from infra_mcp_ansible.transport.inspector.ansible_objects import (
    CommandLine,
    Group,
    Host,
    Inventory,
    Loader,
    VariableManager,
)
from infra_mcp_ansible.transport.inspector.problems import Problem, reading
from infra_mcp_ansible.transport.inspector.protocol import GroupAnswer, HostsAnswer
from infra_mcp_ansible.transport.inspector.secrets import Secrets

# They decide what Ansible does next instead of doing something on a host.
_STEERING = {"include_vars", "add_host", "group_by", "set_fact", "meta", "async_status"}


def prerequisites(cli: CommandLine, secrets: Secrets) -> tuple[Loader, Inventory, VariableManager]:
    """Loader, inventory and variables as this command line wants them."""
    cli.parse()
    init_plugin_loader()
    with reading("inventory"):
        loader, inventory, variables = cli._play_prereqs()  # noqa: SLF001 -- what every Ansible command itself starts with
    _, origin = constants.config.get_config_value_and_origin("DEFAULT_HOST_LIST")
    named = bool(context.CLIARGS["inventory"]) or origin != "default"
    if named and not inventory.list_hosts():
        raise Problem("inventory", "It was read and holds no host.")
    secrets.loader = loader
    return loader, inventory, variables


def matched(inventory: Inventory, variables: VariableManager, pattern: object, secrets: Secrets) -> list[str]:
    """The names of the hosts that match, with what is secret among their variables noted."""
    with reading("inventory"):
        found = inventory.list_hosts(pattern)
    for host in found:
        with reading("vault"):
            secrets.note(variables.get_vars(host=host, include_hostvars=False))
    return [host.name for host in found]


def examine(arguments: list[str], *, values: bool = False) -> HostsAnswer:
    secrets = Secrets()
    cli = AdHocCLI(["ansible", *arguments])
    _, inventory, variables = prerequisites(cli, secrets)
    _check_module(context.CLIARGS["module_name"])
    inventory.subset(context.CLIARGS["subset"])
    names = matched(inventory, variables, context.CLIARGS["args"], secrets)
    known = set(inventory.hosts)
    hosts = {name: _groups_of(inventory.get_host(name)) for name in names if name in known}
    if not hosts:
        raise Problem("nobody", ", ".join(sorted(known)[:20]))
    secrets.search(constants.DEFAULT_HOST_LIST if not context.CLIARGS["inventory"] else context.CLIARGS["inventory"])
    answer: HostsAnswer = {
        "hosts": hosts,
        "groups": _groups(inventory),
        "secrets": secrets.found,
        "unsearched": secrets.unsearched,
    }
    if values:
        answer["vars"] = {name: _variables(inventory, variables, name, secrets) for name in hosts}
    return answer


def examine_with_variables(arguments: list[str]) -> HostsAnswer:
    return examine(arguments, values=True)


def _check_module(name: str) -> None:
    short = name.rsplit(".", 1)[-1]
    if short in _STEERING or short.startswith(("include_", "import_")):
        raise Problem("module", f"{name} steers a playbook; it does nothing on a host by itself.")
    if not (module_loader.has_plugin(name) or action_loader.has_plugin(name)):
        raise Problem("module", f"No module {name} is installed.")


def _groups_of(host: Host) -> list[str]:
    return [group.name for group in host.get_groups() if group.name != "all"]


def _groups(inventory: Inventory) -> dict[str, GroupAnswer]:
    return {name: _group(group) for name, group in inventory.groups.items() if name != "all"}


def _group(group: Group) -> GroupAnswer:
    return {"children": [child.name for child in group.child_groups], "hosts": [host.name for host in group.hosts]}


def _variables(inventory: Inventory, variables: VariableManager, name: str, secrets: Secrets) -> Variables:
    host = inventory.get_host(name)
    everything = variables.get_vars(host=host, include_hostvars=False)
    magic = {"groups", "omit", "playbook_dir", "ansible_playbook_python", "ansible_version", "inventory_dir"}
    return secrets.masked({key: value for key, value in everything.items() if key not in magic})
