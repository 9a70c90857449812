"""The one connection of the process to Cloudflare, made at the first call and anew when the settings change."""

from infra_mcp_cloudflare import settings
from infra_mcp_cloudflare.api import CloudflareApi
from infra_mcp_common.http import Http

_api: CloudflareApi | None = None


async def connect() -> CloudflareApi:
    """The API for the present settings; NotConfigured where the token is missing."""
    global _api  # noqa: PLW0603 -- one token, one set of connections
    token, url = settings.SETTINGS.require(settings.TOKEN), settings.api_url()
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
    if _api is None or (_api.http.base, _api.http.headers) != (url, headers):
        await close()
        _api = CloudflareApi(Http("Cloudflare", url, headers))
    _api.account = settings.SETTINGS.get(settings.ACCOUNT)
    return _api


async def close() -> None:
    """Let go of the connections."""
    global _api  # noqa: PLW0603
    if _api is not None:
        _api.http.close()
        _api = None
