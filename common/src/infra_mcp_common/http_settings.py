"""What may be set of serving over HTTP, and the flags for it; `http_server` serves."""

import argparse

from infra_mcp_common.settings import Setting

CONFIG = Setting("INFRA_MCP_HTTP_CONFIG", "file with these settings and named keys, YAML or .env")
HOST = Setting("INFRA_MCP_HTTP_HOST", "address to listen on", aliases=("bind_host", "BIND_HOST"), default="127.0.0.1")
PORT = Setting("INFRA_MCP_HTTP_PORT", "port to listen on; each server has its own", aliases=("bind_port", "BIND_PORT"))
API_KEY = Setting(
    "INFRA_MCP_API_KEY",
    "the key that HTTP clients send as Authorization: Bearer, at least 16 characters",
    "Make one: openssl rand -hex 32",
    secret=True,
    aliases=("mcp_api_key", "MCP_API_KEY"),
)
NAMES = Setting("INFRA_MCP_HTTP_NAMES", "host names under which clients reach the server, separated by commas")
CERTIFICATE = Setting("INFRA_MCP_TLS_CERTIFICATE", "file with the TLS certificate and its chain, PEM")
CERTIFICATE_KEY = Setting("INFRA_MCP_TLS_KEY", "file with the private key of the TLS certificate, PEM")
CONNECTIONS = Setting("INFRA_MCP_HTTP_CONNECTIONS", "how many connections may be open at once", default="2000")
BODY = Setting("INFRA_MCP_HTTP_BODY", "largest request in bytes", default="4194304")
PATIENCE = Setting("INFRA_MCP_HTTP_PATIENCE", "seconds that a client may take to send a request", default="10")
GRACE = Setting("INFRA_MCP_HTTP_GRACE", "seconds that running calls get when the server is stopped", default="30")
HTTP_SETTINGS = (CONFIG, HOST, PORT, API_KEY, NAMES, CERTIFICATE, CERTIFICATE_KEY, CONNECTIONS, BODY, PATIENCE, GRACE)

# A secret on a command line can be read by everybody on the machine; the address has a flag of its own.
_FLAGS = tuple(setting for setting in HTTP_SETTINGS if setting not in (API_KEY, HOST, PORT))


def add_flags(parser: argparse.ArgumentParser, port: int) -> None:
    """`--http`, and a flag for each setting but the key."""
    group = parser.add_argument_group("HTTP", "for clients on other machines; see SECURITY.md first")
    address = f"127.0.0.1:{port}"
    group.add_argument(
        "--http",
        nargs="?",
        const="",
        metavar="HOST:PORT",
        help=f"serve at /mcp over HTTP, not stdio (default: {address})",
    )
    for setting in _FLAGS:
        group.add_argument(_flag(setting), metavar="VALUE", help=setting.meaning)


def _flag(setting: Setting) -> str:
    return "--" + setting.short_name.replace("_", "-")
