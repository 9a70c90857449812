"""Changes: told object by object and field by field, also where some fail; previews change nothing."""

import json
from typing import Any

import pytest

from sandbox.kubernetes.cluster import Cluster
from sandbox.kubernetes.world import named, pod
from support.kubectl import Use

pytestmark = pytest.mark.anyio

SHOP = """
apiVersion: v1
kind: ConfigMap
metadata: {name: shop}
data: {a: "1", b: "%s"}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  replicas: 2
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec: {containers: [{name: main, image: "shop:%s"}]}
"""
MIXED = """
apiVersion: v1
kind: ConfigMap
metadata: {name: fine}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: typo}
spec:
  replcas: 2
  selector: {matchLabels: {a: b}}
  template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c}]}}
---
{apiVersion: nobody.example.com/v1, kind: Nothing, metadata: {name: x}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: lost, namespace: nosuch}}
"""


def outcomes(answer: dict[str, Any]) -> dict[str, str]:
    return {outcome["object"]: outcome["action"] for outcome in answer["outcomes"]}


async def test_apply_tells_created_unchanged_and_configured_with_the_changed_fields(use: Use, cluster: Cluster) -> None:
    async with use() as kubectl:
        first = await kubectl.call("apply", manifest=SHOP % (2, 1))
        again = await kubectl.call("apply", manifest=SHOP % (2, 1))
        changed = await kubectl.call("apply", manifest=SHOP % (3, 2))
    assert set(outcomes(first).values()) == {"created"}
    assert set(outcomes(again).values()) == {"unchanged"}
    changes = {change["path"]: change["after"] for outcome in changed["outcomes"] for change in outcome["changes"]}
    assert changes["data.b"] == "3"
    assert changes["spec.template.spec.containers[name=main].image"] == "shop:2"
    assert (cluster.get("ConfigMap", "shop") or {})["data"] == {"a": "1", "b": "3"}


async def test_a_dry_run_and_a_diff_tell_the_same_and_change_nothing(use: Use, cluster: Cluster) -> None:
    async with use("--read-only") as kubectl:
        diff = await kubectl.call("diff", manifest=SHOP % (2, 1))
    async with use() as kubectl:
        tried = await kubectl.call("apply", manifest=SHOP % (2, 1), dry_run=True)
    assert outcomes(diff) == outcomes(tried) == {"configmap/shop": "created", "deployment/shop": "created"}
    assert cluster.recording.changes() == []
    assert cluster.get("ConfigMap", "shop") is None


async def test_where_writes_are_gated_the_preview_is_the_dry_run(use: Use, cluster: Cluster) -> None:
    async with use(INFRA_MCP_GATE="writes", INFRA_MCP_ASK="off") as kubectl:
        preview = await kubectl.call("apply", manifest=SHOP % (2, 1))
        assert cluster.recording.changes() == []
        done = await kubectl.call("apply", manifest=SHOP % (2, 1), confirmed=True)
    assert {outcome["object"] for outcome in preview["now"]["outcomes"]} == set(outcomes(done))


async def test_where_some_objects_fail_each_says_what_became_of_it(use: Use, cluster: Cluster) -> None:
    async with use() as kubectl:
        answer = await kubectl.marked("apply", manifest=MIXED)
    told = outcomes(answer)
    assert told == {
        "configmap/fine": "created",
        "deployment/typo": "failed",
        "nothing/x": "failed",
        "configmap/lost": "failed",
    }
    errors = {outcome["object"]: outcome.get("error", "") for outcome in answer["outcomes"]}
    assert 'unknown field "spec.replcas"' in errors["deployment/typo"]
    assert "Nothing" in errors["nothing/x"]
    assert "nosuch" in errors["configmap/lost"]
    assert cluster.get("ConfigMap", "fine") is not None


async def test_server_side_conflicts_name_owner_and_field_and_are_forced_only_on_request(
    use: Use, cluster: Cluster
) -> None:
    async with use() as kubectl:
        await kubectl.call("apply", manifest=SHOP % (2, 1))
        answer = await kubectl.marked("apply", manifest=SHOP % (9, 1), server_side=True)
        assert (cluster.get("ConfigMap", "shop") or {})["data"]["b"] == "2"
        forced = await kubectl.call("apply", manifest=SHOP % (9, 1), server_side=True, force_conflicts=True)
    conflicts = [conflict for outcome in answer["outcomes"] for conflict in outcome.get("conflicts", [])]
    assert conflicts == [{"manager": "kubectl-client-side-apply", "field": ".data.b"}]
    assert outcomes(forced)["configmap/shop"] == "configured"


