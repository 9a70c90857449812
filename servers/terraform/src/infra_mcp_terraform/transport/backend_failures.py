"""What goes wrong with the place that keeps the state, in the words of terraform and of its backends."""

import re

from infra_mcp_common.errors import InfraError
from infra_mcp_terraform.transport.errors import BackendDenied, BackendUnreachable, TerraformFailed

_BACKEND: tuple[tuple[str, type[InfraError], str, str], ...] = (
    (
        r"endpoint requires auth|no valid credential|could not find default credentials",
        BackendDenied,
        "The state backend wants credentials, and has none.",
        "Put them into the environment that this server is started with, as the backend's documentation names them.",
    ),
    (
        r"endpoint invalid auth|AccessDenied|InvalidAccessKeyId|status code: 403|AuthorizationFail",
        BackendDenied,
        "The state backend refuses the credentials.",
        "They may have expired, or lack the right to this state.",
    ),
    (
        r"state file could not be parsed|Unsupported state file format",
        TerraformFailed,
        "What the state backend answered is no state.",
        "Check the address in the backend's configuration; a proxy or portal may stand between.",
    ),
    (
        r"giving up after \d+ attempt|connection refused|no such host|connection reset|i/o timeout|\bEOF\b",
        BackendUnreachable,
        "The state backend does not answer.",
        "Check that it runs and that its address is right. Nothing was changed.",
    ),
)


def backend_failure(text: str) -> InfraError | None:
    """The error of the state backend that the text tells of, or None."""
    for pattern, kind, problem, advice in _BACKEND:
        if re.search(pattern, text):
            return kind(problem, advice, said=text)
    return None
