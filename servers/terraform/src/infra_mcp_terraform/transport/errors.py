"""What can go wrong with Terraform, finer than the suite's tree.

Conflict
├── StateLocked       another run holds the lock of the state: lock_id, who, since, operation
├── DirectoryBusy     a run of this server's, or one that it left behind, is going on there: tool, since, pid
├── NotInitialised    `init` has to run first
├── BackendChanged    the configuration names another backend than the one in use
└── PlanRefused       the saved plan may not be applied: reason is stale, expired, foreign, altered or configuration
Failed
└── TerraformFailed   terraform said no: diagnostics, first error first
Denied
└── BackendDenied     the state backend wants other credentials
Unreachable
└── BackendUnreachable
"""

from infra_mcp_common.errors import Conflict, Denied, Failed, Unreachable
from infra_mcp_terraform.domain.plans import SavedPlan


class StateLocked(Conflict):
    pass


class DirectoryBusy(Conflict):
    pass


class NotInitialised(Conflict):
    pass


class BackendChanged(Conflict):
    pass


class PlanRefused(Conflict):
    @classmethod
    def of(cls, record: SavedPlan, reason: str, why: str, advice: str) -> "PlanRefused":
        return cls(f"Plan {record.plan_id} {why}.", advice, reason=reason, plan_id=record.plan_id)


class TerraformFailed(Failed):
    pass


class BackendDenied(Denied):
    """The credentials are those of the backend, which no setting of ours names."""

    mendable_by_settings = False


class BackendUnreachable(Unreachable):
    mendable_by_settings = False
