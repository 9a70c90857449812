"""What can be wrong with a question, by kind, for the server to put into words."""

from collections.abc import Iterator
from contextlib import contextmanager

from ansible.errors import AnsibleError  # type: ignore[import-untyped]
from ansible.parsing.vault import AnsibleVaultError  # type: ignore[import-untyped]

from infra_mcp_ansible.transport.inspector.protocol import ProblemKind


class Problem(Exception):
    """said: Ansible's own words."""

    def __init__(self, kind: ProblemKind, said: str = "") -> None:
        super().__init__(kind)
        self.kind, self.said = kind, said


@contextmanager
def reading(kind: ProblemKind) -> Iterator[None]:
    """Tell Ansible's errors in this block as a problem with that kind of thing."""
    try:
        yield
    except AnsibleVaultError as error:
        raise Problem("vault", str(error)) from error
    except AnsibleError as error:
        raise Problem(kind, str(error)) from error
