"""A cluster with a pod that crashes, and a protected namespace."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sandbox.kubernetes.cluster import Cluster
from support.scenes.base import Scene
from support.tools import require


@contextmanager
def scene(home: Path) -> Iterator[Scene]:
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
