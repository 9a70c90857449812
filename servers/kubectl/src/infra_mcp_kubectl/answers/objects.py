"""Objects of any kind."""

from typing import Any

from pydantic import Field

from infra_mcp_common.errors import InvalidInput
from infra_mcp_common.results import Output, Page, page
from infra_mcp_kubectl.answers.base import Answer, fitting
from infra_mcp_kubectl.domain.field_paths import pick
from infra_mcp_kubectl.domain.objects import KubeObject
from infra_mcp_kubectl.domain.tables import Table


class Listing(Answer):
    """Objects of a kind: those that need attention first, then as the cluster orders them."""

    namespace: str | None = Field(default=None, description="Absent for all namespaces and for kinds outside of them")
    columns: list[str] | None = Field(default=None, description="Titles of the rows' cells, or the fields asked for")
    rows: list[list[Any]] | None = None
    items: list[dict[str, Any]] | None = Field(default=None, description="Whole objects; values of Secrets are masked")
    problems: int | None = Field(default=None, description="How many of all rows need attention; they come first")
    page: Page
    note: str | None = None
    warnings: list[str] | None = None

    @classmethod
    def of_table(cls, context: str, namespace: str | None, table: Table, offset: int, limit: int) -> "Listing":
        rows = table.problems_first()
        part, where = page(rows, offset, max(1, fitting(rows[offset : offset + limit])))
        return cls(
            context=context,
            namespace=namespace,
            columns=table.columns,
            rows=part,
            problems=len(table.problems()) or None,
            page=where,
            warnings=table.warnings or None,
        )

    @classmethod
    def of_objects(
        cls,
        context: str,
        namespace: str | None,
        objects: list[KubeObject],
        fields: list[str] | None,
        offset: int,
        limit: int,
    ) -> "Listing":
        """fields: only the values at these paths; None for whole objects. What must not be told is masked already."""
        page(objects, offset, limit)
        wanted: list[Any] = [[pick(item, path) for path in fields] for item in objects] if fields else objects
        count = fitting(wanted[offset : offset + limit])
        if count == 0 and offset < len(wanted):
            raise InvalidInput("A single object is too big for an answer.", "Ask for chosen fields of it.")
        part, where = page(wanted, offset, max(1, count))
        if fields:
            return cls(context=context, namespace=namespace, columns=fields, rows=part, page=where)
        return cls(context=context, namespace=namespace, items=part, page=where)


class Description(Answer):
    namespace: str | None = None
    text: Output
