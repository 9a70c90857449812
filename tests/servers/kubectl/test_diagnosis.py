"""diagnose names the real cause, with its evidence, in one call."""

import pytest

from sandbox.kubernetes.cluster import Cluster
from sandbox.kubernetes.world import deployment, named, pod
from support.kubectl import Use

pytestmark = pytest.mark.anyio


STATES = [
    ("crashloop", "keeps ending", "Error", 1),
    ("oom", "more memory than its limit", "OOMKilled", 137),
    ("config", "can't be set up", 'configmap "settings" not found', None),
    ("unready", "readiness probe fails", "statuscode: 503", None),
    ("liveness", "liveness or startup probe fails", "connection refused", 143),
    ("unschedulable", "No node can take it", "Insufficient memory", None),
    ("evicted", "evicted", "low on resource", None),
    ("imagepull", "can't be pulled", "manifest unknown", None),
]


async def test_the_cause_of_a_troubled_pod_is_named_with_its_evidence(use: Use, cluster: Cluster) -> None:
    for state, *_ in STATES:
        cluster.put(pod(f"patient-{state}", state=state))
    async with use() as kubectl:
        for state, cause, evidence, exit_code in STATES:
            answer = await kubectl.call("diagnose", kind="pod", name=f"patient-{state}")
            found = answer["causes"][0]
            assert not answer["healthy"]
            assert cause in found["cause"], state
            assert any(evidence in said for said in found["says"]), state
            assert found.get("exit_code") == exit_code
            assert found["next_step"]


async def test_the_end_of_the_previous_log_comes_with_a_crash(use: Use) -> None:
    async with use() as kubectl:
        answer = await kubectl.call("diagnose", kind="pod", name="crasher")
    assert answer["causes"][0]["previous_log"][-1] == "panic: giving up"
    assert answer["causes"][0]["restarts"] == 7


async def test_a_healthy_deployment_is_called_healthy_and_its_rollout_is_shown(use: Use) -> None:
    async with use() as kubectl:
        answer = await kubectl.call("diagnose", kind="deployment", name="web")
    assert answer["healthy"]
    assert answer["causes"] == []
    assert answer["rollouts"][0]["complete"]


async def test_a_stuck_rollout_is_explained_by_its_new_pods(use: Use, cluster: Cluster) -> None:
    cluster.put(deployment("shop", "shop:1"))
    item = cluster.get("Deployment", "shop") or {}
    item["spec"]["template"]["spec"]["containers"][0]["image"] = "shop:missing"
    cluster.put(item)
    async with use() as kubectl:
        answer = await kubectl.call("diagnose", kind="deployment", name="shop")
        of_pod = await kubectl.call("diagnose", kind="pod", name=answer["causes"][0]["object"].split("/")[1].split()[0])
    assert "shop:missing" in answer["causes"][0]["cause"]
    assert "ProgressDeadlineExceeded" in answer["rollouts"][0]["why_not"]
    assert of_pod["rollouts"][0]["object"] == "deployment/shop"


async def test_a_namespace_is_summed_up_and_siblings_are_told_once(use: Use, cluster: Cluster) -> None:
    cluster.put(deployment("many", "many:1", 6, state="oom"))
    async with use() as kubectl:
        answer = await kubectl.call("diagnose")
        calm = await kubectl.call("diagnose", namespace="kube-public")
    objects = [cause["object"] for cause in answer["causes"]]
    assert sum(name.startswith("pod/many-") for name in objects) == 1
    assert any(name.startswith("pod/crasher") for name in objects)
    assert any(name.startswith("pod/puller") for name in objects)
    assert calm["healthy"]


async def test_a_job_that_failed_says_so_although_its_pods_are_gone(use: Use, cluster: Cluster) -> None:
    failed = {
        "type": "Failed",
        "status": "True",
        "reason": "BackoffLimitExceeded",
        "message": "Job has reached the limit",
    }
    job = named("Job", "nightly", "kube-public", "batch/v1", spec={"completions": 1}, status={"conditions": [failed]})
    cluster.api.store.put(cluster.api.kinds["Job"], job)
    async with use() as kubectl:
        answer = await kubectl.call("diagnose", kind="job", name="nightly", namespace="kube-public")
    assert answer["causes"][0]["says"] == ["BackoffLimitExceeded: Job has reached the limit"]
    assert not answer["healthy"]


async def test_what_is_not_there_is_not_called_healthy(use: Use) -> None:
    async with use() as kubectl:
        assert await kubectl.refused("diagnose", kind="pod", name="nope") == "not_found"
        assert await kubectl.refused("diagnose", namespace="nosuch") == "not_found"
        assert await kubectl.refused("diagnose", kind="pod") == "invalid_input"
        assert await kubectl.refused("diagnose", context="nobody") == "denied"
