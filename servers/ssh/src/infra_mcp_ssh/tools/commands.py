"""Running commands on a host."""

from typing import Annotated

from pydantic import Field

from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_ssh.answers.commands import CommandResult
from infra_mcp_ssh.domain.commands import Command
from infra_mcp_ssh.tools.parameters import HostName, Ssh
from infra_mcp_ssh.transport.commands import run


@tool("write", arbitrary=True)
async def run_command(
    ssh: Ssh,
    host: HostName,
    command: Annotated[str, Field(min_length=1, description="Shell text, run by the user's login shell")],
    cwd: Annotated[str | None, Field(description="Directory to run it in")] = None,
    env: Annotated[dict[str, str] | None, Field(description="Variables to set for it")] = None,
    stdin: Annotated[
        str | None, Field(description="Text for its standard input; without it the input is empty")
    ] = None,
    sudo: Annotated[bool, Field(description="Run it as root by sudo")] = False,
    timeout: Annotated[float, Field(gt=0, le=3600, description="Seconds until it is stopped on the host")] = 60,
) -> CommandResult:
    """Run a shell command on a host and return exit status, stdout and stderr apart.

    Long output is cut in the middle; read_output gives the rest. At the timeout, and when the call is cancelled, the
    remote process group gets TERM and then KILL, and remote_process says what is known of it.
    """
    given = Command(command, cwd, env or {}, (stdin or "").encode(), sudo, timeout)
    finished = await ssh.use(host, run, given)
    return CommandResult.of(finished.outcome, finished.stdout.output(), finished.stderr.output())
