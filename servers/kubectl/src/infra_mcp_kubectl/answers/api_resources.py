"""Kinds that a cluster has, and what their fields mean."""

from infra_mcp_common.results import Output, Page
from infra_mcp_kubectl.answers.base import Answer


class Kinds(Answer):
    columns: list[str]
    rows: list[list[str]]
    page: Page


class Text(Answer):
    text: Output
