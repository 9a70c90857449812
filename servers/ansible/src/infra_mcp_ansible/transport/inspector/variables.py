"""Which variables the tasks of a play use although nothing that can be seen beforehand defines them."""

import re
from collections.abc import Iterator

from jinja2 import Environment, TemplateSyntaxError, nodes

from infra_mcp_ansible.domain.variables import Variables
from infra_mcp_ansible.transport.inspector.ansible_objects import Inventory, Play, Task, VariableManager
from infra_mcp_ansible.transport.inspector.protocol import MissingAnswer

_BARE = ("when", "changed_when", "failed_when", "until")
_TEMPLATED = ("args", "vars", "environment", "loop", "name", "delegate_to", "become_user")
_MAGIC = re.compile(
    r"ansible_.*|item|omit|hostvars|groups?|group_names|inventory_.*|play_hosts|playbook_dir|role_.*|environment|vars"
)
_GUARDS = {"defined", "undefined"}
_DEFAULTS = {"default", "d"}
_LOADERS = {"include_vars", "set_stats", "add_host", "group_by"}


class Unseen:
    """Looks at the tasks of one play, through the eyes of its first host."""

    def __init__(self, play: Play, names: list[str], inventory: Inventory, variables: VariableManager) -> None:
        self._play, self._variables = play, variables
        self._host = inventory.get_host(names[0]) if names else None
        self._used: dict[str, tuple[str, str]] = {}
        self._made: set[str] = {prompt["name"] for prompt in play.vars_prompt or []}
        self._loads = False

    def look_at(self, task: Task) -> None:
        """Note what this task uses, and what it leaves behind for later ones."""
        action = task.action.rsplit(".", 1)[-1]
        self._loads = self._loads or action in _LOADERS
        if task.register:
            self._made.add(str(task.register))
        if action == "set_fact":
            self._made |= set(task.args)
        if self._host is None:
            return
        known = self._variables.get_vars(play=self._play, host=self._host, task=task)
        local = {task.loop_control.loop_var, task.loop_control.index_var} if task.loop_control else set()
        for name in _names(_expressions(task), known, set()):
            if name not in known and name not in local and not _MAGIC.fullmatch(name):
                self._used.setdefault(name, (task.get_name(), task.get_path()))

    def missing(self) -> list[MissingAnswer]:
        return [
            {"name": name, "task": task, "path": path, "perhaps_loaded": self._loads}
            for name, (task, path) in self._used.items()
            if name not in self._made
        ]


def _expressions(task: Task) -> list[str]:
    bare = [f"{{{{ {text} }}}}" for field in _BARE for text in _texts(getattr(task, field, None))]
    return bare + [text for field in _TEMPLATED for text in _texts(getattr(task, field, None))]


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield str(value)
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)


def _names(texts: list[str], known: Variables, seen: set[str]) -> set[str]:
    """The names in these templates, and in the variables that they lead to."""
    names: set[str] = set()
    guarded: set[str] = set()
    for text in texts:
        if "{{" in text or "{%" in text:
            used, safe = _in_template(text)
            names |= used
            guarded |= safe
    names -= guarded
    deeper = [text for name in names - seen if name in known for text in _texts(known[name])]
    return names | (_names(deeper, known, seen | names) if deeper else set())


def _in_template(text: str) -> tuple[set[str], set[str]]:
    """Names used, and those that the template itself provides for when they are undefined."""
    try:
        tree = Environment(autoescape=False).parse(text)  # noqa: S701 -- it is only parsed
    except TemplateSyntaxError:
        return set(), set()
    every = list(tree.find_all(nodes.Name))
    stored = {name.name for name in every if name.ctx != "load"}
    tests = [test.node for test in tree.find_all(nodes.Test) if test.name in _GUARDS]
    filters = [call.node for call in tree.find_all(nodes.Filter) if call.name in _DEFAULTS]
    safe = {name.name for node in tests + filters if node for name in _with_itself(node)}
    return {name.name for name in every} - stored, safe | {"lookup", "query", "q", "now", "undef", "range", "dict"}


def _with_itself(node: nodes.Node) -> Iterator[nodes.Name]:
    if isinstance(node, nodes.Name):
        yield node
    yield from node.find_all(nodes.Name)
