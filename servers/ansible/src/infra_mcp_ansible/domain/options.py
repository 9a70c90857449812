"""How a playbook or a module is to run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from infra_mcp_ansible.domain.arguments import check_extra_vars, check_plain


@dataclass(frozen=True)
class Options:
    """Options of ansible-playbook. Raises InvalidInput for what Ansible would take for something else."""

    limit: str | None = None
    tags: Sequence[str] = ()
    skip_tags: Sequence[str] = ()
    extra_vars: Mapping[str, object] = field(default_factory=dict)
    check: bool = False
    diff: bool = False
    become: bool = False
    become_user: str | None = None
    forks: int | None = None
    verbosity: int = 0

    def __post_init__(self) -> None:
        check_plain("become_user", self.become_user)
        check_plain("limit", self.limit)
        for tag in (*self.tags, *self.skip_tags):
            check_plain("tag", tag)
        check_extra_vars(self.extra_vars)
