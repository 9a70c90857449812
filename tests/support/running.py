"""A running call without a server, for the parts of the common layer that only run inside one."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from infra_mcp_common import runtime
from infra_mcp_common.tool_calls import call_context
from infra_mcp_common.tool_calls.call_context import Call


@contextmanager
def serving(call: Call, environment: Mapping[str, str] | None = None) -> Iterator[Call]:
    """Run the block as this call of a server with these settings."""
    with runtime.entered(runtime.Runtime("probe", (), environment or {})), call_context.entered(call):
        yield call
