"""The configuration: checking and formatting it, and the providers that it requires."""

from typing import Annotated

from pydantic import Field

from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_terraform.answers.configuration import Formatting, Providers, Validation
from infra_mcp_terraform.tools.parameters import Directory
from infra_mcp_terraform.transport import configurations, projects


@tool("read", timeout=130)
async def validate(directory: Directory) -> Validation:
    """Check that the configuration is consistent: syntax, references, arguments; errors with file, line and snippet."""
    project = projects.configured(directory)
    return Validation.of(project.directory, await configurations.validate(project))


@tool("write", timeout=130)
async def fmt(
    directory: Directory,
    write: Annotated[bool, Field(description="Rewrite the files; without it they are only checked")] = False,
    recursive: Annotated[bool, Field(description="Subdirectories too")] = False,
) -> Formatting:
    """Check the canonical format of the configuration files, or with write: true bring them into it."""
    project = projects.project(directory)
    files = await configurations.fmt(project, write=write, recursive=recursive)
    return Formatting(directory=str(project.directory), files=files, written=write)


@tool("read", timeout=150)
async def providers(directory: Directory) -> Providers:
    """Show which providers the configuration requires and which versions are selected."""
    project = projects.configured(directory)
    required = await configurations.required_providers(project)
    return Providers.of(project.directory, await configurations.versions(project), required)
