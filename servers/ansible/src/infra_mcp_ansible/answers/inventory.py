"""What the inventory says."""

from collections.abc import Sequence

from pydantic import Field

from infra_mcp_ansible.domain import inventory as domain
from infra_mcp_ansible.domain.project import Project
from infra_mcp_ansible.domain.variables import Variables
from infra_mcp_common.results import Page, Result


class Host(Result):
    name: str
    groups: list[str]


class Group(Result):
    name: str
    hosts: list[str] = Field(description="Direct members")
    children: list[str] | None = None


class Inventory(Result):
    inventory: str | None = Field(description="The file or folder; null where ansible.cfg or a setting names it")
    hosts: list[Host]
    groups: list[Group]
    page: Page = Field(description="Of the hosts")
    warnings: list[str] | None = None

    @classmethod
    def of(cls, project: Project, inventory: domain.Inventory, shown: Sequence[str], page: Page) -> "Inventory":
        """shown: the hosts on this page."""
        return cls(
            inventory=str(project.inventory) if project.inventory else None,
            hosts=[Host(name=name, groups=inventory.hosts[name]) for name in shown],
            groups=[
                Group(name=name, hosts=[host for host in group.hosts if host in shown], children=group.children or None)
                for name, group in inventory.groups.items()
                if group.hosts or group.children
            ],
            page=page,
            warnings=inventory.warnings or None,
        )


class HostVars(Result):
    """The variables of a host as the inventory gives them. Secrets and vaulted values are masked."""

    host: str
    groups: list[str]
    variables: Variables
    page: Page
    warnings: list[str] | None = None

    @classmethod
    def of(cls, inventory: domain.Inventory, host: str, shown: Sequence[str], page: Page) -> "HostVars":
        """shown: the names of the variables on this page."""
        return cls(
            host=host,
            groups=inventory.hosts[host],
            variables={name: inventory.variables[host][name] for name in shown},
            page=page,
            warnings=inventory.warnings or None,
        )
