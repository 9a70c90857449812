"""The configuration: making it ready, checking and formatting it."""

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from infra_mcp_common.errors import InvalidInput
from infra_mcp_common.tool_calls.confirmation import Preview
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_terraform.answers.models import Formatting, Initialised, Providers, Validation
from infra_mcp_terraform.domain.events import diagnostics, diagnostics_in
from infra_mcp_terraform.domain.secrets import secrets_of
from infra_mcp_terraform.tools.parameters import Directory, Paths, Timeout
from infra_mcp_terraform.transport import projects, runs
from infra_mcp_terraform.transport import terraform as cli
from infra_mcp_terraform.transport.errors import BackendChanged
from infra_mcp_terraform.transport.failures import explain
from infra_mcp_terraform.transport.terraform import STOP_SECONDS, Ended

State = Annotated[
    Literal["migrate", "leave_behind"],
    Field(description="migrate copies the state to the new backend, over what it holds; leave_behind does not"),
]
_SYNTAX = re.compile(r"Error: (.+?)\n.*?\bon (\S+) line (\d+)", re.DOTALL)


@tool("write", grace=STOP_SECONDS)
async def init(
    directory: Directory,
    upgrade: Annotated[bool, Field(description="Take newer providers and modules than the lock file names")] = False,
    backend_files: Paths = None,
    timeout: Timeout = 600,
) -> Initialised:
    """Make a directory ready: backend, modules and providers.

    Where the configuration names another backend than before, it stops; change_backend goes on.
    """
    project = projects.configured(directory)
    return await _init(project, None, upgrade=upgrade, files=backend_files or [], timeout=timeout)


async def preview_backend(directory: Directory, state: State) -> Preview:
    project = projects.project(directory)
    deed = "copy its state there, over what is there now" if state == "migrate" else "leave its state behind"
    return Preview(
        would=f"Switch {project}, workspace {projects.workspace(project)}, to the backend that its configuration "
        f"names, and {deed}.",
        now=None,
    )


@tool("destructive", preview=preview_backend, grace=STOP_SECONDS)
async def change_backend(
    directory: Directory, state: State, backend_files: Paths = None, timeout: Timeout = 600
) -> Initialised:
    """Switch a directory to the backend that its configuration now names, with the state or without it."""
    project = projects.project(directory)
    deed = "migrate" if state == "migrate" else "reconfigure"
    return await _init(project, deed, upgrade=False, files=backend_files or [], timeout=timeout)


async def _init(project: Path, backend: str | None, *, upgrade: bool, files: list[str], timeout: float) -> Initialised:
    found, secrets = projects.files_in(project, files), secrets_of(project)
    async with runs.claim(project, "change_backend" if backend else "init") as slot:
        ended = await cli.init(slot, backend=backend, upgrade=upgrade, backend_files=found, timeout=timeout)
        if ended.exit_status != 0:
            raise explain("init", ended, secrets)
        if backend == "reconfigure":
            await _verify_left_behind(project)
        version = await cli.version(project)
    return Initialised(
        directory=str(project),
        terraform_version=version.document.get("terraform_version", ""),
        providers=version.document.get("provider_selections", {}),
        warnings=diagnostics_in(ended.events, secrets) or None,
    )


async def _verify_left_behind(project: Path) -> None:
    """Terraform reports success, and stays with the old backend, where the configuration names none at all."""
    if "Backend initialization required" in (await cli.list_state(project)).stderr:
        raise BackendChanged(
            "Nothing was switched: terraform leaves a backend behind only for one that the configuration names.",
            'Put backend "local" {} into the terraform block for a state on disk, and try again.',
        )


@tool("read", timeout=130)
async def validate(directory: Directory) -> Validation:
    """Check that the configuration is consistent: syntax, references, arguments; errors with file, line and snippet."""
    project = projects.configured(directory)
    ended = await cli.validate(project)
    secrets = secrets_of(project)
    secrets.learn(*projects.sensitive_inputs(project, {}))
    if not ended.stdout.startswith("{"):
        raise explain("validate", ended, secrets)
    document = ended.document
    return Validation(
        directory=str(project),
        valid=bool(document.get("valid")),
        errors=document.get("error_count", 0),
        warnings=document.get("warning_count", 0),
        diagnostics=diagnostics(document.get("diagnostics", []), secrets),
    )


@tool("write", timeout=130)
async def fmt(
    directory: Directory,
    write: Annotated[bool, Field(description="Rewrite the files; without it they are only checked")] = False,
    recursive: Annotated[bool, Field(description="Subdirectories too")] = False,
) -> Formatting:
    """Check the canonical format of the configuration files, or with write: true bring them into it."""
    project = projects.project(directory)
    ended = await cli.fmt(project, write=write, recursive=recursive)
    if ended.exit_status not in (0, 3):
        raise _unreadable(ended) or explain("fmt", ended, secrets_of(project))
    return Formatting(directory=str(project), files=ended.stdout.split("\n")[:-1], written=write)


def _unreadable(ended: Ended) -> InvalidInput | None:
    # Without the lines that terraform quotes: they may come from a variable file.
    if found := _SYNTAX.search(ended.stderr):
        what, file, line = found.groups()
        return InvalidInput(f"{file}:{line}: {what}.", "Mend the syntax first.", file=file, line=int(line))
    return None


@tool("read", timeout=150)
async def providers(directory: Directory) -> Providers:
    """Show which providers the configuration requires and which versions are selected."""
    project = projects.configured(directory)
    ended = await cli.providers(project)
    if ended.exit_status != 0:
        raise explain("providers", ended, secrets_of(project))
    document = (await cli.version(project)).document
    return Providers(
        directory=str(project),
        terraform_version=document.get("terraform_version", ""),
        platform=document.get("platform"),
        selected=document.get("provider_selections", {}),
        required=[line.rstrip() for line in ended.stdout.splitlines() if "provider[" in line or "module." in line],
    )
