"""The one message kubectl sends in protobuf that is answered here: the question of `kubectl auth can-i`."""

from collections.abc import Iterator
from typing import Any

from sandbox.kubernetes.answers import ApiError

Json = dict[str, Any]
MEDIA_TYPE = "application/vnd.kubernetes.protobuf"
_MAGIC = b"k8s\0"
_ATTRIBUTES = {1: "namespace", 2: "verb", 3: "group", 4: "version", 5: "resource", 6: "subresource", 7: "name"}
_KIND, _API_VERSION, _TYPE, _RAW, _SPEC, _RESOURCE, _RULES_NAMESPACE = 2, 1, 1, 2, 2, 1, 1


def decode(body: bytes) -> Json:
    """A SelfSubjectAccessReview or SelfSubjectRulesReview as JSON. Raises 415 for anything else."""
    envelope = dict(_fields(body.removeprefix(_MAGIC)))
    type_ = {number: value.decode() for number, value in _fields(envelope.get(_TYPE, b""))}
    spec = dict(_fields(dict(_fields(envelope.get(_RAW, b""))).get(_SPEC, b"")))
    head = {"apiVersion": type_.get(_API_VERSION, ""), "kind": type_.get(_KIND, ""), "metadata": {}}
    if head["kind"] == "SelfSubjectRulesReview":
        return {**head, "spec": {"namespace": spec.get(_RULES_NAMESPACE, b"").decode()}}
    if head["kind"] != "SelfSubjectAccessReview":
        raise ApiError(415, "UnsupportedMediaType", f"this sandbox reads no {head['kind']} in protobuf", {})
    attributes = {_ATTRIBUTES[n]: v.decode() for n, v in _fields(spec.get(_RESOURCE, b"")) if n in _ATTRIBUTES}
    return {**head, "spec": {"resourceAttributes": attributes}}


def _fields(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The length-delimited fields of a message."""
    position = 0
    while position < len(data):
        tag, position = _varint(data, position)
        size, position = _varint(data, position)
        if tag & 7 == 2:
            yield tag >> 3, data[position : position + size]
            position += size


def _varint(data: bytes, position: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[position]
        value |= (byte & 0x7F) << shift
        position, shift = position + 1, shift + 7
        if not byte & 0x80:
            return value, position
