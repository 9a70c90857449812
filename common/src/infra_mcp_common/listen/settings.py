"""Settings of the HTTP endpoint: by flag, environment, env file, or the file that `--http-config` names."""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra_mcp_common.credentials import Setting, Settings, private_text
from infra_mcp_common.errors import NotConfigured

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
# Of each server, so that several can run on one machine without a thought.
_PORTS = {"proxmox": 3001, "cloudflare": 3002, "ssh": 3003, "terraform": 3004, "ansible": 3005, "kubectl": 3006}


def add_flags(parser: argparse.ArgumentParser, server: str) -> None:
    """`--http`, and a flag for each setting but the key."""
    group = parser.add_argument_group("HTTP", "for clients on other machines; see SECURITY.md first")
    address = f"127.0.0.1:{_PORTS.get(server, 3001)}"
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
    return "--" + setting.name.removeprefix("INFRA_MCP_").lower().replace("_", "-")


@dataclass(frozen=True)
class Lookup:
    """Finds a setting's value: first the flag, then the environment and the env file, then the named file."""

    settings: Settings
    flags: Mapping[str, Any]
    file: Mapping[str, Any]

    @classmethod
    def of(cls, settings: Settings, flags: Mapping[str, Any]) -> "Lookup":
        path = flags.get("http_config") or settings.get(CONFIG)
        return cls(settings, flags, _read(Path(path).expanduser()) if path else {})

    def get(self, setting: Setting) -> str:
        flag = self.flags.get(_flag(setting)[2:].replace("-", "_"))
        if flag:
            return str(flag)
        found = self.settings.find(setting)
        return found.value if found else str(self._from_file(setting) or setting.default)

    def number(self, setting: Setting) -> int:
        """The value as a whole number above zero."""
        value = self.get(setting)
        if not value.isascii() or not value.isdecimal() or int(value) < 1:
            raise NotConfigured(f"{setting.name} must be a whole number above 0.", "Correct or remove it.")
        return int(value)

    def address(self) -> tuple[str, int]:
        """Where to listen. Port 0 takes any free one."""
        host, port = _split(str(self.flags.get("http") or ""))
        port = port or self.get(PORT) or str(_PORTS.get(self.settings.server, 3001))
        if not port.isascii() or not port.isdecimal() or int(port) > 65535:
            raise NotConfigured(f"{port} is not a port.", "Give HOST:PORT, as 127.0.0.1:3001.")
        return host or self.get(HOST), int(port)

    def _from_file(self, setting: Setting) -> Any:
        short = setting.name.removeprefix("INFRA_MCP_").lower()
        return next((self.file[name] for name in (setting.name, short, *setting.aliases) if name in self.file), None)


def _split(address: str) -> tuple[str, str]:
    if address.isdecimal():
        return "", address
    if address.startswith("["):
        host, _, rest = address[1:].partition("]")
        return host, rest.removeprefix(":")
    host, _, port = address.rpartition(":")
    return (host, port) if ":" in address else (address, "")


def _read(path: Path) -> dict[str, Any]:
    """The named file as a mapping; it may hold keys, so it must be private."""
    text = private_text(path)
    if path.suffix == ".env":
        import io

        from dotenv import dotenv_values

        return {
            name: value for name, value in dotenv_values(stream=io.StringIO(text), interpolate=False).items() if value
        }
    import yaml

    try:
        content = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        where = getattr(error, "problem_mark", None)
        at = f" (line {where.line + 1})" if where else ""
        raise NotConfigured(f"{path} is not YAML{at}.", "Correct it.") from None
    known = {"keys"} | {name for s in HTTP_SETTINGS for name in (s.name, s.name[10:].lower(), *s.aliases)}
    unknown = sorted(set(map(str, content)) - known) if isinstance(content, dict) else ["no names"]
    if unknown:
        raise NotConfigured(f"{path} holds {', '.join(unknown)}, which is not known here.", "Correct or remove it.")
    return dict(content)
