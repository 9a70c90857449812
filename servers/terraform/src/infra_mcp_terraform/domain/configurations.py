"""A configuration: what terraform finds wrong with it, and the versions that it was made ready with."""

from dataclasses import dataclass, field

from infra_mcp_terraform.domain.diagnostics import Diagnostic


@dataclass(frozen=True)
class Validation:
    """errors, warnings: how many; diagnostics: the first, errors before warnings."""

    valid: bool
    errors: int
    warnings: int
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True)
class Versions:
    """terraform: empty where it did not say; providers: selected versions by source address."""

    terraform: str
    platform: str | None = None
    providers: dict[str, str] = field(default_factory=dict)
