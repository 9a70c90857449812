"""The outputs of the root module."""

from typing import Annotated

from pydantic import Field

from infra_mcp_common.errors import NotFound
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_terraform.answers.outputs import Outputs, OutputValue
from infra_mcp_terraform.safety.revealing import check_reveal
from infra_mcp_terraform.tools.parameters import Directory
from infra_mcp_terraform.transport import projects, states


@tool("read", timeout=330)
async def output(
    directory: Directory,
    name: Annotated[str | None, Field(description="Only this output")] = None,
    reveal: Annotated[bool, Field(description="Show the sensitive value of the output `name` in clear")] = False,
) -> Outputs:
    """Read the outputs of the last apply; sensitive ones are masked unless the operator lets one be revealed."""
    project = projects.project(directory)
    if reveal:
        check_reveal(name)
    found = (await states.read(project)).outputs
    if name is not None and name not in found:
        raise NotFound(f"There is no output {name}.", f"There are: {', '.join(sorted(found)) or 'none'}.")
    chosen = found if name is None else {name: found[name]}
    return Outputs(
        directory=str(project.directory),
        workspace=project.workspace,
        outputs={key: OutputValue.of(item, reveal=reveal) for key, item in chosen.items()},
    )
