"""Cloudflare's API v4, by noun. URL paths are in this room only."""

from infra_mcp_cloudflare.transport.client import Client
from infra_mcp_cloudflare.transport.rate_limit import RateLimit
from infra_mcp_cloudflare.transport.records import Records
from infra_mcp_cloudflare.transport.tokens import Tokens
from infra_mcp_cloudflare.transport.zone_settings import ZoneSettings
from infra_mcp_cloudflare.transport.zones import Zones
from infra_mcp_common.io.http import Http


class CloudflareApi:
    """One token's view of Cloudflare. account: that owns the token, where no user does."""

    def __init__(self, http: Http, account: str) -> None:
        client = Client(http)
        self.http = http
        self.rate_limit: RateLimit = client.rate_limit
        self.zones = Zones(client)
        self.records = Records(client)
        self.settings = ZoneSettings(client)
        self.tokens = Tokens(client, account)
