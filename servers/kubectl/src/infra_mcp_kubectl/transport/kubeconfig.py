"""What the kubeconfig says of contexts.

Its credentials stay kubectl's business; here they are only learned, to be masked wherever they turn up.

kubectl itself goes on with http://localhost:8080 where a file is missing, so the files are looked at first.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra_mcp_common.errors import NotConfigured, NotFound
from infra_mcp_common.runtime import current

Json = dict[str, Any]
_SECRETS = ("token", "password", "client-key-data")


@dataclass(frozen=True)
class Context:
    """A context: the cluster and user it stands for, and the namespace used where a call names none."""

    name: str
    cluster: str
    user: str
    namespace: str


@dataclass(frozen=True)
class Kubeconfig:
    contexts: tuple[Context, ...]
    current: str

    def context(self, name: str | None) -> Context:
        """The context of this name, or the current one."""
        wanted = name or self.current
        if not wanted:
            raise NotConfigured("The kubeconfig has no current context.", f"Name one of: {self._names()}.")
        for context in self.contexts:
            if context.name == wanted:
                return context
        raise NotFound(f"The kubeconfig has no context {wanted}.", f"Name one of: {self._names()}.")

    def _names(self) -> str:
        return ", ".join(context.name for context in self.contexts) or "(there are none)"


def load(paths: list[Path]) -> Kubeconfig:
    """Read the files as kubectl merges them: for each name the first one wins."""
    contexts: dict[str, Context] = {}
    current = ""
    for path in paths:
        config = _read(path)
        for entry in config.get("contexts") or []:
            said = entry.get("context") or {}
            known = Context(
                str(entry["name"]),
                str(said.get("cluster", "")),
                str(said.get("user", "")),
                str(said.get("namespace") or "default"),
            )
            contexts.setdefault(known.name, known)
        _learn_secrets(config)
        current = current or str(config.get("current-context") or "")
    return Kubeconfig(tuple(contexts.values()), current)


def _learn_secrets(config: Json) -> None:
    users = [entry.get("user") for entry in config.get("users") or [] if isinstance(entry, dict)]
    for user in [user for user in users if isinstance(user, dict)]:
        for secret in [str(user[name]) for name in _SECRETS if user.get(name)]:
            current().secrets.learn(secret)


def _read(path: Path) -> Json:
    import yaml

    try:
        config = yaml.load(path.read_bytes(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 -- both are safe
    except FileNotFoundError:
        raise NotConfigured(
            f"The kubeconfig {path} does not exist.", "Correct KUBECONFIG or put the file there."
        ) from None
    except OSError as error:
        raise NotConfigured(
            f"The kubeconfig {path} can't be read: {error.strerror}.", "Correct its mode or path."
        ) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f" at line {mark.line + 1}" if mark else ""
        raise NotConfigured(f"The kubeconfig {path} is no YAML{line}.", "Mend the file.") from None
    entries = config.get("contexts") if isinstance(config, dict) else None
    if not isinstance(entries, list) or not all(isinstance(e, dict) and e.get("name") for e in entries):
        raise NotConfigured(f"The kubeconfig {path} holds no list of contexts.", "Name a kubeconfig, or mend the file.")
    return dict(config)
