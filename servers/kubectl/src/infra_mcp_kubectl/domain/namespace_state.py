"""A namespace as a diagnosis sees it: its pods, its workloads, its events, and who controls whom."""

from dataclasses import dataclass

from infra_mcp_kubectl.domain.objects import KubeObject, owners_of

ROLLING_KINDS = ("Deployment", "StatefulSet", "DaemonSet")


@dataclass(frozen=True)
class NamespaceState:
    """What the cluster says of a namespace. workloads: replicasets and jobs, too."""

    pods: list[KubeObject]
    workloads: list[KubeObject]
    events: list[KubeObject]

    @property
    def is_empty(self) -> bool:
        return not self.pods and not self.workloads

    def controller(self, item: KubeObject) -> KubeObject | None:
        """The outermost owner of an object: of a pod its deployment, not the replicaset in between."""
        found = None
        while (owner := self._owner(item)) is not None:
            found = item = owner
        return found

    def reporting_workloads(self) -> list[KubeObject]:
        """The workloads that say themselves whether they are well."""
        return [item for item in self.workloads if item["kind"] in (*ROLLING_KINDS, "Job")]

    def pods_of(self, controllers: list[KubeObject]) -> list[KubeObject]:
        uids = {item["metadata"].get("uid") for item in controllers}
        found = [(pod, self.controller(pod)) for pod in self.pods]
        return [pod for pod, controller in found if controller and controller["metadata"].get("uid") in uids]

    def _owner(self, item: KubeObject) -> KubeObject | None:
        for reference in owners_of(item):
            for workload in self.workloads:
                if workload["metadata"].get("uid") == reference.get("uid"):
                    return workload
        return None
