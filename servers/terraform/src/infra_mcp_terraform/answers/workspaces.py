"""The workspaces of a directory."""

from infra_mcp_common.results import Result


class Workspaces(Result):
    directory: str
    current: str
    workspaces: list[str]


class Selected(Result):
    directory: str
    workspace: str
    previous: str
