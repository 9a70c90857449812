"""What Ansible makes of an inventory and a playbook before anything runs."""

from infra_mcp_ansible.domain.arguments import check_module, check_plain
from infra_mcp_ansible.domain.inventory import Group, Inventory
from infra_mcp_ansible.domain.options import Options
from infra_mcp_ansible.domain.playbook import MissingVariable, Play, Playbook, Prompt, Task
from infra_mcp_ansible.domain.project import PlaybookProject, Project
from infra_mcp_ansible.transport import command_lines
from infra_mcp_ansible.transport.inspector.protocol import HostsAnswer, PlayAnswer, PlaybookAnswer
from infra_mcp_ansible.transport.inspector_process import ask
from infra_mcp_ansible.transport.private_folder import private_folder
from infra_mcp_ansible.transport.variables_file import write_variables
from infra_mcp_common.tool_calls import call_context


async def hosts(
    project: Project, pattern: str, options: Options, *, module: str = "ping", variables: bool = False
) -> Inventory:
    """Hosts that match, with their groups, all groups, and the variables where asked for."""
    check_plain("host pattern", pattern)
    check_module(module)
    words = command_lines.inspect_hosts(project, pattern, options, module, variables=variables)
    answer: HostsAnswer
    answer, warnings = await ask(project, words, pattern)
    for name in answer["hosts"]:
        call_context.check_target(name)
    groups = {name: Group(**group) for name, group in answer["groups"].items()}
    return Inventory(answer["hosts"], groups, answer.get("vars", {}), warnings)


async def playbook(project: PlaybookProject, options: Options) -> Playbook:
    """The plays, with hosts, tasks, prompts and missing variables."""
    with private_folder() as work:
        given = options.extra_vars
        extra_vars = write_variables(work / "extra_vars.yml", given) if given else None
        words = command_lines.inspect_playbook(project, options, extra_vars)
        answer: PlaybookAnswer
        answer, warnings = await ask(project, words, options.limit or "its plays' hosts")
    return Playbook([_play(play) for play in answer["plays"]], warnings)


def _play(play: PlayAnswer) -> Play:
    return Play(
        name=play["name"],
        pattern=play["pattern"],
        hosts=play["hosts"],
        tags=play["tags"],
        prompts=[Prompt(**prompt) for prompt in play["prompts"]],
        gathers_facts=play["gathers_facts"],
        tasks=[Task(**task) for task in play["tasks"]],
        missing=[MissingVariable(**missing) for missing in play["missing"]],
    )
