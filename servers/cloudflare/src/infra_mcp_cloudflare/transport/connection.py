"""The connection to Cloudflare, made at the first call and anew when the settings change."""

from infra_mcp_cloudflare import settings
from infra_mcp_cloudflare.transport.api import CloudflareApi
from infra_mcp_common.io.http import Http
from infra_mcp_common.runtime import current


class Connection:
    """Keeps the API as long as the settings stay what they are."""

    def __init__(self) -> None:
        self._api: CloudflareApi | None = None
        self._made_from: tuple[str, str, str] | None = None

    def api(self) -> CloudflareApi:
        """The API for the present settings; NotConfigured where the token is missing."""
        token, url = current().settings.require(settings.TOKEN), settings.api_url()
        account = current().settings.get(settings.ACCOUNT)
        if self._api is None or self._made_from != (token, url, account):
            self.close()
            headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
            self._api = CloudflareApi(Http("Cloudflare", url, headers), account)
            self._made_from = (token, url, account)
        return self._api

    def close(self) -> None:
        """Let go of the connections."""
        if self._api is not None:
            self._api.http.close()
            self._api = None


async def connect() -> CloudflareApi:
    """For `Resolve`: the API with the credentials of now; what is missing is said at this call."""
    return current().keep(Connection).api()
