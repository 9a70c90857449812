"""What cleaning and masking would do to a text."""

from infra_mcp_common.runtime import current
from infra_mcp_ssh.domain.files import FilePart


def alters(part: FilePart) -> bool:
    """Whether the text of a part is shown otherwise than it is: such a text must not be written back."""
    return not part.binary and (current().tell(part.text) != part.text or part.text.encode() != part.data)
