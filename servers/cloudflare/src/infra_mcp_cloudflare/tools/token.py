"""The token itself."""

from infra_mcp_cloudflare.answers.token import TokenReport
from infra_mcp_cloudflare.tools.parameters import Api
from infra_mcp_common.tool_calls.declaration import tool


@tool("read")
async def verify_token(api: Api) -> TokenReport:
    """Check the API token: whether it is valid, until when, and what it may read."""
    token = await api.tokens.verify()
    return TokenReport.of(token, await api.tokens.rights(), rate_limit=api.rate_limit.warning)