NO_MANIFESTS = [
    "",
    "a: [",
    "just text",
    "- 1",
    "apiVersion: v1\nkind: ConfigMap",
    "apiVersion: v1\nmetadata: {name: x}",
    "a: &a [x]\nb: [*a, *a]",
    "kind: List\napiVersion: v1\nitems: []",
]


async def test_a_manifest_that_is_none_is_refused_before_anything_is_sent(use: Use, cluster: Cluster) -> None:
    async with use() as kubectl:
        for manifest in NO_MANIFESTS:
            assert await kubectl.refused("apply", manifest=manifest) == "invalid_input", manifest
    assert cluster.recording.requests == []


async def test_values_arrive_in_the_cluster_as_kubernetes_reads_them(use: Use, cluster: Cluster) -> None:
    head = "apiVersion: stable.example.com/v1\nkind: Backup\nmetadata: {name: x}\n"
    manifest = head + "spec: {time: 22:22, day: 2026-01-02, on: 0644}"
    async with use() as kubectl:
        await kubectl.call("apply", manifest=manifest)
    assert (cluster.get("Backup", "x") or {})["spec"] == {"time": "22:22", "day": "2026-01-02", "true": 0o644}


async def test_a_long_manifest_makes_a_bounded_answer_that_counts_what_it_leaves_out(use: Use) -> None:
    objects = [
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": f"c{number}"}, "data": {"k": "%s" * 800}}
        for number in range(30)
    ]
    before, after = ("\n---\n".join(json.dumps(item).replace("%s", word) for item in objects) for word in ("a", "b"))
    async with use() as kubectl:
        await kubectl.call("apply", manifest=before)
        answer = await kubectl.call("apply", manifest=after)
    assert [outcome["action"] for outcome in answer["outcomes"]] == ["configured"] * 30
    assert len(json.dumps(answer)) < 90_000
    assert sum(outcome.get("more_changes", len(outcome.get("changes", []))) for outcome in answer["outcomes"]) == 30


@pytest.mark.promise("paths-lie-inside-the-folders")
async def test_a_manifest_file_is_read_from_the_project_and_nowhere_else(use: Use, cluster: Cluster) -> None:
    project = cluster.home / "project"
    project.mkdir()
    (project / "shop.yaml").write_text(SHOP % (2, 1))
    (project / "link.yaml").symlink_to(cluster.kubeconfig)
    async with use(CLAUDE_PROJECT_DIR=str(project)) as kubectl:
        done = await kubectl.call("apply", file="shop.yaml")
        outside = [await kubectl.refused("apply", file=path) for path in ("link.yaml", "../kubeconfig", "/etc/passwd")]
        assert await kubectl.refused("apply", file="nosuch.yaml") == "invalid_input"
    assert outcomes(done)["configmap/shop"] == "created"
    assert outside == ["refused"] * 3


async def test_delete_previews_owners_and_finalizers_and_changes_nothing_until_confirmed(
    use: Use, cluster: Cluster
) -> None:
    cluster.put(
        pod("kept") | {"metadata": {"name": "kept", "namespace": "default", "finalizers": ["example.com/hold"]}}
    )
    async with use(INFRA_MCP_ASK="off") as kubectl:
        owned = await kubectl.call("delete", kind="pods", selector="app=web")
        held = await kubectl.call("delete", kind="pods", names=["kept"])
        assert cluster.recording.changes() == []
        done = await kubectl.call("delete", kind="pods", names=["kept", "crasher"], wait_seconds=1, confirmed=True)
    assert all(item["owners"][0].startswith("replicaset/web-") for item in owned["now"]["objects"])
    assert held["now"]["objects"][0]["finalizers"] == ["example.com/hold"]
    states = {item["object"]: item["state"] for item in done["deletions"]}
    assert states == {"pod/kept": "asked", "pod/crasher": "deleted"}


async def test_delete_by_manifest_takes_exactly_its_objects(use: Use, cluster: Cluster) -> None:
    async with use(INFRA_MCP_ASK="off") as kubectl:
        await kubectl.call("apply", manifest=SHOP % (2, 1))
        done = await kubectl.call("delete", manifest=SHOP % (2, 1), confirmed=True)
        assert await kubectl.refused("delete", manifest=SHOP % (2, 1), confirmed=True) == "not_found"
    assert {item["state"] for item in done["deletions"]} == {"deleted"}
    assert "shop" not in cluster.names("ConfigMap") + cluster.names("Deployment")
    assert "settings" in cluster.names("ConfigMap")


