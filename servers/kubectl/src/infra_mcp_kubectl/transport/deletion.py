"""Deleting objects, and waiting until they are gone."""

import anyio

from infra_mcp_common.errors import InvalidInput
from infra_mcp_kubectl.domain.deletions import DeletionOutcome, batches, outcome
from infra_mcp_kubectl.domain.objects import KubeObject, uid_of
from infra_mcp_kubectl.domain.query import Query
from infra_mcp_kubectl.transport.kubectl import Kubectl

_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.2, 3
# What is left of a call's time for the answer.
_RESERVE = 5
Left = dict[str, KubeObject]


async def delete(kubectl: Kubectl, objects: list[KubeObject], cascade: str) -> list[str]:
    """Ask for the deletion of the objects; what kubectl complained of."""
    complaints = [
        await kubectl.within(batch.namespace).delete(batch.kind, batch.names, cascade)
        for batch in batches(objects, kubectl.scope.namespace)
    ]
    return [complaint for complaint in complaints if complaint]


async def wait_until_gone(kubectl: Kubectl, objects: list[KubeObject], seconds: float) -> list[DeletionOutcome]:
    """Look until all are gone or the time is up; what has become of each then."""
    until = anyio.current_time() + min(seconds, kubectl.deadline.left - _RESERVE)
    pause = _SHORTEST_PAUSE
    while True:
        left = await _still_there(kubectl, objects)
        is_gone = not any(uid_of(item) in left for item in objects)
        if is_gone or anyio.current_time() + pause > until:
            return [outcome(item, left) for item in objects]
        await anyio.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)


async def _still_there(kubectl: Kubectl, objects: list[KubeObject]) -> Left:
    """What has not gone yet, by uid; an object made anew under the same name has another one."""
    found: Left = {}
    try:
        for batch in batches(objects, kubectl.scope.namespace):
            query = Query(batch.kind, tuple(batch.names))
            for live in await kubectl.within(batch.namespace).objects(query, missing_ok=True):
                found[uid_of(live)] = live
    except InvalidInput:  # the kind itself went, with its definition
        return {}
    return found
