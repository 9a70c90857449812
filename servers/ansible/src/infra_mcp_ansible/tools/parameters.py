"""Parameters that several tools share."""

from typing import Annotated

from pydantic import Field

Playbook = Annotated[str, Field(description="Playbook file, inside the operator's folders")]
Inventory = Annotated[
    str | None,
    Field(description="Inventory file or folder, inside the operator's folders; without it the configured one"),
]
Pattern = Annotated[str, Field(min_length=1, description="Hosts or groups, as web1, web:&prod or all")]
Limit = Annotated[str | None, Field(description="Only the hosts that match this pattern, too")]
Tags = Annotated[list[str] | None, Field(description="Only tasks with one of these tags")]
SkipTags = Annotated[list[str] | None, Field(description="No tasks with one of these tags")]
Check = Annotated[bool, Field(description="Only predict the changes; nothing is changed")]
Diff = Annotated[bool, Field(description="Show what changes in files, line by line")]
Become = Annotated[bool, Field(description="Do it as root, or as become_user")]
BecomeUser = Annotated[str | None, Field(description="User to become instead of root")]
Forks = Annotated[int | None, Field(ge=1, le=100, description="How many hosts at once; 5 without it")]
Timeout = Annotated[float, Field(ge=1, le=86_400, description="Seconds until Ansible is stopped")]
Offset = Annotated[int, Field(ge=0, description="Number of the first one to list")]
Limited = Annotated[int, Field(ge=1, le=500, description="How many to list at most")]
