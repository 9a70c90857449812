"""kubectl's errors, told by class: what went wrong and what to do next, its own words beside it."""

import re
from collections.abc import Iterable

from infra_mcp_common.errors import Failed, InfraError
from infra_mcp_kubectl.domain.apply import FieldOwner
from infra_mcp_kubectl.domain.secrets import without
from infra_mcp_kubectl.transport.failure_classes import CLASSES

_KLOG = re.compile(r"^[EIWF]\d{4} ")
_WARNING = re.compile(r"^(?:Warning|W\d{4}.*?warnings\.go.*?\]):? ")


def complaint(stderr: str) -> str:
    """What kubectl really said: without the log lines of its libraries and without warnings."""
    lines = [line for line in stderr.splitlines() if not _KLOG.match(line) and not _WARNING.match(line)]
    kept: list[str] = []
    for line in lines:
        # A refused patch is quoted in full; whoever sent it knows it.
        if kept and kept[-1].endswith("error when applying patch:") and line.startswith("{"):
            continue
        # The advice after a conflict speaks of command-line flags; ours follows in the next step.
        if line.startswith("Please review the fields above"):
            break
        kept.append(line)
    return "\n".join(kept).strip() or stderr.strip()[-500:]


def warnings(stderr: str) -> list[str]:
    """The warnings of the API server."""
    return [_WARNING.sub("", line) for line in stderr.splitlines() if line.startswith("Warning:")]


def failure(action: str, stderr: str, hidden: Iterable[str] = ()) -> InfraError:
    """The error for a kubectl that failed. hidden: texts that must not be quoted in it."""
    complained = complaint(stderr)
    said = without(complained, hidden)
    for known in CLASSES:
        if found := known.pattern.search(complained):
            groups = [without(group, hidden) for group in found.groups()]
            problem = known.problem.format(*groups) if groups else known.problem
            return known.error(f"{action} failed. {problem}", known.next_step, said=said)
    return Failed(f"{action} failed.", said=said)


def conflicts(said: str) -> list[FieldOwner]:
    """The managers and fields of a server-side apply conflict."""
    found: list[FieldOwner] = []
    owner = ""
    for line in said.splitlines():
        if named := re.search(r'conflicts? with "([^"]*)"', line):
            owner = named[1]
            if single := re.search(r": (\.\S+)$", line):
                found.append(FieldOwner(owner, single[1]))
        elif owner and (field := re.match(r"^- (\.\S+)", line)):
            found.append(FieldOwner(owner, field[1]))
    return found
