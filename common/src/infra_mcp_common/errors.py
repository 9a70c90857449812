"""What can go wrong, once for all servers. Each becomes an `isError` result that says what, why and what to do next.

InfraError
├── InvalidInput    the arguments can't be right, whatever the state of the system
├── NotConfigured   a setting is missing, unreadable or wrong
├── Refused         the operator's policy, or this server's own safety, says no
├── NotFound        what the arguments name is not there
├── Denied          the other side did not accept who we are, or does not let us do this
├── Unreachable     no answer: name, address, network, TLS, identity of the other side
├── Conflict        the state is not the one this call needs: locked, changed, exists already
├── Failed          the other side tried and could not
├── TimedOut        the deadline passed; says what may still be running
└── Unexpected      a fault of this server
"""

import re
from typing import ClassVar


class InfraError(Exception):
    """A failure that a person can act on.

    problem: what failed and why, a sentence. next_step: what to do about it, a sentence.
    said: the other side's own words, kept apart from ours. facts: machine-readable details, free of secrets.
    """

    kind: ClassVar[str] = "error"
    mendable_by_settings: ClassVar[bool] = False

    def __init_subclass__(cls) -> None:
        cls.kind = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    def __init__(self, problem: str, next_step: str = "", *, said: str = "", **facts: object) -> None:
        super().__init__(problem)
        self.problem = problem
        self.next_step = next_step
        self.said = said.strip()
        self.facts = facts

    def __str__(self) -> str:
        return f"{self.problem} {self.next_step}".strip()


class InvalidInput(InfraError):
    pass


class NotConfigured(InfraError):
    mendable_by_settings = True


class Refused(InfraError):
    pass


class NotFound(InfraError):
    pass


class Denied(InfraError):
    mendable_by_settings = True


class Unreachable(InfraError):
    mendable_by_settings = True


class Conflict(InfraError):
    pass


class Failed(InfraError):
    pass


class TimedOut(InfraError):
    pass


class Unexpected(InfraError):
    pass
