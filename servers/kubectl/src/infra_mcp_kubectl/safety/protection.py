"""Calls that would reach into a protected namespace are refused before anything is sent, previews of them, too.

The transport checks each change once more; here a call is looked at as a whole.
"""

from infra_mcp_common.errors import InvalidInput
from infra_mcp_kubectl.domain.drains import DrainPlan
from infra_mcp_kubectl.domain.objects import KubeObject, name_of, namespace_of
from infra_mcp_kubectl.domain.query import Query
from infra_mcp_kubectl.transport.kubectl_reads import KubectlReads


def check_apply(kubectl: KubectlReads, objects: list[KubeObject]) -> None:
    """Refuse a manifest that reaches into a protected namespace, also as a dry run: nobody should plan on it."""
    namespace = kubectl.scope.namespace
    for item in objects:
        kubectl.protection.check_object(item, namespace, f"apply of {name_of(item)}")
        own = namespace_of(item)
        if own and namespace not in (own, kubectl.context.namespace):
            raise InvalidInput(f"{name_of(item)} says namespace {own}, the call says {namespace}.", "Make them agree.")


def check_delete_query(kubectl: KubectlReads, query: Query) -> None:
    """Refuse a deletion by what it names, before it is known what is there."""
    if kubectl.scope.only is not None:
        kubectl.protection.check_named(query.kind, query.names, kubectl.scope.only, f"delete of {query.kind}")


def check_delete(kubectl: KubectlReads, objects: list[KubeObject]) -> None:
    """Refuse a deletion of objects any of which is protected."""
    for item in objects:
        kubectl.protection.check_object(item, kubectl.scope.namespace, f"delete of {name_of(item)}")


async def check_delete_of_definitions(kubectl: KubectlReads, objects: list[KubeObject]) -> None:
    """With a CustomResourceDefinition all its objects go, those in protected namespaces too."""
    for item in objects:
        if item.get("kind") == "CustomResourceDefinition":
            for custom in await kubectl.everywhere().objects(Query(str(item["metadata"]["name"]))):
                kubectl.protection.check_object(custom, "", f"delete of {name_of(item)}")


def check_drain(kubectl: KubectlReads, node: str, plan: DrainPlan) -> None:
    """Refuse a drain that would evict a pod of a protected namespace."""
    for pod in plan.evicted:
        kubectl.protection.check(pod.partition("/")[0], f"drain of {node}, which would evict {pod},")
