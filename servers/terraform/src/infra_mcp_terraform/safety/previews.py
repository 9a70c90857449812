"""What the gated calls would do that carry out no plan."""

from infra_mcp_common.tool_calls.confirmation import Preview
from infra_mcp_terraform.transport.projects import Project


def change_of_backend(project: Project, *, migrate: bool) -> Preview:
    state = "copy its state there, over what is there now" if migrate else "leave its state behind"
    return Preview(
        would=f"Switch {project.directory}, workspace {project.workspace}, to the backend that its configuration "
        f"names, and {state}.",
        now=None,
    )


def unlock(project: Project, lock_id: str) -> Preview:
    return Preview(
        would=f"Remove lock {lock_id} from the state of {project.directory}, workspace {project.workspace}. If the "
        "run that took it is still going on, two runs may then write the state at once.",
        now=None,
        confirm_with={"confirmed": True, "lock_id": lock_id},
    )
