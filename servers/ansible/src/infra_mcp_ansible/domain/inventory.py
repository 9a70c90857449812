"""What an inventory holds."""

from dataclasses import dataclass

from infra_mcp_ansible.domain.variables import Variables


@dataclass(frozen=True)
class Group:
    """hosts: its direct members."""

    hosts: list[str]
    children: list[str]


@dataclass(frozen=True)
class Inventory:
    """hosts: those that a pattern matches, each with its groups. variables: by host, where they were asked for."""

    hosts: dict[str, list[str]]
    groups: dict[str, Group]
    variables: dict[str, Variables]
    warnings: list[str]
