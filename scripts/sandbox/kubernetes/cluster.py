"""A cluster to talk to: the server, its users, a kubeconfig, and ways to put things in and look things up."""

import base64
import json
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sandbox.kubernetes import certificate, rbac, world
from sandbox.kubernetes.api import Api
from sandbox.kubernetes.faults import Faults
from sandbox.kubernetes.recording import Recording
from sandbox.kubernetes.server import Server
from sandbox.kubernetes.writing import complete

Json = dict[str, Any]
USERS = {"admin-token": rbac.ADMIN, "viewer-token": rbac.VIEWER, "nobody-token": rbac.NOBODY}


class Cluster:
    """`with Cluster() as cluster:` serves until the block ends; point KUBECONFIG at `cluster.kubeconfig`.

    Contexts: `sandbox` (admin, the current one), `viewer`, `nobody`, `expired` (a token nobody has), and `prod`, whose
    default namespace is `production`.
    """

    def __init__(self, *, metrics: bool = True, populated: bool = True) -> None:
        self._directory = tempfile.TemporaryDirectory(prefix="sandbox-kubernetes-")
        self.home = Path(self._directory.name)
        self.api = Api(USERS, metrics=metrics)
        self.faults = Faults()
        self.recording = Recording()
        self._certificate = certificate.make(self.home)
        self._server = Server(self.api, self.faults, self.recording, self._certificate)
        world.bare(self)
        if populated:
            world.populate(self)
        self.kubeconfig = self.write_kubeconfig(self.home / "kubeconfig")

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.stop()
        self._directory.cleanup()

    def write_kubeconfig(self, path: Path) -> Path:
        """Write a kubeconfig with all contexts. JSON is YAML, too."""
        authority = base64.b64encode(certificate.public_part(self._certificate)).decode()
        tokens = {"sandbox": "admin-token", "viewer": "viewer-token", "nobody": "nobody-token", "expired": "old-token"}
        users = [{"name": name, "user": {"token": token}} for name, token in tokens.items()]
        contexts: list[Json] = [{"name": name, "context": {"cluster": "sandbox", "user": name}} for name in tokens]
        production = {"cluster": "sandbox", "user": "sandbox", "namespace": "production"}
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "sandbox",
            "clusters": [
                {"name": "sandbox", "cluster": {"server": self.url, "certificate-authority-data": authority}},
            ],
            "users": users,
            "contexts": [*contexts, {"name": "prod", "context": production}],
        }
        path.touch(mode=0o600)
        path.write_text(json.dumps(config, indent=1), encoding="utf-8")
        return path

    def write_stub(self) -> Path:
        """Write a kubectl whose `exec` works without containers; see `stub_kubectl`."""
        path = self.home / "kubectl"
        stub = Path(__file__).with_name("stub_kubectl.py")
        path.write_text(f'#!/bin/sh\nexec "{sys.executable}" -P "{stub}" "$@"\n', encoding="utf-8")
        path.chmod(0o700)
        return path

    def put(self, item: Json) -> Json:
        """Store an object with the server's defaults but without its checks, and let the controllers run."""
        resource, status = self.api.kinds[item["kind"]], item.get("status")
        complete(resource, {}, item)
        stored = self.api.store.put(resource, item | ({"status": status} if status else {}))
        self.api.controllers.run()
        return stored

    def get(self, kind: str, name: str, namespace: str = "default") -> Json | None:
        """An object by kind and name."""
        resource = self.api.kinds[kind]
        return self.api.store.get(resource, namespace if resource.namespaced else "", name)

    def names(self, kind: str, namespace: str = "default") -> list[str]:
        resource = self.api.kinds[kind]
        items = self.api.store.items(resource, namespace if resource.namespaced else "")
        return [item["metadata"]["name"] for item in items]

    def log(
        self, pod: str, container: str, lines: list[str], namespace: str = "default", *, previous: bool = False
    ) -> None:
        self.api.subresources.write_log(namespace, pod, container, lines, previous=previous)
