"""kubectl's errors, told by class: what went wrong and what to do next, its own words beside it."""

import re
from dataclasses import dataclass

from infra_mcp_common.errors import (
    Conflict,
    Denied,
    Failed,
    InfraError,
    InvalidInput,
    NotConfigured,
    NotFound,
    TimedOut,
    Unreachable,
)

_KLOG = re.compile(r"^[EIWF]\d{4} ")
_WARNING = re.compile(r"^(?:Warning|W\d{4}.*?warnings\.go.*?\]):? ")


@dataclass(frozen=True)
class _Class:
    pattern: re.Pattern[str]
    error: type[InfraError]
    problem: str
    next_step: str


def _class(pattern: str, error: type[InfraError], problem: str, next_step: str) -> _Class:
    return _Class(re.compile(pattern), error, problem, next_step)


# The first that fits wins. {} is the group of the pattern.
_CLASSES = (
    _class(
        r"Apply failed with \d+ conflict",
        Conflict,
        "Fields of the manifest belong to other managers.",
        "Leave those fields out, or repeat with force_conflicts: true if they are to be taken over on purpose.",
    ),
    _class(
        r"must be logged in to the server|\(Unauthorized\)|getting credentials: exec",
        Denied,
        "The cluster did not accept the credentials of this context.",
        "They may have expired: log in again the way this kubeconfig was made.",
    ),
    _class(
        r"\(Forbidden\)|is forbidden:",
        Denied,
        "This context's user may not do that.",
        "Check with can_i, or ask the cluster's administrator for the right.",
    ),
    _class(
        r'doesn\'t have a resource type "([^"]*)"',
        InvalidInput,
        "The cluster has no kind {}.",
        "api_resources lists the kinds it has.",
    ),
    _class(
        r'no matches for kind "([^"]*)"',
        NotFound,
        "The cluster has no kind {} in that apiVersion.",
        "Correct apiVersion and kind (api_resources lists them), or install its CustomResourceDefinition first.",
    ),
    _class(r'namespaces "([^"]*)" not found', NotFound, "There is no namespace {}.", "Create it first, or correct it."),
    _class(r"\(NotFound\)|not found", NotFound, "There is no such object.", "List what is there with get."),
    _class(
        r"unknown field|strict decoding error|cannot unmarshal|cannot be handled as|error parsing|error decoding",
        InvalidInput,
        "The cluster can't read the object: a field is unknown or has a wrong type.",
        "explain shows the fields of a kind and their types.",
    ),
    _class(
        r"\(Invalid\)|is invalid:|\(BadRequest\)|invalid label|invalid resource name",
        InvalidInput,
        "The cluster refuses a value.",
        "Correct what it names; explain shows what a field means.",
    ),
    _class(
        r"\(AlreadyExists\)|already has a value|\(Conflict\)|has been modified|Precondition failed",
        Conflict,
        "The object is not in the state this call needs.",
        "Look at it with get, then decide anew.",
    ),
    _class(
        r"[Mm]etrics API not available|metrics not available|metrics\.k8s\.io",
        Failed,
        "The cluster has no metrics.",
        "Install metrics-server, or wait a minute after a start.",
    ),
    _class(
        r"context was not found|does not exist in kubeconfig|error loading config file|invalid configuration",
        NotConfigured,
        "kubectl can't use the kubeconfig.",
        "Mend the file that KUBECONFIG names.",
    ),
    _class(
        r"timed out waiting|i/o timeout.*waiting|global timeout|deadline exceeded waiting",
        TimedOut,
        "The cluster did not get there in time.",
        "Look at the state with get or diagnose; what was begun goes on.",
    ),
    _class(
        r"certificate has expired",
        Unreachable,
        "The cluster's certificate has expired, or a clock is wrong.",
        "Renew it on the control plane (kubeadm certs renew all, or what made the cluster).",
    ),
    _class(
        r"x509:|certificate|tls:",
        Unreachable,
        "The cluster's certificate is not trusted.",
        "Correct certificate-authority in the kubeconfig; it is not skipped.",
    ),
    _class(
        r"TooManyRequests",
        Failed,
        "The API server has more requests than it takes.",
        "Wait a moment, then ask for less at once.",
    ),
    _class(
        r"\(InternalError\): (?!an error on the server)",
        Failed,
        "The API server failed inside.",
        "Try again; if it stays so, its own log tells why, or that of a webhook it called.",
    ),
    _class(
        r"serializer for text/html|invalid character '<'",
        Failed,
        "A web page answered instead of an API server.",
        "A proxy or portal may stand between; check the address in the kubeconfig.",
    ),
    _class(
        r"unexpected end of JSON|unexpected EOF",
        Failed,
        "The answer was cut off.",
        "Try again; if it stays so, look at what stands between here and the API server.",
    ),
    _class(
        r"EOF|connection reset",
        Unreachable,
        "The cluster's API server broke the connection off.",
        "Try again; if it stays so, look at the server, or at what stands between.",
    ),
    _class(
        r"connection refused|was refused|no such host|i/o timeout|Unable to connect|no route to host|unreachable"
        r"|ServiceUnavailable|\(InternalError\)|the server is currently unable|an error on the server",
        Unreachable,
        "The cluster's API server does not answer.",
        "Check that it runs and that the address in the kubeconfig is right.",
    ),
)


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


def failure(deed: str, stderr: str) -> InfraError:
    """The error for a kubectl that failed."""
    said = complaint(stderr)
    for known in _CLASSES:
        if found := known.pattern.search(said):
            problem = known.problem.format(*found.groups()) if found.groups() else known.problem
            return known.error(f"{deed} failed. {problem}", known.next_step, said=said)
    return Failed(f"{deed} failed.", said=said)


def conflicts(said: str) -> list[tuple[str, str]]:
    """The managers and fields of a server-side apply conflict."""
    found: list[tuple[str, str]] = []
    owner = ""
    for line in said.splitlines():
        if named := re.search(r'conflicts? with "([^"]*)"', line):
            owner = named[1]
            if single := re.search(r": (\.\S+)$", line):
                found.append((owner, single[1]))
        elif owner and (field := re.match(r"^- (\.\S+)", line)):
            found.append((owner, field[1]))
    return found
