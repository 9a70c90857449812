"""For each server a small piece of infrastructure, one call that is answered with a preview and one that is refused.

A server without a scene here fails the test that goes through all of them.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.cloudflare.server import FakeCloudflare
from sandbox.kubernetes.cluster import Cluster
from sandbox.proxmox import FakeProxmox
from support.ssh_home import SshHome
from support.sshd import Sshd
from support.tools import require

Call = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Scene:
    """reason: what the refusal has to name. settings: for the server. state: what the calls must leave as it is."""

    preview: Call
    refusal: Call
    reason: str
    settings: dict[str, str]
    state: Callable[[], object]


@contextmanager
def proxmox(home: Path) -> Iterator[Scene]:
    with FakeProxmox() as pve:
        pve.add_guest(100, name="web")
        pve.add_guest(103, name="old-web")
        yield Scene(
            preview=("delete_guest", {"guest": "old-web"}),
            refusal=("rollback_snapshot", {"guest": "web", "name": "before", "confirmed": True}),
            reason="PROXMOX_PROTECTED",
            settings=pve.environment() | {"PROXMOX_PROTECTED": "100"},
            state=lambda: sorted(pve.cluster.guests),
        )


@contextmanager
def cloudflare(home: Path) -> Iterator[Scene]:
    with FakeCloudflare() as fake:
        zone = fake.add_zone("example.com")
        fake.add_record(zone, "A", "api", "192.0.2.10")
        fake.add_record(zone, "MX", "@", "mail.example.com", priority=10)
        yield Scene(
            preview=("delete_dns_record", {"zone": "example.com", "record": "api"}),
            refusal=("update_dns_record", {"zone": "example.com", "record": "@", "type": "MX", "ttl": 300}),
            reason="CF_APEX_CHANGES",
            settings=fake.environment(),
            state=lambda: sorted(record["name"] for record in zone.records.values()),
        )


@contextmanager
def kubectl(home: Path) -> Iterator[Scene]:
    require("kubectl")
    manifest = "{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: production}}"
    with Cluster() as cluster:
        cluster.write_kubeconfig(home / "kubeconfig")
        yield Scene(
            preview=("delete", {"kind": "pod", "names": ["crasher"]}),
            refusal=("apply", {"manifest": manifest}),
            reason="production",
            settings={"KUBECONFIG": str(home / "kubeconfig")},
            state=lambda: (cluster.names("Pod"), cluster.names("ConfigMap", "production")),
        )


@contextmanager
def terraform(home: Path) -> Iterator[Scene]:
    require("terraform")
    lab = home / "lab"
    lab.mkdir()
    (lab / "main.tf").write_text('resource "terraform_data" "web" {}\n')
    yield Scene(
        preview=("destroy", {"directory": "lab"}),
        refusal=("validate", {"directory": "/"}),
        reason="outside the allowed folders",
        settings={},
        state=(lab / "terraform.tfstate").exists,
    )


@contextmanager
def ansible(home: Path) -> Iterator[Scene]:
    project = home / "project"
    project.mkdir()
    variables = f"ansible_connection=local ansible_python_interpreter={sys.executable}"
    (project / "hosts").write_text(f"web {variables}\n")
    task = f"{{ansible.builtin.file: {{path: {home}/motd, state: touch}}}}"
    (project / "site.yml").write_text(f"[{{hosts: all, gather_facts: false, tasks: [{task}]}}]\n")
    yield Scene(
        preview=("run_playbook", {"playbook": "site.yml", "inventory": "hosts"}),
        refusal=("check_playbook", {"playbook": "/etc/passwd"}),
        reason="outside the allowed folders",
        settings={"ANSIBLE_MCP_ROOTS": str(project), "INFRA_MCP_GATE": "writes"},
        state=(home / "motd").exists,
    )


@contextmanager
def ssh(home: Path) -> Iterator[Scene]:
    require("sshd")
    mine = SshHome(home)
    with Sshd(home.parent / "known") as known, Sshd(home.parent / "stranger") as stranger:
        key = mine.key()
        for host in (known, stranger):
            host.authorize(key)
        mine.trust(known)
        mine.alias("target", known)
        mine.alias("stranger", stranger)
        yield Scene(
            preview=("write_file", {"host": "target", "path": str(home / "motd"), "content": "Welcome.\n"}),
            refusal=("read_file", {"host": "stranger", "path": "motd"}),
            reason="SHA256:",
            settings={"INFRA_MCP_GATE": "writes"},
            state=(home / "motd").exists,
        )


SCENES = {
    "ansible": ansible,
    "cloudflare": cloudflare,
    "kubectl": kubectl,
    "proxmox": proxmox,
    "ssh": ssh,
    "terraform": terraform,
}
