"""Secrets made unreadable: their data, and every copy of it that tools leave in annotations."""

from infra_mcp_common.text.redaction import MASK
from infra_mcp_kubectl.domain.changes import LAST_APPLIED
from infra_mcp_kubectl.domain.objects import KubeObject
from infra_mcp_kubectl.domain.secrets import OPEN_FIELDS, is_secret, values_of


def mask(objects: list[KubeObject]) -> list[KubeObject]:
    """The same objects with the contents of every Secret masked, wherever it is nested, and without kubectl's noise."""
    return [_mask_object(item) for item in objects]


def _mask_object(item: KubeObject) -> KubeObject:
    tidy: KubeObject = {name: _mask_value(inner) for name, inner in item.items()}
    if isinstance(tidy.get("metadata"), dict):
        tidy["metadata"] = _without_noise(tidy["metadata"])
    return _masked_secret(item, tidy) if is_secret(item) else tidy


def _mask_value(value: object) -> object:
    if isinstance(value, list):
        return [_mask_value(item) for item in value]
    return _mask_object(value) if isinstance(value, dict) else value


def _without_noise(metadata: KubeObject) -> KubeObject:
    kept = {name: value for name, value in metadata.items() if name != "managedFields"}
    if isinstance(kept.get("annotations"), dict):
        kept["annotations"] = {k: v for k, v in kept["annotations"].items() if k != LAST_APPLIED}
    return {name: value for name, value in kept.items() if value not in ({}, [])}


def _masked_secret(raw: KubeObject, tidy: KubeObject) -> KubeObject:
    for part in tidy.keys() - set(OPEN_FIELDS):
        tidy[part] = dict.fromkeys(tidy[part], MASK) if isinstance(tidy[part], dict) else MASK
    annotations = tidy.get("metadata", {}).get("annotations")
    if isinstance(annotations, dict):
        values = values_of([raw])
        tidy["metadata"]["annotations"] = {k: _masked_annotation(k, v, values) for k, v in annotations.items()}
    return tidy


def _masked_annotation(name: str, text: object, values: set[str]) -> object:
    copied = "applied" in name or any(value in str(text) for value in values)
    return MASK if copied else text
