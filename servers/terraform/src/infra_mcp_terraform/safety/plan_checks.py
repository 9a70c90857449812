"""Which saved plan a call may apply."""

import time

from infra_mcp_common.errors import NotFound
from infra_mcp_terraform.domain.plans import PlanKind, SavedPlan
from infra_mcp_terraform.transport import projects, saved_plans
from infra_mcp_terraform.transport.errors import PlanRefused
from infra_mcp_terraform.transport.projects import Project


def usable(project: Project, kind: PlanKind, plan_id: str | None) -> SavedPlan | str:
    """The plan to apply, or why there is none. A plan that was named by its id is used or refused."""
    chosen = plan_id or saved_plans.last_shown(project.directory, kind)[0]
    if chosen is None:
        return f"no plan for {kind} has been shown for this directory yet."
    try:
        record = saved_plans.find(chosen, project.directory)
        check(record, kind)
    except (PlanRefused, NotFound) as refusal:
        if plan_id is not None:
            raise
        return refusal.problem
    return record


def check(record: SavedPlan, kind: PlanKind) -> None:
    """Refuse a plan that must not be applied now."""
    again = "Plan again and show the new plan."
    if record.kind != kind:
        raise PlanRefused.of(record, "foreign", f"is for {record.kind}, not for {kind}", f"Call {record.kind} with it.")
    if time.time() > record.expires:
        minutes = (record.expires - record.created) / 60
        raise PlanRefused.of(record, "expired", f"is older than {minutes:g} minutes", again)
    if not saved_plans.is_unaltered(record):
        raise PlanRefused.of(record, "altered", "is not the file that was shown", again)
    if (now := projects.workspace(record.directory)) != record.workspace:
        why = f"was made in workspace {record.workspace}, and {now} is selected"
        raise PlanRefused.of(record, "foreign", why, f"Select {record.workspace} again, or plan here.")
    if projects.fingerprint(record.directory, record.var_files) != record.configuration:
        why = "is older than the configuration, which has changed since"
        raise PlanRefused.of(record, "configuration", why, again)
