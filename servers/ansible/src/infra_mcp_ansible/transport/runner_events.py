"""The events of ansible-runner, so far as they are read."""

from typing import TypedDict

from infra_mcp_ansible.domain.variables import Variables


class EventData(TypedDict, total=False):
    """Of a task on a host, of a play, and at the end of a run the counts by host."""

    host: str
    task_uuid: str
    name: str
    task: str
    role: str
    play: str
    task_action: str
    task_path: str
    ignore_errors: bool | None
    res: Variables | None
    ok: dict[str, int]
    changed: dict[str, int]
    failures: dict[str, int]
    dark: dict[str, int]
    skipped: dict[str, int]
    ignored: dict[str, int]
    rescued: dict[str, int]


class Event(TypedDict, total=False):
    """event: its name. stdout: what Ansible printed for it."""

    event: str
    event_data: EventData
    stdout: str
