"""Texts that may be too long for one answer."""

from infra_mcp_common.io.kept_output import Capture
from infra_mcp_common.results import Output


def cut(text: str) -> Output:
    """Head and tail of a text; the whole can be read by read_output."""
    capture = Capture()
    capture.feed(text.encode())
    return capture.output()
