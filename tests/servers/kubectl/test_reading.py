"""What is told about a cluster: true, small, and with the troubled first."""

import json
from typing import Any

import pytest

from sandbox.kubernetes.cluster import Cluster
from sandbox.kubernetes.world import pod
from support.kubectl import Use

pytestmark = pytest.mark.anyio


async def test_a_table_shows_problem_pods_first_and_counts_them(use: Use) -> None:
    async with use() as kubectl:
        answer = await kubectl.call("get", kind="pods")
    assert [row[0] for row in answer["rows"][:2]] == ["crasher", "puller"]
    assert (answer["problems"], answer["page"]["total"], answer["context"]) == (2, 8, "sandbox")


async def test_a_thousand_pods_make_a_bounded_answer_with_the_total_and_the_next_page(
    use: Use, cluster: Cluster
) -> None:
    for number in range(1000):
        cluster.api.store.put(cluster.api.kinds["Pod"], pod(f"load-{number:04}", namespace="default"))
    cluster.api.controllers.run()
    cluster.put(pod("zz-broken", state="crashloop"))
    async with use() as kubectl:
        table = await kubectl.call("get", kind="pods")
        whole = await kubectl.call("get", kind="pods", output="full", limit=1000)
        diagnosis = await kubectl.call("diagnose")
    assert (table["page"]["total"], table["page"]["next_offset"], len(table["rows"])) == (1009, 50, 50)
    assert "zz-broken" in {row[0] for row in table["rows"][: table["problems"]]}
    assert len(json.dumps(table)) < 10_000
    assert len(json.dumps(whole)) < 80_000
    assert whole["page"]["next_offset"] == len(whole["items"])
    assert len(json.dumps(diagnosis)) < 20_000


async def test_chosen_fields_are_picked_from_the_objects(use: Use) -> None:
    async with use() as kubectl:
        fields = ["metadata.name", "spec.containers[*].image", "metadata.labels['app']"]
        answer = await kubectl.call("get", kind="pods", names=["db-0"], fields=fields)
    assert answer["rows"] == [["db-0", ["postgres:17", "exporter:1"], "db"]]


async def test_an_empty_list_says_whether_the_namespace_is_there(use: Use) -> None:
    async with use() as kubectl:
        empty = await kubectl.call("get", kind="pods", namespace="kube-public")
        missing = await kubectl.refused("get", kind="pods", namespace="nosuch")
    assert empty["page"]["total"] == 0
    assert "kube-public" in empty["note"]
    assert missing == "not_found"


BAD: list[tuple[dict[str, Any], str]] = [
    ({"kind": "widgets"}, "invalid_input"),
    ({"kind": "all"}, "invalid_input"),
    ({"kind": "pods", "names": ["nope"]}, "not_found"),
    ({"kind": "pods", "selector": "(("}, "invalid_input"),
    ({"kind": "pods", "fields": ["a..b"]}, "invalid_input"),
    ({"kind": "pods", "context": "nowhere"}, "not_found"),
    ({"kind": "pods", "context": "expired"}, "denied"),
    ({"kind": "secrets", "context": "viewer"}, "denied"),
]


async def test_bad_requests_are_told_apart(use: Use) -> None:
    async with use() as kubectl:
        for arguments, kind in BAD:
            assert await kubectl.refused("get", **arguments) == kind, arguments


async def test_logs_read_the_end_of_the_right_container_and_search_it(use: Use, cluster: Cluster) -> None:
    cluster.log("db-0", "side", ["one", "two", "THREE three"])
    async with use() as kubectl:
        tail = await kubectl.call("logs", pod="crasher", tail=2)
        before = await kubectl.call("logs", pod="crasher", previous=True, grep="error")
        every = await kubectl.call("logs", pod="db-0", all_containers=True, grep="three")
        many = await kubectl.call("logs", workload="deployment/web", tail=1, max_containers=2)
        nothing = await kubectl.marked("logs", pod="puller")
    assert tail["logs"][0]["text"].splitlines()[-1] == "INFO request 4999 handled in 19ms"
    assert before["logs"][0]["text"] == "ERROR cannot reach db:5432: connection refused"
    counts = [(part["container"], part["lines"], part["read"]) for part in every["logs"]]
    assert counts == [("db", 0, 0), ("side", 1, 3)]
    assert (len(many["logs"]), len(many["not_shown"])) == (2, 1)
    assert "pull image" in nothing["logs"][0]["error"]


async def test_since_reads_only_lines_of_that_time(use: Use, cluster: Cluster) -> None:
    async with use() as kubectl:
        cluster.log("db-0", "db", [f"line {number}" for number in range(100)])
        answer = await kubectl.call("logs", pod="db-0", since="30s")
    assert 25 <= answer["logs"][0]["lines"] <= 31


async def test_events_are_grouped_and_warnings_come_first(use: Use) -> None:
    async with use() as kubectl:
        every = await kubectl.call("events")
        one = await kubectl.call("events", object="pod/crasher", type="Warning")
    kinds = [event["type"] for event in every["events"]]
    assert kinds == sorted(kinds, reverse=True)
    assert [(event["reason"], event["count"]) for event in one["events"]] == [("BackOff", 12)]


async def test_the_other_reads_answer_from_the_cluster(use: Use) -> None:
    async with use() as kubectl:
        described = await kubectl.call("describe", kind="pod", name="crasher")
        kinds = await kubectl.call("api_resources", search="Backup")
        explained = await kubectl.call("explain", path="pod.spec.containers.image")
        load = await kubectl.call("top")
        nodes = await kubectl.call("top", of="nodes")
        yes = await kubectl.call("can_i", verb="delete", kind="pods")
        no = await kubectl.call("can_i", verb="delete", kind="pods", context="viewer")
    assert "CrashLoopBackOff" in described["text"]["text"]
    assert [row[0] for row in kinds["rows"]] == ["backups"]
    assert "<string>" in explained["text"]["text"]
    assert load["rows"][0][0] in ("db-0", "db-1")
    assert nodes["page"]["total"] == 2
    assert (yes["allowed"], no["allowed"], no["context"]) == (True, False, "viewer")


async def test_a_cluster_without_metrics_says_so(start_without_metrics: Use) -> None:
    async with start_without_metrics() as kubectl:
        assert await kubectl.refused("top") == "failed"


@pytest.fixture
def start_without_metrics(cluster: Cluster, use: Use) -> Use:
    cluster.api.resources[:] = [r for r in cluster.api.resources if r.group != "metrics.k8s.io"]
    return use


async def test_waiting_says_whether_it_was_met_and_shows_the_state_if_not(use: Use) -> None:
    async with use() as kubectl:
        met = await kubectl.call("wait", kind="deployment", name="web", condition="condition=Available")
        late = await kubectl.call("wait", kind="pod", name="puller", condition="condition=Ready", timeout_seconds=1)
    assert met["met"]
    assert not late["met"]
    assert late["state"][0]["phase"] == "Pending"


async def test_resources_and_the_prompt_are_offered(use: Use) -> None:
    async with use() as kubectl:
        client = kubectl.server.client
        listed = {str(resource.uri) for resource in (await client.list_resources()).resources}
        nodes = await client.read_resource("k8s://nodes")
        prompt = await client.get_prompt("debug-pod", {"pod": "crasher"})
    assert listed == {"k8s://namespaces", "k8s://nodes"}
    assert "node-2" in getattr(nodes.contents[0], "text", "")
    assert "crasher" in getattr(prompt.messages[0].content, "text", "")
