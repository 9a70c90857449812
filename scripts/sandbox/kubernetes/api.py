"""The API: a request comes in as method, path, query, headers and body; an answer goes out as code and JSON or text."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sandbox.kubernetes import discovery, openapi, rbac, resources
from sandbox.kubernetes.answers import no_such_path, unauthorized
from sandbox.kubernetes.controllers import Controllers
from sandbox.kubernetes.rbac import User
from sandbox.kubernetes.reading import Reader
from sandbox.kubernetes.request import Call
from sandbox.kubernetes.store import Store
from sandbox.kubernetes.subresources import Subresources
from sandbox.kubernetes.writing import Writer

Json = dict[str, Any]
VERSION = {
    "major": "1",
    "minor": "36",
    "emulationMajor": "1",
    "emulationMinor": "36",
    "minCompatibilityMajor": "1",
    "minCompatibilityMinor": "35",
    "gitVersion": "v1.36.2",
    "gitCommit": "0" * 40,
    "gitTreeState": "clean",
    "buildDate": "2026-08-21T00:00:00Z",
    "goVersion": "go1.26.6",
    "compiler": "gc",
    "platform": "linux/amd64",
}


@dataclass(frozen=True)
class Answer:
    code: int
    body: Json | str | Iterator[Json]
    media_type: str = "application/json"


class Api:
    """The routes of one cluster. `users` maps bearer tokens to users; extra tables add kinds."""

    def __init__(self, users: dict[str, User], *, metrics: bool = True) -> None:
        table = resources.BUILT_IN + resources.CUSTOM + (resources.METRICS if metrics else "")
        self.resources = resources.parse(table)
        self.users = dict(users)
        self.store = Store()
        self.kinds = {r.kind: r for r in reversed(self.resources) if "delete" in r.verbs and r.group != "events.k8s.io"}
        self.controllers = Controllers(self.store, self.kinds)
        self.reader = Reader(self.store, self.kinds)
        self.writer = Writer(self.store, self.controllers, self.kinds)
        self.subresources = Subresources(self.store, self.writer, self.kinds)
        self._lock = threading.RLock()
        self._documents = openapi.documents(self.resources)

    def user(self, headers: dict[str, str]) -> User:
        """Who asks. Raises 401 for a token nobody has."""
        token = headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self.users:
            raise unauthorized()
        return self.users[token]

    def answer(self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: bytes) -> Answer:
        """Answer a request. Raises an ApiError with the failure to send."""
        user = self.user(headers)
        if fixed := self._fixed(path):
            return fixed
        call = self._call(method, path, query, headers, body)
        resource = call.resource
        asked = f"{resource.plural}/{call.subresource}" if call.subresource else resource.plural
        if resource.group != "authorization.k8s.io" and not user.may(call.verb, asked, call.namespace):
            place = {"group": resource.group, "namespace": call.namespace, "name": call.name}
            raise rbac.forbid(user, call.verb, asked, **place)
        if call.verb == "watch":
            return Answer(200, self.reader.watch(call))
        with self._lock:
            return self._dispatch(user, call)

    def _dispatch(self, user: User, call: Call) -> Answer:
        if call.resource.kind == "SelfSubjectAccessReview":
            return Answer(201, rbac.review(user, self.writer.body(call)))
        if call.resource.kind == "SelfSubjectRulesReview":
            return Answer(201, rbac.rules_review(user, self.writer.body(call)))
        if call.subresource:
            return Answer(*self.subresources.answer(call))
        if call.resource.group == "metrics.k8s.io":
            return Answer(200, self.reader.metrics(call))
        if call.verb in ("get", "list"):
            return Answer(200, self.reader.answer(call))
        return Answer(*self.writer.answer(call))

    def _fixed(self, path: str) -> Answer | None:
        """Version, discovery and schemas: the same for everybody."""
        if path == "/version":
            return Answer(200, dict(VERSION))
        if path in ("/api", "/apis"):
            members = [r for r in self.resources if bool(r.group) == (path == "/apis")]
            return Answer(200, discovery.aggregated(members), discovery.AGGREGATED)
        if path == "/openapi/v3":
            return Answer(200, openapi.index(sorted({r.api_version for r in self.resources}), self._documents))
        if path == "/openapi/v2":
            # Asked for where v3 does not know a kind. A schema that knows none either lets kubectl go on to say so.
            return Answer(200, "", "application/com.github.proto-openapi.spec.v2.v1.0+protobuf")
        if path.startswith("/openapi/v3/") and path[12:] in self._documents:
            return Answer(200, self._documents[path[12:]])
        api_version = path.removeprefix("/apis/").removeprefix("/api/")
        members = [r for r in self.resources if r.api_version == api_version]
        return Answer(200, discovery.resource_list(api_version, members)) if members else None

    def _call(self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: bytes) -> Call:
        parts = path.strip("/").split("/")
        skip = {"api": 2, "apis": 3}.get(parts[0], 0)
        group_version, rest = "/".join(parts[1:skip]), parts[skip:]
        namespace = ""
        if len(rest) > 2 and rest[0] == "namespaces" and rest[2] not in ("status", "finalize"):
            namespace, rest = rest[1], rest[2:]
        name, sub = [*rest[1:], "", ""][:2]
        for resource in self.resources:
            if rest and (resource.api_version, resource.plural) == (group_version, rest[0]):
                return Call(method, resource, namespace, name, sub, query, headers, body)
        raise no_such_path()
