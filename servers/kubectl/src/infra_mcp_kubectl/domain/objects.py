"""Objects as the API server tells them, and what they are called."""

from typing import Any

KubeObject = dict[str, Any]
Identity = tuple[str, str, str, str]


def name_of(item: KubeObject) -> str:
    """An object as people write it: deployment/web."""
    return f"{str(item['kind']).lower()}/{item['metadata']['name']}"


def namespace_of(item: KubeObject) -> str | None:
    """The namespace an object names; None where it names none, or is in none."""
    namespace: str | None = item["metadata"].get("namespace")
    return namespace


def group_of(item: KubeObject) -> str:
    """The API group; "" for the core one."""
    return str(item.get("apiVersion", "")).rpartition("/")[0]


def uid_of(item: KubeObject) -> str:
    return str(item["metadata"].get("uid"))


def qualified_kind(item: KubeObject) -> str:
    """The kind in the spelling that names its group, so that no other kind of the same name is meant."""
    group = group_of(item)
    return f"{item['kind']}.{group}" if group else str(item["kind"])


def identity(item: KubeObject, namespace: str) -> Identity:
    """What makes two objects the same: group, kind, namespace and name. namespace: where it names none."""
    return group_of(item), str(item.get("kind")), namespace_of(item) or namespace, str(item["metadata"]["name"])


def spec_of(item: KubeObject) -> KubeObject:
    return item.get("spec") or {}


def status_of(item: KubeObject) -> KubeObject:
    return item.get("status") or {}


def conditions_of(item: KubeObject) -> list[KubeObject]:
    """The conditions of an object's status."""
    return status_of(item).get("conditions") or []


def annotations_of(item: KubeObject) -> dict[str, str]:
    return item["metadata"].get("annotations") or {}


def owners_of(item: KubeObject) -> list[KubeObject]:
    """The references to what owns an object."""
    return item["metadata"].get("ownerReferences") or []
