"""The sandbox's API server answers as the real one did."""

import json
import re
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.kubernetes.cluster import Cluster
from sandbox.kubernetes.resources import BUILT_IN, parse
from support.shared import shared_data

Json = dict[str, Any]


@pytest.fixture
def recorded() -> Path:
    return shared_data("k8s-recorded")


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with Cluster(populated=False) as cluster:
        yield cluster


def ask(cluster: Cluster, request: Json, user: str = "admin") -> tuple[int, str, Any]:
    """Send a recorded request; status, media type and body of the answer."""
    body = request["body"].encode() if request["body"] else None
    headers = {"Accept": request["accept"], "Authorization": f"Bearer {user}-token"}
    patching = "application/apply-patch+yaml" if request["method"] == "PATCH" else "application/json"
    sent = urllib.request.Request(  # noqa: S310 -- always https, to the loopback
        cluster.url + request["path"], body, headers | {"Content-Type": patching}, method=request["method"]
    )
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with urllib.request.urlopen(sent, context=context) as answer:  # noqa: S310
            return answer.status, answer.headers["Content-Type"], _parsed(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers["Content-Type"], _parsed(error.read())


def _parsed(body: bytes) -> Any:
    return json.loads(body) if body.startswith(b"{") else body.decode()


def load(recorded: Path, name: str) -> Json:
    answer: Json = json.loads((recorded / f"{name}.json").read_text())
    return answer


def put_all(cluster: Cluster, items: list[Json], kind: str, api_version: str = "v1") -> None:
    for item in items:
        cluster.api.store.put(cluster.api.kinds[kind], {**item, "kind": kind, "apiVersion": api_version})


def without(value: Any, *names: str) -> Any:
    """The same data without these keys, wherever they are."""
    if isinstance(value, dict):
        return {k: without(v, *names) for k, v in value.items() if k not in names}
    return [without(v, *names) for v in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", ["discovery-api-agg", "discovery-apis-agg"])
def test_aggregated_discovery_is_the_real_one(recorded: Path, cluster: Cluster, name: str) -> None:
    real = load(recorded, name)
    status, media_type, answer = ask(cluster, real["request"])
    extra = {"stable.example.com", "metrics.k8s.io"}
    answer["items"] = [group for group in answer["items"] if group["metadata"].get("name") not in extra]
    assert (status, media_type, answer) == (real["status"], real["content_type"], real["body"])


@pytest.mark.parametrize("name", ["discovery-api-v1", "discovery-apps-v1"])
def test_resource_lists_are_the_real_ones(recorded: Path, cluster: Cluster, name: str) -> None:
    real = load(recorded, name)
    answer = ask(cluster, real["request"])[2]
    assert answer["resources"] == without(real["body"]["resources"], "storageVersionHash")


@pytest.mark.parametrize(
    "name",
    [
        "err-400-selector",
        "err-400-strict",
        "err-401",
        "err-404-path",
        "err-404-pod",
        "err-409-exists",
        "err-422-invalid",
    ],
)
def test_failures_are_told_in_the_real_words(recorded: Path, cluster: Cluster, name: str) -> None:
    real = load(recorded, name)
    answer = ask(cluster, real["request"], "unknown" if name == "err-401" else "admin")
    assert answer == (real["status"], real["content_type"], real["body"])


def test_forbidden_names_user_verb_and_resource_as_the_real_one_does(recorded: Path, cluster: Cluster) -> None:
    real = load(recorded, "err-403")
    assert ask(cluster, real["request"], "nobody")[2] == real["body"]


@pytest.mark.parametrize(
    ("table", "source", "kind"),
    [("pods-table", "pods-list", "Pod"), ("nodes-table", "nodes-list", "Node")],
)
def test_tables_print_real_objects_as_the_real_server_does(
    recorded: Path, cluster: Cluster, table: str, source: str, kind: str
) -> None:
    real = load(recorded, table)
    put_all(cluster, load(recorded, source)["body"]["items"], kind)
    answer = ask(cluster, real["request"])[2]
    assert without(answer["columnDefinitions"], "description") == without(
        real["body"]["columnDefinitions"], "description"
    )
    shown = {row["cells"][0]: row for row in answer["rows"]}
    for row in real["body"]["rows"]:
        ours = shown[row["cells"][0]]
        assert without(ours["object"], "managedFields").keys() == row["object"].keys()
        assert _ageless(ours["cells"]) == _ageless(row["cells"])


def _ageless(cells: list[Any]) -> list[Any]:
    return [re.sub(r"\b(\d+[smhd])+\b", "AGE", cell) if isinstance(cell, str) else cell for cell in cells]


def test_deployment_table_has_the_real_columns_and_cells(recorded: Path, cluster: Cluster) -> None:
    real = load(recorded, "deployments-table")
    put_all(cluster, [load(recorded, "deployment-web")["body"]], "Deployment", "apps/v1")
    answer = ask(cluster, real["request"])[2]
    assert without(answer["columnDefinitions"], "description") == without(
        real["body"]["columnDefinitions"], "description"
    )
    assert _ageless(answer["rows"][0]["cells"]) == _ageless(real["body"]["rows"][0]["cells"])


def test_scale_has_the_real_shape(recorded: Path, cluster: Cluster) -> None:
    real = load(recorded, "scale-get")
    deployment = load(recorded, "deployment-web")["body"]
    put_all(cluster, [deployment], "Deployment", "apps/v1")
    answer = ask(cluster, real["request"])[2]
    assert without(answer, "resourceVersion") == without(real["body"], "resourceVersion")


def test_apply_conflict_names_owner_and_field_as_the_real_one_does(recorded: Path, cluster: Cluster) -> None:
    real = load(recorded, "ssa-conflict")
    put_all(cluster, [load(recorded, "deployment-web")["body"]], "Deployment", "apps/v1")
    status, _, answer = ask(cluster, real["request"])
    assert (status, answer) == (real["status"], real["body"])


def test_lists_and_versions_have_the_real_keys(recorded: Path, cluster: Cluster) -> None:
    for name in ("pods-list", "events-list", "namespaces-list", "version"):
        real = load(recorded, name)
        assert ask(cluster, real["request"])[2].keys() == real["body"].keys(), name


def test_every_listed_kind_is_read_from_its_line() -> None:
    pods = next(resource for resource in parse(BUILT_IN) if resource.kind == "Pod")
    assert (pods.short_names, pods.categories, len(pods.subresources)) == (("po",), ("all",), 10)
