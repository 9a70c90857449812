"""The token itself."""

from infra_mcp_cloudflare import doctor
from infra_mcp_cloudflare.answers.records import TokenReport
from infra_mcp_cloudflare.tools.parameters import Api
from infra_mcp_common.tool_calls.declaration import tool


@tool("read")
async def verify_token(api: Api) -> TokenReport:
    """Check the API token: whether it is valid, until when, and what it may read."""
    return await doctor.examine(api)
