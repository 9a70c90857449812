"""asyncssh's parser of ssh_config, in an environment that is given to it: its own reads that of the process.

This module imports asyncssh, so it is imported where it is used.
"""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from asyncssh.config import SSHClientConfig

from infra_mcp_common.paths import Paths

_ALONE = ("all", "canonical", "final")  # the criteria of Match that take no argument


@dataclass(frozen=True)
class Surroundings:
    """What a configuration may ask of this machine."""

    paths: Paths
    user: str

    @property
    def environment(self) -> Mapping[str, str]:
        return self.paths.environment

    def holds(self, command: str) -> bool:
        """Whether a command of `Match exec` succeeds."""
        finished = subprocess.run(
            ["/bin/sh", "-c", command],
            check=False,
            env=self.environment,
            cwd=self.paths.working_directory,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        return finished.returncode == 0


class ClientConfig(SSHClientConfig):
    """What a configuration says of one host."""

    def __init__(
        self,
        last_config: Any,
        reload: bool,
        canonical: bool,
        final: bool,
        surroundings: Surroundings,
        user: Any,
        host: str,
        port: Any,
    ) -> None:
        super().__init__(last_config, reload, canonical, final, surroundings.user, user, host, port)
        self._surroundings = surroundings
        self._default_path = surroundings.paths.home / ".ssh"

    def word(self, option: str) -> str | None:
        """The value of an option that has one."""
        value = self.get(option)
        return value if isinstance(value, str) else None

    def words(self, option: str) -> list[str]:
        """The values of an option that may have several."""
        value = self.get(option)
        return list(value) if isinstance(value, list) else []

    def get_options(self, reload: bool) -> dict[str, object]:  # noqa: ARG002 -- asyncssh's signature
        """All options, for a connection to begin with: it has no files to load them from again."""
        return self._options.copy()

    def _set_tokens(self) -> None:
        super()._set_tokens()
        self._tokens["d"] = str(self._surroundings.paths.home)

    def _expand_env(self, match: Any) -> str:  # type: ignore[override]  # static there
        name = match[1]
        if name not in self._surroundings.environment:
            self._error(f"Invalid environment expansion: {name}")
        return self._surroundings.environment[name]

    def _include(self, option: str, args: list[str]) -> None:
        args[:] = [str(self._surroundings.paths.expand(name)) for name in args]
        super()._include(option, args)

    def _match(self, option: str, args: list[str]) -> None:
        """One criterion after another, so that the commands of `exec` run here, and none once another has failed."""
        matching = True
        while args:
            criterion = [args.pop(0)]
            keyword = criterion[0].lower().removeprefix("!")
            if keyword not in _ALONE:
                criterion += args[:1]
                del args[:1]
            if keyword == "exec" and len(criterion) == 2:
                held = matching and self._surroundings.holds(criterion[1]) != criterion[0].startswith("!")
            else:
                super()._match(option, criterion)
                held = self._matching
            matching = matching and held
        self._matching = matching

    _handlers = SSHClientConfig._handlers | {  # noqa: SLF001 -- bound to the base's methods there
        "include": ("Include", _include),
        "match": ("Match", _match),
    }


def read(files: list[Path], surroundings: Surroundings, host: str, user: str | None, port: int | None) -> ClientConfig:
    """Read what these files say of a host. Raises asyncssh.ConfigParseError."""
    given = (surroundings, user or (), host, port or ())
    config = ClientConfig.load(None, files, False, False, False, *given)
    if config.has_match_final():
        config = ClientConfig.load(None, files, False, False, True, *given)
    assert isinstance(config, ClientConfig)  # noqa: S101 -- `load` is declared for the base
    return config
