"""Protected namespaces: every way that leads to a change in one ends at a refusal, and nothing is sent."""

from typing import Any

import pytest

from sandbox.kubernetes.cluster import Cluster
from sandbox.kubernetes.world import named
from support.kubectl import Use

pytestmark = pytest.mark.anyio

CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: sneaky%s}\n"
HARMLESS = CONFIG % "-not, namespace: default"
IN_PROD = CONFIG % ", namespace: production"
LIST = """
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: ConfigMap, metadata: {name: fine, namespace: default}}
- {apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: ConfigMap, metadata: {name: x, namespace: kube-system}}]}
"""
TYPED_LIST = "apiVersion: v1\nkind: ConfigMapList\nitems: [{metadata: {name: x, namespace: prod}}]\n"
TWICE = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, namespace: default, namespace: production}\n"
ANCHOR = (
    "apiVersion: v1\nkind: ConfigMap\nmetadata: &m {name: x, namespace: production}\ndata: {a: b}\n---\n" + HARMLESS
)
NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: production}\n"
VOLUME = """
apiVersion: v1
kind: PersistentVolume
metadata: {name: disk}
spec: {claimRef: {namespace: production, name: data}}
"""

WAYS: list[tuple[str, dict[str, Any]]] = [
    ("apply", {"manifest": IN_PROD}),
    ("apply", {"manifest": HARMLESS + "---\n" + IN_PROD}),
    ("apply", {"manifest": LIST}),
    ("apply", {"manifest": TYPED_LIST}),
    ("apply", {"manifest": ANCHOR}),
    ("apply", {"manifest": NAMESPACE}),
    ("apply", {"manifest": VOLUME}),
    ("apply", {"manifest": IN_PROD, "dry_run": True}),
    ("apply", {"manifest": IN_PROD, "namespace": "default"}),
    ("apply", {"manifest": CONFIG % "", "namespace": "kube-system"}),
    ("apply", {"manifest": CONFIG % "", "context": "prod"}),
    ("apply", {"manifest": IN_PROD, "server_side": True, "force_conflicts": True}),
    ("delete", {"kind": "configmaps", "names": ["settings"], "namespace": "production"}),
    ("delete", {"kind": "ns", "names": ["production"]}),
    ("delete", {"kind": "Namespaces", "names": ["production"]}),
    ("delete", {"kind": "namespaces.v1.", "names": ["production"]}),
    ("delete", {"kind": "namespace", "field_selector": "metadata.name=production"}),
    ("delete", {"kind": "pods", "selector": "app", "all_namespaces": True}),
    ("delete", {"kind": "deploy", "names": ["api"], "context": "prod"}),
    ("delete", {"manifest": IN_PROD}),
    ("delete", {"manifest": LIST}),
    ("delete", {"kind": "crd", "names": ["backups.stable.example.com"]}),
    ("scale", {"kind": "deployment", "name": "api", "replicas": 0, "namespace": "production"}),
    ("scale", {"kind": "deployment", "name": "api", "replicas": 0, "context": "prod"}),
    ("rollout_restart", {"kind": "deployment", "name": "coredns", "namespace": "kube-system"}),
    ("rollout_undo", {"kind": "deployment", "name": "api", "context": "prod"}),
    ("patch", {"kind": "deployment", "name": "api", "patch": "{}", "namespace": "production"}),
    ("patch", {"kind": "namespace", "name": "production", "patch": "{}"}),
    ("label", {"kind": "ns", "name": "kube-system", "labels": {"a": "b"}}),
    ("annotate", {"kind": "deployment", "name": "api", "annotations": {"a": "b"}, "context": "prod"}),
    ("drain", {"node": "node-2", "force": True}),
    ("exec", {"pod": "api-1", "command": ["true"], "namespace": "production"}),
    ("exec", {"pod": "api-1", "command": ["true"], "context": "prod"}),
]


@pytest.fixture
def cluster(cluster: Cluster) -> Cluster:
    definition = named("CustomResourceDefinition", "backups.stable.example.com", "", "apiextensions.k8s.io/v1", spec={})
    cluster.put(definition)
    cluster.put(named("Backup", "nightly", "production", "stable.example.com/v1", spec={}))
    cluster.recording.clear()
    return cluster


async def test_every_way_into_a_protected_namespace_is_refused_and_sends_no_change(use: Use, cluster: Cluster) -> None:
    async with use(INFRA_MCP_ASK="off") as kubectl:
        for tool, arguments in WAYS:
            confirmed = {"confirmed": True} if tool in ("delete", "drain") else {}
            kind = await kubectl.refused(tool, **arguments, **confirmed)
            assert kind == "refused", (tool, arguments, kind)
    assert cluster.recording.changes() == []


async def test_a_key_given_twice_can_hide_no_namespace(use: Use, cluster: Cluster) -> None:
    async with use() as kubectl:
        assert await kubectl.refused("apply", manifest=TWICE) == "invalid_input"
    assert cluster.recording.changes() == []


async def test_previews_of_changes_there_are_refused_too(use: Use, cluster: Cluster) -> None:
    async with use(INFRA_MCP_GATE="writes") as kubectl:
        assert await kubectl.refused("apply", manifest=IN_PROD) == "refused"
        assert await kubectl.refused("delete", kind="pods", selector="app", all_namespaces=True) == "refused"
        assert await kubectl.refused("drain", node="node-1") == "refused"


async def test_reading_there_stays_possible(use: Use) -> None:
    async with use() as kubectl:
        assert (await kubectl.call("get", kind="deployments", namespace="production"))["page"]["total"] == 1


async def test_the_operator_chooses_the_list(use: Use, cluster: Cluster) -> None:
    async with use(KUBECTL_MCP_PROTECTED_NAMESPACES="def*") as kubectl:
        assert await kubectl.refused("scale", kind="deployment", name="web", replicas=1) == "refused"
        await kubectl.call("scale", kind="deployment", name="api", replicas=1, namespace="production")
    async with use(KUBECTL_MCP_PROTECTED_NAMESPACES="none") as kubectl:
        await kubectl.call("scale", kind="deployment", name="web", replicas=1)
    assert len(cluster.recording.changes()) == 2


async def test_what_is_outside_of_namespaces_can_be_changed_from_a_protected_default_namespace(use: Use) -> None:
    async with use() as kubectl:
        answer = await kubectl.call("label", kind="node", name="node-1", labels={"zone": "a"}, context="prod")
    assert answer["changes"] == [{"path": "metadata.labels.zone", "after": "a"}]
