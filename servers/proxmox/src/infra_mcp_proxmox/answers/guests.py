"""What the tools answer. Sizes are bytes, times are seconds or ISO 8601 in UTC."""

from typing import Any, Literal

from pydantic import Field

from infra_mcp_common.results import Output, Page, Result
from infra_mcp_proxmox.domain.guest import GuestType


class Node(Result):
    """A machine of the cluster. Without the right Sys.Audit on it only its status is known."""

    node: str
    status: Literal["online", "offline"]
    cpu_percent: float | None = Field(default=None, description="Of all its CPUs")
    cpus: int | None = None
    memory_used: int | None = None
    memory_total: int | None = None
    disk_used: int | None = Field(default=None, description="Of the root file system")
    disk_total: int | None = None
    uptime_seconds: int | None = None


class NodeList(Result):
    nodes: list[Node]
    offline: list[str] = Field(description="Nodes that do not answer")


class Guest(Result):
    """A VM (qemu) or container (lxc)."""

    vmid: int
    name: str | None = Field(default=None, description="Absent while its node is offline")
    type: GuestType
    node: str
    status: str = Field(description="running, stopped, or unknown where its node is offline")
    template: bool | None = Field(default=None, description="True for a template")
    cpu_percent: float | None = Field(default=None, description="Of its own CPUs")
    cpus: float | None = None
    memory_used: int | None = None
    memory_total: int | None = None
    disk_total: int | None = None
    uptime_seconds: int | None = None
    tags: list[str] | None = None
    pool: str | None = None
    lock: str | None = Field(default=None, description="What holds it: backup, snapshot, migrate, ...")
    ips: list[str] | None = Field(default=None, description="Only where asked for; the one on net0 first")


class GuestList(Page):
    guests: list[Guest]
    offline_nodes: list[str] = Field(description="Nodes that do not answer; their guests have status unknown")
    note: str | None = None


class GuestDetail(Guest):
    """One guest with its configuration."""

    config: dict[str, Any] = Field(description="As Proxmox VE writes it")
    digest: str = Field(description="Changes with every change of the configuration")
    paused: bool | None = None
    ip_source: str | None = Field(default=None, description="agent, interfaces, config or cloud-init")


class Change(Result):
    """How a change went. done is true only when the system said that its task ended well."""

    done: bool
    vmid: int | None = None
    name: str | None = None
    node: str | None = None
    exit_status: str | None = Field(
        default=None, description="OK or WARNINGS: n; absent while it runs, or where there was no task"
    )
    warnings: list[str] | None = Field(default=None, description="The log's lines about them")
    upid: str | None = Field(default=None, description="The task's id")
    seconds: float | None = Field(default=None, description="How long was waited")
    next_step: str | None = None


class ConfigChange(Result):
    """What changed in a configuration at once, and what waits for the guest's next start."""

    done: bool = True
    vmid: int
    changed: list[str]
    pending: list[str] = Field(description="Options that take effect when the guest is stopped and started")
    digest: str


class Snapshot(Result):
    name: str
    description: str | None = None
    time: str | None = None
    parent: str | None = None
    with_memory: bool | None = None


class SnapshotList(Result):
    vmid: int
    snapshots: list[Snapshot]
    current_parent: str | None = Field(default=None, description="The snapshot that the present state came from")


class Storage(Result):
    storage: str
    type: str | None = None
    shared: bool
    nodes: list[str] = Field(description="Nodes that have it; with a shared one all see the same content")
    content: list[str] = Field(description="What it may hold: images, rootdir, iso, vztmpl, backup, ...")
    status: str = Field(description="available, or unknown where no node of it answers")
    used: int | None = None
    total: int | None = None
    used_percent: float | None = None


class StorageList(Result):
    storages: list[Storage]
    note: str | None = None


class Volume(Result):
    """A file or disk of a storage."""

    volid: str = Field(description="storage:path, as other tools take it")
    content: str
    size: int
    format: str | None = None
    vmid: int | None = None
    created: str | None = None
    notes: str | None = None
    protected: bool | None = None


class VolumeList(Page):
    volumes: list[Volume]
    unread: list[str] = Field(default_factory=list, description="Storages that could not be read, and why")


class Task(Result):
    """A task of a node. exit_status is absent while it runs."""

    upid: str
    node: str
    type: str = Field(description="As qmstart, vzdump, qmigrate")
    id: str | None = Field(default=None, description="Mostly the guest's id")
    user: str
    started: str
    ended: str | None = None
    running: bool
    exit_status: str | None = None
    ok: bool | None = Field(default=None, description="Whether it ended well: OK or with warnings")


class TaskList(Page):
    tasks: list[Task]


class TaskLog(Page):
    lines: list[str]


Way = Literal["console", "ssh", "agent"]


class Exec(Result):
    """How a command in a guest ended. exit_status is null where it did not end by itself."""

    vmid: int
    node: str
    exit_status: int | None
    signal: int | None = None
    timed_out: bool = False
    stdout: Output
    stderr: Output
    seconds: float
    way: Way = Field(description="How the command got there")
    note: str | None = None


class Problem(Result):
    """Something that is not as it should be."""

    severity: Literal["critical", "warning"]
    what: str
    where: str


class Overview(Result):
    """The whole cluster at a glance."""

    healthy: bool = Field(description="Whether nothing critical was found among what could be looked at")
    problems: list[Problem]
    cluster: str | None = None
    quorate: bool | None = Field(default=None, description="Absent where the token may not know")
    nodes: list[Node]
    guests: dict[str, int] = Field(description="How many by status, templates apart")
    unchecked: list[str] = Field(description="What could not be looked at, and why")


class ClusterStatus(Result):
    cluster: str | None = Field(default=None, description="Absent on a node that is in no cluster")
    quorate: bool | None = None
    nodes: list[dict[str, Any]] = Field(description="name, online, ip, local")


class NodeStatus(Result):
    node: str
    version: str | None = None
    kernel: str | None = None
    cpu_model: str | None = None
    cpus: int | None = None
    cpu_percent: float | None = None
    load: list[float]
    memory: dict[str, int] = Field(description="total, used")
    swap: dict[str, int]
    root: dict[str, int] = Field(description="total, used of the root file system")
    uptime_seconds: int | None = None


class Resources(Page):
    resources: list[dict[str, Any]] = Field(description="Rows as the API gives them")


class NextId(Result):
    vmid: int
    free: bool = True


class Metrics(Result):
    """Measurements in equal steps; a step without a value was not measured."""

    vmid: int
    timeframe: str
    step_seconds: int
    average: dict[str, float]
    highest: dict[str, float]
    points: list[dict[str, float | int]] = Field(description="time (epoch) and the metrics asked for")


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


class ApiCall(Result):
    method: str
    path: str
    description: str
    privileges: str | None = None
    parameters: list[dict[str, Any]] | None = None


class ApiCalls(Result):
    calls: list[ApiCall]
    total: int = Field(description="How many matched")


class ApiAnswer(Result):
    """What a call answered, as it came."""

    method: str
    path: str
    data: Any
    task: Change | None = Field(default=None, description="How the task that it started went")
    omitted: int | None = Field(
        default=None, description="Rows of a list that were left out; narrow the call or raise limit"
    )
