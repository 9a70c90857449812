"""Who we are to the cluster."""

from pydantic import Field

from infra_mcp_common.results import Result
from infra_mcp_proxmox.domain.privileges import Permissions, verdicts


class Who(Result):
    """Who we are to the cluster and what that allows."""

    token: str
    host: str
    version: str
    verified_by: str = Field(description="How the server proved who it is")
    rights: dict[str, list[str]] = Field(description="Privileges by path")
    tools: dict[str, list[str]] = Field(description="Tool names: everywhere, on some paths only, or not at all")
    missing: dict[str, str] = Field(description="For tools not allowed everywhere: the privilege they lack")
    note: str | None = None

    @classmethod
    def of(cls, permissions: Permissions, *, token: str, host: str, version: str, verified_by: str) -> "Who":
        found = verdicts(permissions)
        return cls(
            token=token,
            host=host,
            version=version,
            verified_by=verified_by,
            rights={path: sorted(privileges) for path, privileges in sorted(permissions.items()) if privileges},
            tools={
                where: sorted(name for name, (place, _) in found.items() if place == where)
                for where in ("everywhere", "some", "nowhere")
            },
            missing={name: lacking for name, (place, lacking) in found.items() if place != "everywhere"},
            note=None
            if permissions
            else "No rights at all: a token with privilege separation starts with none of its own.",
        )
