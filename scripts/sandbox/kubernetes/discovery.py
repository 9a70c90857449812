"""What `/api` and `/apis` answer: aggregated discovery, and the plain lists of one group version."""

from collections.abc import Iterable
from typing import Any

from sandbox.kubernetes.resources import Resource, Subresource

Json = dict[str, Any]
AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"


def aggregated(resources: Iterable[Resource]) -> Json:
    """An APIGroupDiscoveryList: groups in order, each with its versions and their resources."""
    groups: dict[str, dict[str, list[Resource]]] = {}
    for resource in resources:
        groups.setdefault(resource.group, {}).setdefault(resource.version, []).append(resource)
    return {
        "kind": "APIGroupDiscoveryList",
        "apiVersion": "apidiscovery.k8s.io/v2",
        "metadata": {},
        "items": [
            {
                "metadata": {"name": group} if group else {},
                "versions": [
                    {"version": version, "resources": [_aggregated(r) for r in members], "freshness": "Current"}
                    for version, members in versions.items()
                ],
            }
            for group, versions in groups.items()
        ],
    }


def _aggregated(resource: Resource) -> Json:
    item: Json = {
        "resource": resource.plural,
        "responseKind": {"group": "", "version": "", "kind": resource.kind},
        "scope": "Namespaced" if resource.namespaced else "Cluster",
        "singularResource": resource.singular,
        "verbs": list(resource.verbs),
    }
    if resource.short_names:
        item["shortNames"] = list(resource.short_names)
    if resource.categories:
        item["categories"] = list(resource.categories)
    if resource.subresources:
        item["subresources"] = [_aggregated_subresource(s) for s in resource.subresources]
    return item


def _aggregated_subresource(subresource: Subresource) -> Json:
    kind = {"group": subresource.group, "version": subresource.version, "kind": subresource.kind}
    return {"subresource": subresource.name, "responseKind": kind, "verbs": list(subresource.verbs)}


def resource_list(api_version: str, resources: Iterable[Resource]) -> Json:
    """An APIResourceList: what a client asks for that wants one group version only."""
    entries: list[Json] = []
    for resource in resources:
        entries.append(_plain(resource))
        entries += [_plain_subresource(resource, s) for s in resource.subresources]
    return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": api_version, "resources": entries}


def _plain(resource: Resource) -> Json:
    entry: Json = {
        "name": resource.plural,
        "singularName": resource.singular,
        "namespaced": resource.namespaced,
        "kind": resource.kind,
        "verbs": list(resource.verbs),
    }
    if resource.short_names:
        entry["shortNames"] = list(resource.short_names)
    if resource.categories:
        entry["categories"] = list(resource.categories)
    return entry


def _plain_subresource(resource: Resource, subresource: Subresource) -> Json:
    group = {"group": subresource.group, "version": subresource.version} if subresource.group else {}
    return {
        "name": f"{resource.plural}/{subresource.name}",
        "singularName": "",
        "namespaced": resource.namespaced,
        **group,
        "kind": subresource.kind,
        "verbs": list(subresource.verbs),
    }
