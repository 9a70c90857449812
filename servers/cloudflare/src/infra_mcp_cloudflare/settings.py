"""What the operator sets for cloudflare-mcp; the only place that names its environment variables."""

from urllib.parse import urlsplit

from infra_mcp_common.errors import NotConfigured
from infra_mcp_common.runtime import current
from infra_mcp_common.settings import Setting

TOKEN = Setting(
    "CF_API_TOKEN",
    "the API token that acts on your zones",
    "Create one at https://dash.cloudflare.com/profile/api-tokens from the template Edit zone DNS, for just the zones "
    "that are meant.",
    secret=True,
    aliases=("CLOUDFLARE_API_TOKEN",),
)
ACCOUNT = Setting(
    "CF_ACCOUNT_ID",
    "the account that owns the token; only for tokens made under Manage account, which are verified elsewhere",
    "It is in the address of the dashboard: dash.cloudflare.com/<account id>.",
    aliases=("CLOUDFLARE_ACCOUNT_ID",),
)
API_URL = Setting("CF_API_URL", "base URL of the API", default="https://api.cloudflare.com/client/v4")
PROTECTED = Setting(
    "CF_PROTECTED",
    "record names that no tool changes, separated by commas; a zone's name protects all of it, patterns as in "
    "*.prod.example.com are allowed",
)
APEX_CHANGES = Setting(
    "CF_APEX_CHANGES",
    "zones whose own NS and MX records may be changed, separated by commas, * for all; by default none",
)
SETTINGS = (TOKEN, ACCOUNT, API_URL, PROTECTED, APEX_CHANGES)


def api_url() -> str:
    """The base URL, refused where it would send the token in clear over a network."""
    url = current().settings.get(API_URL).rstrip("/")
    parts = urlsplit(url)
    local = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1", "localhost")
    if not (local or (parts.scheme == "https" and parts.hostname)):
        raise NotConfigured(
            f"{API_URL.name} must be an https URL; http is for this machine only.",
            "Correct or remove it.",
            setting=API_URL.name,
        )
    return url


def patterns(setting: Setting) -> tuple[str, ...]:
    """The names in a setting, in lower case."""
    return tuple(part.strip().lower() for part in current().settings.get(setting).split(",") if part.strip())