TOO_MUCH: list[dict[str, Any]] = [
    {"kind": "pods"},
    {"kind": "all", "selector": "app"},
    {"kind": "pods", "names": ["crasher"], "selector": "app"},
    {"kind": "pods", "names": ["crasher"], "manifest": "x"},
    {},
]


async def test_delete_never_takes_a_whole_kind(use: Use, cluster: Cluster) -> None:
    async with use(INFRA_MCP_ASK="off") as kubectl:
        for arguments in TOO_MUCH:
            assert await kubectl.refused("delete", **arguments, confirmed=True) == "invalid_input", arguments
    assert cluster.recording.changes() == []


async def test_scale_and_rollouts_tell_before_and_after(use: Use, cluster: Cluster) -> None:
    broken = '{"spec":{"template":{"spec":{"containers":[{"name":"web","image":"nginx:missing"}]}}}}'
    async with use() as kubectl:
        scaled = await kubectl.call("scale", kind="deployment", name="web", replicas=4)
        restarted = await kubectl.call("rollout_restart", kind="deployment", name="web")
        await kubectl.call("patch", kind="deployment", name="web", patch=broken)
        stuck = await kubectl.call("rollout_status", kind="deployment", name="web", wait_seconds=5)
        history = await kubectl.call("rollout_history", kind="deployment", name="web")
        undone = await kubectl.call("rollout_undo", kind="deployment", name="web")
        well = await kubectl.call("rollout_status", kind="deployment", name="web", wait_seconds=5)
    assert scaled["changes"] == [{"path": "spec.replicas", "before": 3, "after": 4}]
    assert restarted["desired"] == 4
    assert (stuck["complete"], "ProgressDeadlineExceeded" in stuck["why_not"]) == (False, True)
    assert len(history["rows"]) == 3
    assert {"before": "nginx:missing", "after": "nginx:1.27"}.items() <= undone["changes"][-1].items()
    assert (well["complete"], well["ready"]) == (True, 4)


async def test_labels_and_annotations_are_set_removed_and_never_overwritten_unasked(use: Use) -> None:
    one = {"kind": "pod", "name": "crasher"}
    async with use() as kubectl:
        first = await kubectl.call("label", **one, labels={"tier": "x", "app": None})
        assert await kubectl.refused("label", **one, labels={"tier": "y"}) == "conflict"
        second = await kubectl.call("label", **one, labels={"tier": "y"}, overwrite=True)
        noted = await kubectl.call("annotate", **one, annotations={"a.example.com/b": "it's $(odd); --really"})
        same = await kubectl.call("annotate", **one, annotations={"a.example.com/b": "it's $(odd); --really"})
    assert {change["path"] for change in first["changes"]} == {"metadata.labels.tier", "metadata.labels.app"}
    assert second["changes"] == [{"path": "metadata.labels.tier", "before": "x", "after": "y"}]
    assert noted["changes"][0]["after"] == "it's $(odd); --really"
    assert same["changes"] == []


async def test_patches_of_all_three_styles_arrive(use: Use, cluster: Cluster) -> None:
    one = {"kind": "configmap", "name": "settings"}
    async with use() as kubectl:
        await kubectl.call("patch", **one, patch='{"data":{"mode":null}}')
        await kubectl.call("patch", **one, patch='{"data":{"more":"x"}}', style="merge")
        await kubectl.call(
            "patch", **one, patch='[{"op":"replace","path":"/data/level","value":"debug"}]', style="json"
        )
        assert await kubectl.refused("patch", **one, patch="{nope") == "invalid_input"
    assert (cluster.get("ConfigMap", "settings") or {})["data"] == {"level": "debug", "more": "x"}


async def test_a_node_is_cordoned_previewed_and_drained(use: Use, cluster: Cluster) -> None:
    cluster.put(
        named("PodDisruptionBudget", "web", "default", "policy/v1", spec={"selector": {"matchLabels": {"app": "web"}}})
    )
    async with use(INFRA_MCP_ASK="off", KUBECTL_MCP_PROTECTED_NAMESPACES="none") as kubectl:
        cordoned = await kubectl.call("cordon", node="node-1")
        preview = await kubectl.call("drain", node="node-2")
        assert len(cluster.recording.changes()) == 1
        drained = await kubectl.marked("drain", node="node-2", force=True, wait_seconds=3, confirmed=True)
        freed = await kubectl.call("cordon", node="node-1", on=False)
    assert cordoned["changes"] == [{"path": "spec.unschedulable", "after": True}]
    assert "default/crasher" in preview["now"]["need_force"]
    assert "disruption budget" in drained["error"]
    assert "default/crasher" in drained["evicted"]
    assert all(name.startswith("default/web-") for name in drained["kept"])
    assert freed["changes"][0]["before"] is True
