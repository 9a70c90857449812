"""The configuration of a project: made ready, checked and formatted by terraform."""

import re

from infra_mcp_common.errors import InvalidInput
from infra_mcp_terraform.domain.configurations import Validation, Versions
from infra_mcp_terraform.domain.diagnostics import Diagnostic, diagnostics
from infra_mcp_terraform.domain.documents import ValidationDocument, VersionDocument
from infra_mcp_terraform.domain.events import diagnostics_in
from infra_mcp_terraform.transport import terraform
from infra_mcp_terraform.transport.errors import BackendChanged
from infra_mcp_terraform.transport.failures import check, explain
from infra_mcp_terraform.transport.program import Ended
from infra_mcp_terraform.transport.projects import Project
from infra_mcp_terraform.transport.runs import claim
from infra_mcp_terraform.transport.terraform import Backend

_SYNTAX = re.compile(r"Error: (.+?)\n.*?\bon (\S+) line (\d+)", re.DOTALL)


async def init(
    project: Project, backend: Backend | None, *, upgrade: bool, backend_files: list[str], timeout: float
) -> tuple[Versions, tuple[Diagnostic, ...]]:
    """Make a directory ready, with another backend where one is wanted: the versions, and terraform's warnings."""
    files = project.files(backend_files)
    async with claim(project, "change_backend" if backend else "init") as slot:
        ended = await terraform.init(slot, backend=backend, upgrade=upgrade, backend_files=files, timeout=timeout)
        check("init", ended, project.secrets)
        if backend == "reconfigure":
            await _verify_left_behind(project)
        return await versions(project), diagnostics_in(ended.events, project.secrets)


async def _verify_left_behind(project: Project) -> None:
    """Terraform reports success, and stays with the old backend, where the configuration names none at all."""
    if "Backend initialization required" in (await terraform.list_state(project.directory)).stderr:
        raise BackendChanged(
            "Nothing was switched: terraform leaves a backend behind only for one that the configuration names.",
            'Put backend "local" {} into the terraform block for a state on disk, and try again.',
        )


async def versions(project: Project | None = None) -> Versions:
    """The versions of terraform and, in a project, of the selected providers."""
    document: VersionDocument = (await terraform.version(project.directory if project else None)).document
    return Versions(
        terraform=document.get("terraform_version", ""),
        platform=document.get("platform"),
        providers=document.get("provider_selections", {}),
    )


async def validate(project: Project) -> Validation:
    """What is wrong with the configuration."""
    ended = await terraform.validate(project.directory)
    project.learn_inputs({})
    if not ended.stdout.startswith("{"):
        raise explain("validate", ended, project.secrets)
    document: ValidationDocument = ended.document
    return Validation(
        valid=bool(document.get("valid")),
        errors=document.get("error_count", 0),
        warnings=document.get("warning_count", 0),
        diagnostics=diagnostics(document.get("diagnostics", []), project.secrets),
    )


async def fmt(project: Project, *, write: bool, recursive: bool) -> list[str]:
    """Files that are not, or were not, in the canonical format."""
    ended = await terraform.fmt(project.directory, write=write, recursive=recursive)
    if ended.exit_status not in (0, 3):
        raise _syntax_error(ended) or explain("fmt", ended, project.secrets)
    return ended.stdout.split("\n")[:-1]


def _syntax_error(ended: Ended) -> InvalidInput | None:
    # Without the lines that terraform quotes: they may come from a variable file.
    if found := _SYNTAX.search(ended.stderr):
        what, file, line = found.groups()
        return InvalidInput(f"{file}:{line}: {what}.", "Mend the syntax first.", file=file, line=int(line))
    return None


async def required_providers(project: Project) -> list[str]:
    """The requirements, as a tree of modules in lines of text."""
    ended = await terraform.providers(project.directory)
    check("providers", ended, project.secrets)
    return [line.rstrip() for line in ended.stdout.splitlines() if "provider[" in line or "module." in line]
