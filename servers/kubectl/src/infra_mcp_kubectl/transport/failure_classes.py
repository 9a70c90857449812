"""The failures of kubectl that are known by their words."""

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
from infra_mcp_kubectl.settings import KUBECONFIG


@dataclass(frozen=True)
class FailureClass:
    """What kubectl says of one kind of failure, and what we say of it."""

    pattern: re.Pattern[str]
    error: type[InfraError]
    problem: str
    next_step: str


def _class(pattern: str, error: type[InfraError], problem: str, next_step: str) -> FailureClass:
    return FailureClass(re.compile(pattern), error, problem, next_step)


# The first that fits wins. {} is the group of the pattern.
CLASSES = (
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
        f"Mend the file that {KUBECONFIG.name} names.",
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
