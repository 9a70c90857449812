"""The plays of a playbook: hosts, tasks, tags, prompts and variables, before anything runs."""

from collections.abc import Iterator
from typing import Any

from ansible import constants, context  # type: ignore[import-untyped]
from ansible.cli.playbook import PlaybookCLI  # type: ignore[import-untyped]
from ansible.executor.playbook_executor import PlaybookExecutor  # type: ignore[import-untyped]
from ansible.playbook.block import Block  # type: ignore[import-untyped]
from ansible.plugins.loader import add_all_plugin_dirs  # type: ignore[import-untyped]
from ansible.utils.collection_loader import AnsibleCollectionConfig  # type: ignore[import-untyped]

from infra_mcp_ansible.transport.inspector.hosts import matched, prerequisites
from infra_mcp_ansible.transport.inspector.problems import reading
from infra_mcp_ansible.transport.inspector.secrets import Secrets
from infra_mcp_ansible.transport.inspector.variables import Unseen

_DYNAMIC = ("include_tasks", "include_role")


def examine(arguments: list[str]) -> dict[str, Any]:
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


def _load(book: str, loader: Any, inventory: Any, variables: Any) -> list[Any]:
    folder = book.rpartition("/")[0]
    add_all_plugin_dirs(folder.encode())
    AnsibleCollectionConfig.playbook_paths = [folder]
    loader.set_basedir(folder)
    executor = PlaybookExecutor([book], inventory, variables, loader, {})
    plays: list[Any] = executor.run()[0]["plays"]
    return plays


def _play(play: Any, inventory: Any, variables: Any, secrets: Secrets) -> dict[str, Any]:
    names = matched(inventory, variables, play.hosts, secrets)
    of_play = variables.get_vars(play=play, host=inventory.get_host(names[0]) if names else None)
    secrets.note(of_play)
    unseen = Unseen(play, names, inventory, variables)
    tasks = [_task(task, section, unseen) for section, task in _tasks(play, of_play)]
    return {
        "name": play.get_name(),
        "hosts": names,
        "pattern": play.hosts if isinstance(play.hosts, str) else ",".join(map(str, play.hosts)),
        "prompts": [
            {"name": prompt["name"], "default": prompt.get("default") is not None}
            for prompt in play.vars_prompt or []
            if prompt["name"] not in variables.extra_vars
        ],
        "gathers": bool(names) and play.gather_facts is not False,
        "tags": sorted(map(str, play.tags)),
        "tasks": tasks,
        "missing": unseen.missing(),
    }


def _tasks(play: Any, of_play: Any) -> Iterator[tuple[str, Any]]:
    """The tasks that the chosen tags leave, each with the part of its play or block."""
    for block in play.compile():
        yield from _of_block(block.filter_tagged_tasks(of_play), "tasks")
    for handlers in [*play.handlers, *(block for role in play.roles for block in role.get_handler_blocks(play))]:
        yield from _of_block(handlers, "handlers")


def _of_block(block: Any, section: str) -> Iterator[tuple[str, Any]]:
    for part in ("block", "rescue", "always"):
        here = section if part == "block" else part
        for task in getattr(block, part):
            if isinstance(task, Block):
                yield from _of_block(task, here)
            elif not (task.action in constants._ACTION_META and task.implicit):  # noqa: SLF001 -- as --list-tasks does
                yield here, task


def _task(task: Any, section: str, unseen: Unseen) -> dict[str, Any]:
    unseen.look_at(task)
    return {
        "name": task.get_name(),
        "action": task.action,
        "path": task.get_path(),
        "tags": sorted(map(str, task.tags)),
        "section": section,
        "dynamic": task.action.rsplit(".", 1)[-1] in _DYNAMIC,
    }


def _role_folders(plays: list[Any]) -> list[str]:
    return [role._role_path for play in plays for role in play.roles]  # noqa: SLF001 -- Ansible says it nowhere else
