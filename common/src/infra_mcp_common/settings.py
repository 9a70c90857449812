"""Settings and secrets, looked up when a call needs them and never before.

For each name: the environment, then the server's env file, then the file that NAME_FILE points to. Empty counts as
unset, and so does a literal `${NAME}`, which clients pass on when they can't expand it. The env file is read again
when it changed, so a mended setting works at the next call.
"""

import os
import re
import stat
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from infra_mcp_common.errors import NotConfigured
from infra_mcp_common.paths import Paths
from infra_mcp_common.text.redaction import Secrets

_UNEXPANDED = re.compile(r"\$\{[^}]*\}")
TRUE, FALSE = frozenset({"true", "1", "yes", "on"}), frozenset({"false", "0", "no", "off"})


@dataclass(frozen=True)
class Setting:
    """One name the operator may set.

    meaning: what it is. where: where to get it. aliases: names that other tools use for the same thing.
    parts: the secrets in the value of a secret setting, where it holds several or more than the secret.
    """

    name: str
    meaning: str
    where: str = ""
    secret: bool = False
    aliases: tuple[str, ...] = ()
    default: str = ""
    parts: Callable[[str], Iterable[str]] | None = None

    @property
    def short_name(self) -> str:
        """The name as a flag or a configuration file of ours has it: INFRA_MCP_READ_ONLY is read_only."""
        return self.name.removeprefix("INFRA_MCP_").lower()


@dataclass(frozen=True)
class Found:
    value: str
    source: str


class Settings:
    """The settings of one server and their values; the server's `settings.py` is the only place that names them."""

    def __init__(
        self, known: Sequence[Setting], environment: Mapping[str, str], paths: Paths, secrets: Secrets
    ) -> None:
        self.known = tuple(known)
        self._environment, self._paths, self._secrets = environment, paths, secrets
        self._cached: tuple[tuple[int, int, int], dict[str, str]] = ((0, 0, 0), {})

    def find(self, setting: Setting) -> Found | None:
        """The value and where it came from, or None where it is unset."""
        from_file = self._env_file()
        for name in (setting.name, *setting.aliases):
            for values, source in ((self._environment, "environment"), (from_file, str(self._paths.config_file))):
                found = _usable(values.get(name)) or self._read_file(name, _usable(values.get(f"{name}_FILE")))
                if found:
                    if setting.secret:
                        for secret in (found, *(setting.parts(found) if setting.parts else ())):
                            self._secrets.learn(secret)
                    return Found(found, source)
        return None

    def get(self, setting: Setting) -> str:
        """The value, or the setting's default."""
        found = self.find(setting)
        return found.value if found else setting.default

    def require(self, setting: Setting) -> str:
        """The value; NotConfigured names the variable, what it is and where to get it."""
        value = self.get(setting)
        if not value:
            raise NotConfigured(
                f"{setting.name} is not set: {setting.meaning}.",
                f"{setting.where} Put {setting.name}=... into {self._paths.config_file} (mode 0600) or the "
                "environment; the next call picks it up.".lstrip(),
                setting=setting.name,
            )
        return value

    def flag(self, setting: Setting) -> bool:
        """The value as a yes or no; NotConfigured where it is neither."""
        value = self.get(setting).lower()
        if value in TRUE or value in FALSE or not value:
            return value in TRUE
        raise NotConfigured(f"{setting.name} must be true or false.", "Correct or remove it.", setting=setting.name)

    def learn_secrets(self) -> None:
        """Make every secret that is set known to the redaction, needed or not; what can't be read is told elsewhere."""
        for setting in self.known:
            if setting.secret:
                with suppress(NotConfigured):
                    self.find(setting)

    def _env_file(self) -> dict[str, str]:
        path = self._paths.config_file
        try:
            status = path.stat()
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise NotConfigured(f"{path} can't be read: {error.strerror}.", "Correct its owner or mode.") from None
        _check_private(path, status)
        stamp = (status.st_ino, status.st_mtime_ns, status.st_size)
        if stamp != self._cached[0]:
            self._cached = (stamp, _parse(path))
        return self._cached[1]

    def _read_file(self, name: str, path: str | None) -> str | None:
        if path is None:
            return None
        try:
            return _usable(self._paths.expand(path).read_text("utf-8"))
        except (OSError, UnicodeDecodeError):
            problem = f"The file that {name}_FILE points to can't be read."
            raise NotConfigured(problem, f"Correct {name}_FILE or the file's owner and mode.", setting=name) from None


def _usable(value: str | None) -> str | None:
    return None if not value or not value.strip() or _UNEXPANDED.fullmatch(value.strip()) else value.strip()


def _check_private(path: Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise NotConfigured(f"{path} is not a regular file.", "Replace it by one.")
    if status.st_mode & 0o077:
        raise NotConfigured(f"{path} can be read by others.", f"Run: chmod 600 {path}")


def private_text(path: Path) -> str:
    """The text of an operator's file, which nobody else may be able to read."""
    try:
        _check_private(path, path.stat())
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise NotConfigured(f"{path} can't be read as text.", "Correct its owner, mode or contents.") from None


def _parse(path: Path) -> dict[str, str]:
    from dotenv import dotenv_values

    try:
        return {name: value for name, value in dotenv_values(path, interpolate=False).items() if value}
    except (OSError, UnicodeDecodeError):
        raise NotConfigured(f"{path} can't be read as text.", "Correct its owner, mode or contents.") from None
