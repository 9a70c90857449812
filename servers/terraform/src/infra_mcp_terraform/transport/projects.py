"""A Terraform project on disk: which directories are allowed, what they configure, which workspace is on."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from infra_mcp_common.errors import NotConfigured, NotFound
from infra_mcp_common.io import local_paths
from infra_mcp_common.io.local_paths import confined
from infra_mcp_common.runtime import current
from infra_mcp_common.tool_calls import call_context
from infra_mcp_terraform import settings
from infra_mcp_terraform.domain.documents import Value
from infra_mcp_terraform.domain.secrets import Secrets
from infra_mcp_terraform.domain.sensitivity import sensitive_in_files
from infra_mcp_terraform.settings import ROOTS

_SOURCES = (".tf", ".tf.json", ".tofu", ".tofu.json")
_CONFIGURATION = (*_SOURCES, ".tfvars", ".tfvars.json", ".terraform.lock.hcl")


@dataclass(frozen=True)
class Project:
    """A directory that the call may work in. secrets: what this server has learnt of its sensitive values."""

    directory: Path
    secrets: Secrets

    @property
    def workspace(self) -> str:
        """The workspace that is selected."""
        return workspace(self.directory)

    def files(self, paths: Iterable[str]) -> list[Path]:
        """Real paths of files that the call names, relative to the project, inside the roots."""
        found = [confined(str(self.directory / current().paths.expand(path)), roots(), "file") for path in paths]
        for path in found:
            if not path.is_file():
                raise NotFound(f"{path} is not a file.", "Give a path relative to the directory.")
        return found

    def learn_inputs(self, variables: dict[str, Value], var_files: Iterable[Path] = ()) -> None:
        """Mask from now on what the root module declares sensitive."""
        paths = {*_files_of(self.directory), *var_files}
        texts = [path.read_text("utf-8", "replace") for path in paths if path.is_file()]
        self.secrets.learn(sensitive_in_files(texts, variables, settings.variable))


class _Known:
    """What was learnt, by directory."""

    def __init__(self) -> None:
        self.directories: dict[Path, Secrets] = {}


def project(directory: str) -> Project:
    """The real project directory inside the roots, where the operator's target lists let it pass."""
    real = confined(directory, roots(), "directory")
    if not real.is_dir():
        raise NotFound(f"{real} is not a directory.", "Give the directory that holds the .tf files.")
    call_context.check_target(str(real))
    return Project(real, current().keep(_Known).directories.setdefault(real, Secrets()))


def configured(directory: str) -> Project:
    """The project where it holds a configuration: terraform finds nothing wrong with none at all."""
    found = project(directory)
    if not any(path.name.endswith(_SOURCES) for path in found.directory.iterdir()):
        problem = f"{found.directory} holds no Terraform configuration."
        raise NotFound(problem, "Give the directory that holds the .tf files.")
    return found


def roots() -> list[Path]:
    """The folders that projects may lie in."""
    chosen, default = settings.roots(), settings.project_folder()
    if chosen.strip(":") or current().remote:
        paths = current().paths
        return [paths.working_directory / paths.expand(root) for root in local_paths.roots(chosen)]
    if default == Path(default.anchor):
        raise NotConfigured(
            f"{ROOTS.name} is not set, and the working directory is {default}.",
            f"Set {ROOTS.name} to the folders that hold the Terraform projects.",
            setting=ROOTS.name,
        )
    return [default]


def workspace(directory: Path) -> str:
    """The workspace that is selected there."""
    chosen = directory / settings.data_folder() / "environment"
    stored = chosen.read_text("utf-8").strip() if chosen.is_file() else ""
    return settings.workspace_override() or stored or "default"


def fingerprint(directory: Path, var_files: Iterable[Path] = ()) -> str:
    """What the configuration is, its local modules and variable files included, as a digest."""
    digest = hashlib.sha256()
    for path in sorted({*_configuration_files(directory), *var_files}):
        content = path.read_bytes() if path.is_file() else b""
        digest.update(f"{path}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _configuration_files(directory: Path) -> Iterator[Path]:
    yield from _files_of(directory)
    for module in _local_modules(directory):
        yield from _files_of(module)


def _files_of(directory: Path) -> list[Path]:
    return [path for path in directory.iterdir() if path.name.endswith(_CONFIGURATION)] if directory.is_dir() else []


def _local_modules(directory: Path) -> set[Path]:
    manifest = directory / settings.data_folder() / "modules" / "modules.json"
    try:
        listed = json.loads(manifest.read_text("utf-8")).get("Modules", [])
    except (OSError, ValueError):
        return set()
    return {(directory / module["Dir"]).resolve() for module in listed if module.get("Dir") not in ("", ".")}
