"""The objects of the cluster, their versions, and who is told of a change."""

import copy
import itertools
import threading
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sandbox.kubernetes.resources import Resource

Json = dict[str, Any]
Key = tuple[str, str, str, str]


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Store:
    """Objects by (group, plural, namespace, name). Everything handed out is a copy; one lock guards all."""

    def __init__(self) -> None:
        self.changed = threading.Condition(threading.RLock())
        self._objects: dict[Key, Json] = {}
        self._history: list[tuple[int, str, Key, Json]] = []
        self._versions = itertools.count(100)
        self.version = 100

    def get(self, resource: Resource, namespace: str, name: str) -> Json | None:
        with self.changed:
            return copy.deepcopy(self._objects.get(_key(resource, namespace, name)))

    def items(self, resource: Resource, namespace: str = "") -> list[Json]:
        with self.changed:
            found = [(k, v) for k, v in self._objects.items() if k[:2] == (resource.group, resource.plural)]
            chosen = sorted((k, v) for k, v in found if namespace in ("", k[2]))
            return [copy.deepcopy(v) for _, v in chosen]

    def peek(self, resource: Resource) -> list[Json]:
        """All objects of a kind without copying: to look at, never to change."""
        with self.changed:
            return [v for k, v in self._objects.items() if k[:2] == (resource.group, resource.plural)]

    def put(self, resource: Resource, item: Json) -> Json:
        """Store an object under the next version; an object as it was keeps its version."""
        key = _key(resource, item["metadata"].get("namespace", ""), item["metadata"]["name"])
        with self.changed:
            before = self._objects.get(key)
            if before == item:
                return copy.deepcopy(item)
            self._complete(item, before)
            self._objects[key] = copy.deepcopy(item)
            self._tell("ADDED" if before is None else "MODIFIED", key, item)
            return item

    def remove(self, resource: Resource, namespace: str, name: str) -> None:
        key = _key(resource, namespace, name)
        with self.changed:
            if item := self._objects.pop(key, None):
                self.version = next(self._versions)
                self._tell("DELETED", key, item)

    def _complete(self, item: Json, before: Json | None) -> None:
        metadata = item["metadata"]
        self.version = next(self._versions)
        metadata.setdefault("uid", before["metadata"]["uid"] if before else str(uuid.uuid4()))
        metadata.setdefault("creationTimestamp", now())
        metadata["resourceVersion"] = str(self.version)

    def _tell(self, kind: str, key: Key, item: Json) -> None:
        self._history.append((self.version, kind, key, copy.deepcopy(item)))
        self.changed.notify_all()

    def watch(self, resource: Resource, namespace: str, since: int, until: float) -> Iterator[tuple[str, Json] | None]:
        """Changes after a version, as they come; None each time nothing came for half a second."""
        seen = 0
        while time.monotonic() < until:
            with self.changed:
                if len(self._history) == seen:
                    self.changed.wait(0.5)
                fresh, seen = self._history[seen:], len(self._history)
            for version, kind, key, item in fresh:
                if version > since and key[:2] == (resource.group, resource.plural) and namespace in ("", key[2]):
                    yield kind, item
            if not fresh:
                yield None


def _key(resource: Resource, namespace: str, name: str) -> Key:
    return resource.group, resource.plural, namespace if resource.namespaced else "", name
