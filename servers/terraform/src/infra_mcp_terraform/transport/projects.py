"""A Terraform project on disk: which directories are allowed, what they configure, which workspace is on."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from infra_mcp_common.errors import NotConfigured, NotFound
from infra_mcp_common.io import local_paths
from infra_mcp_common.io.local_paths import confined
from infra_mcp_common.runtime import current
from infra_mcp_common.tool_calls import call_context
from infra_mcp_terraform import settings
from infra_mcp_terraform.settings import PROJECT, ROOTS

_SOURCES = (".tf", ".tf.json", ".tofu", ".tofu.json")
_CONFIGURATION = (*_SOURCES, ".tfvars", ".tfvars.json", ".terraform.lock.hcl")
_VARIABLE = re.compile(r'^variable\s+"?([\w-]+)"?\s*\{(.*?)^\}', re.MULTILINE | re.DOTALL)
_SENSITIVE = re.compile(r"\bsensitive\s*=\s*true\b")


def roots() -> list[Path]:
    """The folders that projects may lie in."""
    chosen = [Path(name) for name in current().settings.get(ROOTS).split(":") if name]
    if chosen or current().remote:
        return local_paths.roots(current().settings.get(ROOTS))
    default = Path(current().settings.get(PROJECT) or current().paths.working_directory)
    if default == Path(default.anchor):
        raise NotConfigured(
            f"{ROOTS.name} is not set, and the working directory is {default}.",
            f"Set {ROOTS.name} to the folders that hold the Terraform projects.",
            setting=ROOTS.name,
        )
    return [default]


def project(directory: str) -> Path:
    """The real path of a project directory inside the roots, where the operator's target lists let it pass."""
    real = confined(directory, roots(), "directory")
    if not real.is_dir():
        raise NotFound(f"{real} is not a directory.", "Give the directory that holds the .tf files.")
    call_context.check_target(str(real))
    return real


def configured(directory: str) -> Path:
    """The project directory where it holds a configuration: terraform finds nothing wrong with none at all."""
    real = project(directory)
    if not any(path.name.endswith(_SOURCES) for path in real.iterdir()):
        raise NotFound(f"{real} holds no Terraform configuration.", "Give the directory that holds the .tf files.")
    return real


def files_in(directory: Path, paths: Iterable[str]) -> list[Path]:
    """Real paths of files that the call names, relative to the project, inside the roots."""
    found = [confined(str(directory / current().paths.expand(path)), roots(), "file") for path in paths]
    for path in found:
        if not path.is_file():
            raise NotFound(f"{path} is not a file.", "Give a path relative to the directory.")
    return found


def workspace(directory: Path) -> str:
    """The workspace that is selected."""
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


def sensitive_inputs(directory: Path, variables: dict[str, Any], var_files: Iterable[Path] = ()) -> list[Any]:
    """Values of the variables that the root module declares sensitive, as far as they can be seen without terraform."""
    texts = {path: path.read_text("utf-8", "replace") for path in {*_files_of(directory), *var_files} if path.is_file()}
    found: list[Any] = []
    for name, body in (match.groups() for text in texts.values() for match in _VARIABLE.finditer(text)):
        if _SENSITIVE.search(body):
            assigned = re.compile(rf'^\s*"?{re.escape(name)}"?\s*[=:]\s*"([^"\n]+)"?', re.MULTILINE)
            found += [variables.get(name), settings.variable(name)]
            found += re.findall(r'^\s*default\s*=\s*"([^"\n]+)"', body, re.MULTILINE)
            found += [value for text in texts.values() for value in assigned.findall(text)]
    return found


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
