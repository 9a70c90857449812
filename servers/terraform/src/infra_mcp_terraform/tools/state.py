"""The state: resources, outputs and its lock."""

import difflib
from collections import Counter
from fnmatch import fnmatchcase
from typing import Annotated

from pydantic import Field

from infra_mcp_common.errors import InvalidInput, NotFound, Refused
from infra_mcp_common.results import page
from infra_mcp_common.runtime import current
from infra_mcp_common.tool_calls.confirmation import Preview
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_terraform.answers.models import Addresses, Outputs, OutputValue, Resource, State, Unlocked
from infra_mcp_terraform.domain.secrets import secrets_of
from infra_mcp_terraform.settings import REVEAL
from infra_mcp_terraform.tools.parameters import Directory, Limit, Offset, Word
from infra_mcp_terraform.transport import projects, runs, states
from infra_mcp_terraform.transport import terraform as cli
from infra_mcp_terraform.transport.failures import explain

LockId = Annotated[Word, Field(description="Id of the lock, from the error about it")]
Contains = Annotated[str | None, Field(description="Only resources whose address contains this")]


@tool("read", timeout=330)
async def show(
    directory: Directory,
    address: Contains = None,
    type: Annotated[str | None, Field(description="Only resources of this type")] = None,  # noqa: A002 -- the field's own word
    offset: Offset = 0,
    limit: Limit = 20,
) -> State:
    """Show the resources of the state with their attributes, sensitive values masked."""
    project = projects.project(directory)
    document = await states.read(project)
    listed = states.resources(document, secrets_of(project))
    matching = [item for item in listed if (address or "") in item.address and type in (None, item.type)]
    part, where = page(matching, offset, limit)
    return State(
        directory=str(project),
        workspace=projects.workspace(project),
        terraform_version=document.get("terraform_version"),
        types=dict(Counter(item.type for item in matching)),
        resources=[states.shortened(item) for item in part],
        outputs=sorted(states.outputs(document)),
        page=where,
    )


@tool("read", timeout=130)
async def state_list(
    directory: Directory, address: Contains = None, offset: Offset = 0, limit: Limit = 200
) -> Addresses:
    """List the addresses of the resources in the state."""
    project = projects.project(directory)
    ended = await cli.list_state(project)
    secrets = secrets_of(project)
    if ended.exit_status != 0 and "No state file was found" not in ended.stderr:
        raise explain("state list", ended, secrets)
    listed = [secrets.mask_address(line) for line in ended.stdout.splitlines() if line]
    part, where = page([line for line in listed if (address or "") in line], offset, limit)
    return Addresses(directory=str(project), workspace=projects.workspace(project), addresses=part, page=where)


@tool("read", timeout=330)
async def state_show(
    directory: Directory, address: Annotated[str, Field(description="As state_list gives it")]
) -> Resource:
    """Show one resource of the state with all its attributes, sensitive values masked."""
    project = projects.project(directory)
    listed = {item.address: item for item in states.resources(await states.read(project), secrets_of(project))}
    if address not in listed:
        near = difflib.get_close_matches(address, listed, 3)
        hint = f"Did you mean {' or '.join(near)}?" if near else "state_list lists what is there."
        raise NotFound(f"No resource {address} is in the state of {project}.", hint)
    return listed[address]


@tool("read", timeout=330)
async def output(
    directory: Directory,
    name: Annotated[str | None, Field(description="Only this output")] = None,
    reveal: Annotated[bool, Field(description="Show the sensitive value of the output `name` in clear")] = False,
) -> Outputs:
    """Read the outputs of the last apply; sensitive ones are masked unless the operator lets one be revealed."""
    project = projects.project(directory)
    if reveal:
        _check_reveal(name)
    document = await states.read(project)
    found = states.outputs(document)
    if name is not None and name not in found:
        raise NotFound(f"There is no output {name}.", f"There are: {', '.join(sorted(found)) or 'none'}.")
    chosen = found if name is None else {name: found[name]}
    secrets = secrets_of(project)
    return Outputs(
        directory=str(project),
        workspace=projects.workspace(project),
        outputs={
            key: OutputValue(
                value=item.get("value") if reveal else secrets.masked(item.get("value"), item.get("sensitive")),
                sensitive=bool(item.get("sensitive")),
            )
            for key, item in chosen.items()
        },
    )


def _check_reveal(name: str | None) -> None:
    if name is None:
        raise InvalidInput("reveal needs the name of one output.", "Pass name as well.")
    allowed = [pattern.strip() for pattern in current().settings.get(REVEAL).split(",") if pattern.strip()]
    if not any(fnmatchcase(name, pattern) for pattern in allowed):
        raise Refused(
            f"The operator's {REVEAL.name} does not allow output {name} to be shown in clear.",
            "Only the operator can change that setting.",
        )


async def preview_unlock(directory: Directory, lock_id: LockId) -> Preview:
    project = projects.project(directory)
    return Preview(
        would=f"Remove lock {lock_id} from the state of {project}, workspace {projects.workspace(project)}. If the "
        "run that took it is still going on, two runs may then write the state at once.",
        now=None,
        confirm_with={"confirmed": True, "lock_id": lock_id},
    )


@tool("destructive", preview=preview_unlock, timeout=120)
async def force_unlock(directory: Directory, lock_id: LockId) -> Unlocked:
    """Remove a lock that a dead run has left on the state; the error about the lock tells its id, holder and age."""
    project = projects.project(directory)
    async with runs.claim(project, "force_unlock") as slot:
        ended = await cli.force_unlock(slot, lock_id)
        if ended.exit_status != 0:
            raise explain("force-unlock", ended, secrets_of(project))
    return Unlocked(directory=str(project), lock_id=lock_id, unlocked=True)
