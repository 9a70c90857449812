"""Where the suite keeps its files, and where a user's paths begin."""

import os
import pwd
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Paths:
    """The places of one server, as its environment has them. directory: where it works; None for the process's own."""

    server: str
    environment: Mapping[str, str]
    directory: Path | None = None

    @property
    def home(self) -> Path:
        return Path(self.environment.get("HOME") or pwd.getpwuid(os.getuid()).pw_dir)

    @property
    def working_directory(self) -> Path:
        return self.directory or Path.cwd()

    @property
    def project(self) -> Path:
        """The client's project folder, else the working directory."""
        return self.working_directory / self.environment.get("CLAUDE_PROJECT_DIR", "")

    @property
    def config_file(self) -> Path:
        """The operator's env file."""
        base = self.environment.get("XDG_CONFIG_HOME") or self.home / ".config"
        return Path(base) / "infra-mcp" / f"{self.server}.env"

    def expand(self, path: str | Path) -> Path:
        """The path with a leading ~ replaced by this user's home, or ~name by that of another one."""
        first, *rest = Path(path).parts or ("",)
        return self.home.joinpath(*rest) if first == "~" else Path(path).expanduser()

    def state(self, *parts: str) -> Path:
        """A folder of ours for state, made on first use and private to this user (0700)."""
        path = Path(self.environment.get("XDG_STATE_HOME") or self.home / ".local" / "state")
        for part in ("infra-mcp", *parts):
            path /= part
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.chmod(0o700)
        return path


def private_file(path: Path, flags: int = os.O_WRONLY | os.O_CREAT | os.O_TRUNC) -> int:
    """A descriptor of a file that only this user can read (0600), from the moment it exists."""
    return os.open(path, flags | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
