"""Settings of the HTTP endpoint: by flag, environment, env file, or the file that `--http-config` names."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra_mcp_common.errors import NotConfigured
from infra_mcp_common.http_settings import CONFIG, HOST, HTTP_SETTINGS, PORT
from infra_mcp_common.runtime import Runtime
from infra_mcp_common.settings import Setting, Settings, private_text


@dataclass(frozen=True)
class Lookup:
    """Finds a setting's value: first the flag, then the environment and the env file, then the named file."""

    settings: Settings
    flags: Mapping[str, Any]
    file: Mapping[str, Any]
    port: int

    @classmethod
    def of(cls, runtime: Runtime, flags: Mapping[str, Any], port: int) -> "Lookup":
        """port: what this server listens on where nothing else is set."""
        path = flags.get("http_config") or runtime.settings.get(CONFIG)
        return cls(runtime.settings, flags, _read(runtime.paths.expand(path)) if path else {}, port)

    def get(self, setting: Setting) -> str:
        flag = self.flags.get(setting.short_name)
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
        port = port or self.get(PORT) or str(self.port)
        if not port.isascii() or not port.isdecimal() or int(port) > 65535:
            raise NotConfigured(f"{port} is not a port.", "Give HOST:PORT, as 127.0.0.1:3001.")
        return host or self.get(HOST), int(port)

    def _from_file(self, setting: Setting) -> Any:
        names = (setting.name, setting.short_name, *setting.aliases)
        return next((self.file[name] for name in names if name in self.file), None)


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
    known = {"keys"} | {name for s in HTTP_SETTINGS for name in (s.name, s.short_name, *s.aliases)}
    unknown = sorted(set(map(str, content)) - known) if isinstance(content, dict) else ["no names"]
    if unknown:
        raise NotConfigured(f"{path} holds {', '.join(unknown)}, which is not known here.", "Correct or remove it.")
    return dict(content)
