"""Which sensitive outputs may be shown in clear."""

from fnmatch import fnmatchcase

from infra_mcp_common.errors import InvalidInput, Refused
from infra_mcp_terraform.settings import REVEAL, revealed_outputs


def check_reveal(name: str | None) -> None:
    """Refuse to show an output in clear that the operator has not allowed."""
    if name is None:
        raise InvalidInput("reveal needs the name of one output.", "Pass name as well.")
    if not any(fnmatchcase(name, pattern) for pattern in revealed_outputs()):
        raise Refused(
            f"The operator's {REVEAL.name} does not allow output {name} to be shown in clear.",
            "Only the operator can change that setting.",
        )
