"""Which objects a deletion is about, and what became of them."""

from typing import Any

import anyio

from infra_mcp_common.errors import InvalidInput
from infra_mcp_kubectl.answers.objects import Deletion, Match
from infra_mcp_kubectl.transport.kubectl import Kubectl
from infra_mcp_kubectl.transport.runner import Query

Json = dict[str, Any]
Uids = set[str]


def match(item: Json) -> Match:
    """An object with what keeps it: owners that make it anew, finalizers that have to be done first."""
    metadata = item["metadata"]
    owners = [f"{owner['kind'].lower()}/{owner['name']}" for owner in metadata.get("ownerReferences") or []]
    finalizers = list(metadata.get("finalizers") or [])
    if item.get("kind") == "Namespace":
        finalizers += list((item.get("spec") or {}).get("finalizers") or [])
    return Match(
        object=f"{str(item['kind']).lower()}/{metadata['name']}",
        namespace=metadata.get("namespace"),
        owners=owners or None,
        finalizers=finalizers or None,
    )


def qualified(item: Json) -> str:
    """The kind in the spelling that names its group, so that no other kind of the same name is meant."""
    group = str(item.get("apiVersion", "")).rpartition("/")[0]
    return f"{item['kind']}.{group}" if group else str(item["kind"])


def batches(items: list[Json], default: str) -> dict[tuple[str, str], list[str]]:
    """Names by kind and namespace: what one kubectl can be asked to delete."""
    found: dict[tuple[str, str], list[str]] = {}
    for item in items:
        key = (qualified(item), str(item["metadata"].get("namespace") or default))
        found.setdefault(key, []).append(str(item["metadata"]["name"]))
    return found


async def still_there(kubectl: Kubectl, items: list[Json], default: str) -> dict[str, Json]:
    """Those of the objects that have not gone yet, by uid; one made anew under the same name does not count."""
    found: dict[str, Json] = {}
    for (kind, namespace), names in batches(items, default).items():
        for live in await kubectl.objects(Query(kind, namespace, tuple(names)), missing_ok=True):
            found[str(live["metadata"].get("uid"))] = live
    return found


async def wait_for_end(kubectl: Kubectl, items: list[Json], default: str, seconds: float) -> dict[str, Json]:
    """Look until all are gone or the time is up; what is still there then, by uid."""
    until = anyio.current_time() + min(seconds, kubectl.left - 5)
    pause = 0.2
    while True:
        try:
            left = await still_there(kubectl, items, default)
        except InvalidInput:  # the kind itself went, with its definition
            left = {}
        gone = not any(str(item["metadata"].get("uid")) in left for item in items)
        if gone or anyio.current_time() + pause > until:
            return left
        await anyio.sleep(pause)
        pause = min(pause * 2, 3)


def verdict(item: Json, left: dict[str, Json]) -> Deletion:
    """What became of an object that was to be deleted."""
    live = left.get(str(item["metadata"].get("uid")))
    if live is None:
        return Deletion(**match(item).model_dump(), state="deleted")
    asked = live["metadata"].get("deletionTimestamp") is not None or _is_ending(live)
    return Deletion(**match(live).model_dump(), state="asked" if asked else "failed")


def _is_ending(live: Json) -> bool:
    return (live.get("status") or {}).get("phase") == "Terminating"
