"""What terraform has to say about the configuration or a resource, secrets masked."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from infra_mcp_terraform.domain.documents import DiagnosticDocument
from infra_mcp_terraform.domain.secrets import Secrets

_MOST = 20


@dataclass(frozen=True)
class Diagnostic:
    """One error or warning. snippet: the line of the configuration."""

    severity: Literal["error", "warning"]
    summary: str
    detail: str | None
    address: str | None
    file: str | None
    line: int | None
    snippet: str | None


def diagnostics(found: Iterable[DiagnosticDocument], secrets: Secrets) -> tuple[Diagnostic, ...]:
    """The first diagnostics as terraform gives them, errors before warnings."""
    first = sorted(found, key=lambda item: item.get("severity") != "error")[:_MOST]
    return tuple(_diagnostic(item, secrets) for item in first)


def _diagnostic(found: DiagnosticDocument, secrets: Secrets) -> Diagnostic:
    where = found.get("range") or {}
    file, address, snippet = where.get("filename"), found.get("address"), _snippet(found)
    return Diagnostic(
        severity="error" if found.get("severity") == "error" else "warning",
        summary=secrets.mask(found.get("summary", "")),
        detail=secrets.mask(found.get("detail", "")).strip() or None,
        address=secrets.mask_address(address) if address else None,
        file=file,
        line=where.get("start", {}).get("line"),
        snippet=secrets.mask(snippet) if snippet else None,
    )


def _snippet(found: DiagnosticDocument) -> str | None:
    file = (found.get("range") or {}).get("filename")
    # A line of a variable file is a value, and nothing says whether it is a secret one.
    in_values = file is None or file.endswith((".tfvars", ".tfvars.json"))
    return None if in_values else (found.get("snippet") or {}).get("code")
