"""What the inspector reads of Ansible's own objects, which have no types."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from infra_mcp_ansible.domain.variables import Variables


class Group(Protocol):
    name: str
    child_groups: "list[Group]"
    hosts: "list[Host]"


class Host(Protocol):
    name: str

    def get_groups(self) -> list[Group]: ...


class Inventory(Protocol):
    hosts: Mapping[str, Host]
    groups: Mapping[str, Group]

    def list_hosts(self, pattern: object = "all") -> list[Host]: ...
    def get_host(self, name: str) -> Host: ...
    def subset(self, pattern: str | None) -> None: ...


class VariableManager(Protocol):
    extra_vars: Variables

    def get_vars(
        self,
        *,
        play: "Play | None" = None,
        host: Host | None = None,
        task: "Task | None" = None,
        include_hostvars: bool = True,
    ) -> Variables: ...


class Loader(Protocol):
    """It knows the vault passwords."""

    def load_from_file(self, path: str) -> object: ...
    def get_text_file_contents(self, path: str) -> str: ...
    def set_basedir(self, folder: str) -> None: ...


class LoopControl(Protocol):
    loop_var: str
    index_var: str | None


class Task(Protocol):
    action: str
    args: Mapping[str, object]
    tags: Iterable[object]
    register: object
    implicit: bool
    loop_control: LoopControl | None

    def get_name(self) -> str: ...
    def get_path(self) -> str: ...


class Block(Protocol):
    """Among its tasks there may be blocks, too."""

    block: list[Task]
    rescue: list[Task]
    always: list[Task]

    def filter_tagged_tasks(self, variables: Variables) -> "Block": ...


class Role(Protocol):
    _role_path: str

    def get_handler_blocks(self, play: "Play") -> list[Block]: ...


class Prompt(Protocol):
    """A mapping, as the playbook has it."""

    def __getitem__(self, name: str) -> str: ...
    def get(self, name: str) -> object: ...


class Play(Protocol):
    hosts: str | Sequence[object]
    tags: Iterable[object]
    vars_prompt: list[Prompt] | None
    gather_facts: bool | None
    handlers: list[Block]
    roles: list[Role]

    def get_name(self) -> str: ...
    def compile(self) -> list[Block]: ...


class CommandLine(Protocol):
    """A command of Ansible's, such as ansible-playbook."""

    def parse(self) -> None: ...
    def _play_prereqs(self) -> tuple[Loader, Inventory, VariableManager]: ...
