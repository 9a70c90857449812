"""The plays of a playbook: hosts, tasks, tags, prompts and variables, before anything runs."""

from collections.abc import Iterator
from typing import TypeGuard

from ansible import constants, context  # type: ignore[import-untyped]
from ansible.cli.playbook import PlaybookCLI  # type: ignore[import-untyped]
from ansible.executor.playbook_executor import PlaybookExecutor  # type: ignore[import-untyped]
from ansible.playbook.block import Block as AnsibleBlock  # type: ignore[import-untyped]
from ansible.plugins.loader import add_all_plugin_dirs  # type: ignore[import-untyped]
from ansible.utils.collection_loader import AnsibleCollectionConfig  # type: ignore[import-untyped]

from infra_mcp_ansible.domain.playbook import Section
from infra_mcp_ansible.domain.variables import Variables
from infra_mcp_ansible.transport.inspector.ansible_objects import Block, Inventory, Loader, Play, Task, VariableManager
from infra_mcp_ansible.transport.inspector.hosts import matched, prerequisites
from infra_mcp_ansible.transport.inspector.problems import reading
from infra_mcp_ansible.transport.inspector.protocol import PlayAnswer, PlaybookAnswer, PromptAnswer, TaskAnswer
from infra_mcp_ansible.transport.inspector.secrets import Secrets
from infra_mcp_ansible.transport.inspector.variables import Unseen

_DYNAMIC = ("include_tasks", "include_role")


def examine(arguments: list[str]) -> PlaybookAnswer:
    secrets = Secrets()
    # A listing loads and checks all plays just as a run does, and stops there.
    cli = PlaybookCLI(["ansible-playbook", "--list-tasks", *arguments])
    loader, inventory, variables = prerequisites(cli, secrets)
    inventory.subset(context.CLIARGS["subset"])
    book = context.CLIARGS["args"][0]
    with reading("playbook"):
        plays = _load(book, loader, inventory, variables)
        found = [_play(play, inventory, variables, secrets) for play in plays]
    secrets.search([book, *(context.CLIARGS["inventory"] or constants.DEFAULT_HOST_LIST), *_role_folders(plays)])
    secrets.note(variables.extra_vars)
    return {"plays": found, "secrets": secrets.found, "unsearched": secrets.unsearched}


def _load(book: str, loader: Loader, inventory: Inventory, variables: VariableManager) -> list[Play]:
    folder = book.rpartition("/")[0]
    add_all_plugin_dirs(folder.encode())
    AnsibleCollectionConfig.playbook_paths = [folder]
    loader.set_basedir(folder)
    executor = PlaybookExecutor([book], inventory, variables, loader, {})
    plays: list[Play] = executor.run()[0]["plays"]
    return plays


def _play(play: Play, inventory: Inventory, variables: VariableManager, secrets: Secrets) -> PlayAnswer:
    names = matched(inventory, variables, play.hosts, secrets)
    of_play = variables.get_vars(play=play, host=inventory.get_host(names[0]) if names else None)
    secrets.note(of_play)
    unseen = Unseen(play, names, inventory, variables)
    tasks = [_task(task, section, unseen) for section, task in _tasks(play, of_play)]
    return {
        "name": play.get_name(),
        "hosts": names,
        "pattern": play.hosts if isinstance(play.hosts, str) else ",".join(map(str, play.hosts)),
        "prompts": _prompts(play, variables),
        "gathers_facts": bool(names) and play.gather_facts is not False,
        "tags": sorted(map(str, play.tags)),
        "tasks": tasks,
        "missing": unseen.missing(),
    }


def _prompts(play: Play, variables: VariableManager) -> list[PromptAnswer]:
    return [
        {"name": prompt["name"], "has_default": prompt.get("default") is not None}
        for prompt in play.vars_prompt or []
        if prompt["name"] not in variables.extra_vars
    ]


def _tasks(play: Play, of_play: Variables) -> Iterator[tuple[Section, Task]]:
    """The tasks that the chosen tags leave, each with the part of its play or block."""
    for block in play.compile():
        yield from _of_block(block.filter_tagged_tasks(of_play), "tasks")
    for handlers in [*play.handlers, *(block for role in play.roles for block in role.get_handler_blocks(play))]:
        yield from _of_block(handlers, "handlers")


def _of_block(block: Block, section: Section) -> Iterator[tuple[Section, Task]]:
    parts: tuple[tuple[Section, list[Task]], ...]
    parts = (section, block.block), ("rescue", block.rescue), ("always", block.always)
    for here, tasks in parts:
        for task in tasks:
            if _is_block(task):
                yield from _of_block(task, here)
            elif not (task.action in constants._ACTION_META and task.implicit):  # noqa: SLF001 -- as --list-tasks does
                yield here, task


def _is_block(task: object) -> TypeGuard[Block]:
    return isinstance(task, AnsibleBlock)


def _task(task: Task, section: Section, unseen: Unseen) -> TaskAnswer:
    unseen.look_at(task)
    return {
        "name": task.get_name(),
        "action": task.action,
        "path": task.get_path(),
        "tags": sorted(map(str, task.tags)),
        "section": section,
        "dynamic": task.action.rsplit(".", 1)[-1] in _DYNAMIC,
    }


def _role_folders(plays: list[Play]) -> list[str]:
    return [role._role_path for play in plays for role in play.roles]  # noqa: SLF001 -- Ansible says it nowhere else
