"""What is in the cluster: a healthy shop, and one of each thing that commonly goes wrong."""

import base64
from typing import Any, Protocol

from sandbox.kubernetes.pods import STATE

Json = dict[str, Any]
S1_PASSWORD = "correct-horse-battery-staple"  # noqa: S105 -- a canary: it must appear nowhere
NAMESPACES = ("default", "kube-node-lease", "kube-public", "kube-system", "production")


class Furnished(Protocol):
    """What can be put into a cluster."""

    def put(self, item: Json) -> Json: ...

    def names(self, kind: str, namespace: str = "default") -> list[str]: ...

    def log(
        self, pod: str, container: str, lines: list[str], namespace: str = "default", *, previous: bool = False
    ) -> None: ...


def named(kind: str, name: str, namespace: str = "", api_version: str = "v1", **rest: Any) -> Json:
    metadata = {"name": name, **({"namespace": namespace} if namespace else {}), **rest.pop("metadata", {})}
    return {"kind": kind, "apiVersion": api_version, "metadata": metadata, **rest}


def pod(name: str, image: str = "busybox:1", *, state: str = "", namespace: str = "default", **spec: Any) -> Json:
    """A pod with one container `app`; `state` is one of those of `pods`."""
    metadata = {"labels": {"app": name}, **({"annotations": {STATE: state}} if state else {})}
    body = {"containers": [{"name": "app", "image": image}], **spec}
    return named("Pod", name, namespace, metadata=metadata, spec=body)


def deployment(name: str, image: str, replicas: int = 3, *, namespace: str = "default", state: str = "") -> Json:
    labels = {"app": name}
    annotations = {"annotations": {STATE: state}} if state else {}
    template = {"metadata": {"labels": labels, **annotations}, "spec": {"containers": [{"name": name, "image": image}]}}
    spec = {"replicas": replicas, "selector": {"matchLabels": labels}, "template": template}
    return named("Deployment", name, namespace, "apps/v1", metadata={"labels": labels}, spec=spec)


def node(name: str, role: str) -> Json:
    capacity = {"cpu": "8", "memory": "32Gi", "pods": "500"}
    well = {"type": "Ready", "status": "True", "reason": "KubeletReady", "message": "kubelet is posting ready status"}
    names = {
        "kubeletVersion": "v1.36.2",
        "kubeProxyVersion": "v1.36.2",
        "containerRuntimeVersion": "containerd://2.1.4",
    }
    system = {"operatingSystem": "linux", "architecture": "amd64"}
    identity = {"machineID": "", "systemUUID": "", "bootID": "", "osImage": "Debian 13", "kernelVersion": "6.12.9"}
    status = {
        "capacity": capacity,
        "allocatable": capacity,
        "conditions": [well],
        "addresses": [{"type": "InternalIP", "address": "127.0.0.1"}],
        "nodeInfo": {**names, **system, **identity},
    }
    labels = {"kubernetes.io/hostname": name, f"node-role.kubernetes.io/{role}": ""}
    return named("Node", name, metadata={"labels": labels}, spec={}, status=status)


def namespace(name: str) -> Json:
    labels = {"kubernetes.io/metadata.name": name}
    active = {"phase": "Active"}
    return named("Namespace", name, metadata={"labels": labels}, spec={"finalizers": ["kubernetes"]}, status=active)


def secret(name: str, space: str = "default", **values: str) -> Json:
    data = {key: base64.b64encode(value.encode()).decode() for key, value in values.items()}
    return named("Secret", name, space, data=data, type="Opaque")


def bare(cluster: Furnished) -> None:
    """Namespaces, two nodes, and what every namespace has."""
    for name in NAMESPACES:
        cluster.put(namespace(name))
    for name, role in (("node-1", "control-plane"), ("node-2", "worker")):
        cluster.put(node(name, role))
    for name in NAMESPACES:
        cluster.put(named("ConfigMap", "kube-root-ca.crt", name, data={"ca.crt": "none"}))
        cluster.put(named("ServiceAccount", "default", name))


def populate(cluster: Furnished) -> None:
    """The shop (web, db, a finished job) and its troubled pods, in `default`; a little in the other namespaces."""
    cluster.put(deployment("web", "nginx:1.27"))
    ports = [{"name": "http", "port": 80, "targetPort": 80, "protocol": "TCP"}]
    service = {"type": "ClusterIP", "clusterIP": "10.96.0.10", "selector": {"app": "web"}, "ports": ports}
    cluster.put(named("Service", "web", "default", spec=service))
    cluster.put(_database())
    cluster.put(_job())
    cluster.put(pod("crasher", state="crashloop"))
    cluster.put(pod("puller", image="registry.example.com/nope:missing"))
    cluster.put(secret("s1", password=S1_PASSWORD))
    cluster.put(named("ConfigMap", "settings", "default", data={"mode": "shop", "level": "info"}))
    cluster.put(deployment("api", "api:2", namespace="production"))
    cluster.put(deployment("coredns", "coredns:1.12", 2, namespace="kube-system"))
    cluster.log("crasher", "app", [f"INFO request {n} handled in {n % 60}ms" for n in range(4900, 5000)])
    end = ["INFO starting", "ERROR cannot reach db:5432: connection refused", "panic: giving up"]
    cluster.log("crasher", "app", end, previous=True)
    for name in cluster.names("Pod"):
        if name.startswith("web-"):
            cluster.log(name, "web", [f"GET /{n} 200" for n in range(50)])


def _database() -> Json:
    containers = [{"name": "db", "image": "postgres:17"}, {"name": "side", "image": "exporter:1"}]
    template = {"metadata": {"labels": {"app": "db"}}, "spec": {"containers": containers}}
    spec = {"replicas": 2, "serviceName": "db", "selector": {"matchLabels": {"app": "db"}}, "template": template}
    return named("StatefulSet", "db", "default", "apps/v1", spec=spec)


def _job() -> Json:
    container = {"name": "migrate", "image": "shop:1"}
    inner = {"containers": [container], "restartPolicy": "Never"}
    template = {"metadata": {"labels": {"job-name": "migrate"}}, "spec": inner}
    spec = {"template": template, "completions": 1, "parallelism": 1}
    return named("Job", "migrate", "default", "batch/v1", spec=spec)
