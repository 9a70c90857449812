"""Reading kubeconfigs.

Their credentials stay kubectl's business; here they are only learned, to be masked wherever they turn up.

kubectl itself goes on with http://localhost:8080 where a file is missing, so the files are looked at first.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import TypedDict, cast

from infra_mcp_common.errors import NotConfigured
from infra_mcp_common.runtime import current
from infra_mcp_kubectl.domain.contexts import Context, Kubeconfig
from infra_mcp_kubectl.settings import KUBECONFIG

_SECRETS = ("token", "password", "client-key-data")


class _ContextEntry(TypedDict, total=False):
    name: str
    context: dict[str, str] | None


# What is read of a kubeconfig. Only that there are contexts with names has been checked.
_File = TypedDict(
    "_File", {"contexts": list[_ContextEntry] | None, "users": object, "current-context": str | None}, total=False
)


def load(paths: Iterable[Path]) -> Kubeconfig:
    """Read the files as kubectl merges them: for each name the first one wins."""
    contexts: dict[str, Context] = {}
    chosen = ""
    for path in paths:
        config = _read(path)
        for entry in config.get("contexts") or []:
            context = _context(entry)
            contexts.setdefault(context.name, context)
        _learn_secrets(config)
        chosen = chosen or str(config.get("current-context") or "")
    return Kubeconfig(tuple(contexts.values()), chosen)


def _context(entry: _ContextEntry) -> Context:
    said = entry.get("context") or {}
    return Context(
        str(entry["name"]),
        str(said.get("cluster", "")),
        str(said.get("user", "")),
        str(said.get("namespace") or "default"),
    )


def _learn_secrets(config: _File) -> None:
    entries = config.get("users")
    users = [entry.get("user") for entry in (entries if isinstance(entries, list) else []) if isinstance(entry, dict)]
    for user in [user for user in users if isinstance(user, dict)]:
        for secret in [str(user[name]) for name in _SECRETS if user.get(name)]:
            current().secrets.learn(secret)


def _read(path: Path) -> _File:
    config = _parse(path)
    entries = config.get("contexts") if isinstance(config, dict) else None
    if not isinstance(entries, list) or not all(isinstance(e, dict) and e.get("name") for e in entries):
        raise NotConfigured(f"The kubeconfig {path} holds no list of contexts.", "Name a kubeconfig, or mend the file.")
    return cast(_File, config)


def _parse(path: Path) -> object:
    import yaml

    try:
        config: object = yaml.load(path.read_bytes(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 -- both are safe
    except FileNotFoundError:
        raise NotConfigured(
            f"The kubeconfig {path} does not exist.", f"Correct {KUBECONFIG.name} or put the file there."
        ) from None
    except OSError as error:
        raise NotConfigured(
            f"The kubeconfig {path} can't be read: {error.strerror}.", "Correct its mode or path."
        ) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f" at line {mark.line + 1}" if mark else ""
        raise NotConfigured(f"The kubeconfig {path} is no YAML{line}.", "Mend the file.") from None
    return config
