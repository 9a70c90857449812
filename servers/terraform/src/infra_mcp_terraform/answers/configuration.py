"""The configuration: made ready, checked, formatted."""

from collections.abc import Iterable
from pathlib import Path

from pydantic import Field

from infra_mcp_common.results import Result
from infra_mcp_terraform.answers.diagnostics import Diagnostic
from infra_mcp_terraform.domain import configurations, diagnostics
from infra_mcp_terraform.domain.configurations import Versions


class Initialised(Result):
    directory: str
    terraform_version: str
    providers: dict[str, str] = Field(description="Selected versions by source address")
    warnings: list[Diagnostic] | None = None

    @classmethod
    def of(cls, directory: Path, versions: Versions, warnings: Iterable[diagnostics.Diagnostic]) -> "Initialised":
        return cls(
            directory=str(directory),
            terraform_version=versions.terraform,
            providers=versions.providers,
            warnings=Diagnostic.all_of(warnings) or None,
        )


class Validation(Result):
    directory: str
    valid: bool
    errors: int
    warnings: int
    diagnostics: list[Diagnostic] = Field(description="Errors first, at most 20")

    @classmethod
    def of(cls, directory: Path, found: configurations.Validation) -> "Validation":
        return cls(
            directory=str(directory),
            valid=found.valid,
            errors=found.errors,
            warnings=found.warnings,
            diagnostics=Diagnostic.all_of(found.diagnostics),
        )


class Formatting(Result):
    directory: str
    files: list[str] = Field(description="Files that are not, or were not, in the canonical format")
    written: bool = Field(description="Whether they have been rewritten")


class Providers(Result):
    directory: str
    terraform_version: str
    platform: str | None = None
    selected: dict[str, str] = Field(description="Versions in the dependency lock file, by source address")
    required: list[str] = Field(description="Requirements, as a tree of modules in text")

    @classmethod
    def of(cls, directory: Path, versions: Versions, required: list[str]) -> "Providers":
        return cls(
            directory=str(directory),
            terraform_version=versions.terraform,
            platform=versions.platform,
            selected=versions.providers,
            required=required,
        )
