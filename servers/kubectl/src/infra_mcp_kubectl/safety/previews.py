"""What gated calls would do."""

from infra_mcp_common.tool_calls.confirmation import Preview
from infra_mcp_kubectl.answers.deletions import Match
from infra_mcp_kubectl.answers.manifests import Applied
from infra_mcp_kubectl.domain.drains import DrainPlan
from infra_mcp_kubectl.domain.objects import KubeObject

_SHOWN = 50


def of_delete(context: str, objects: list[KubeObject]) -> Preview:
    """The objects that match, with what keeps them."""
    shown = [Match.of(item).model_dump(mode="json") for item in objects[:_SHOWN]]
    more = len(objects) - len(shown)
    now = {"objects": shown, **({"more": more} if more else {})}
    return Preview(would=f"Delete {len(objects)} object(s) in context {context}.", now=now)


def of_apply(context: str, dry_run: Applied) -> Preview:
    """The server's dry run of the same manifest."""
    would = f"Apply {len(dry_run.outcomes)} object(s) in context {context}."
    return Preview(would=would, now=dry_run.model_dump(mode="json"))


def of_drain(context: str, node: str, plan: DrainPlan, *, force: bool, delete_local_data: bool) -> Preview:
    """The pods that would be evicted, and what else the call would need for that."""
    now = {
        "evicted": plan.evicted,
        "stay": plan.stay,
        "need_force": [] if force else plan.unmanaged,
        "need_delete_local_data": [] if delete_local_data else plan.local_data,
    }
    would = f"Cordon {node} in context {context} and evict {len(plan.evicted)} pod(s)."
    return Preview(would=would, now={name: value for name, value in now.items() if value})
