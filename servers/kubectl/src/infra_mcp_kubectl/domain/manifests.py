"""Manifests: text to objects, read once and in one way.

What is checked is what is sent: kubectl gets the objects written anew as JSON, never the text, so that no difference
between two YAML parsers can hide anything from the checks.
"""

import json

from infra_mcp_common.errors import InvalidInput
from infra_mcp_kubectl.domain.manifest_yaml import documents
from infra_mcp_kubectl.domain.objects import KubeObject

LARGEST = 3_000_000
_MOST = 500


def parse(text: str) -> list[KubeObject]:
    """The objects of a manifest, those inside of Lists included, in order. Raises InvalidInput for what is none."""
    objects = [item for document in documents(text) for item in _flat(document, 0)]
    if not objects:
        raise InvalidInput("The manifest holds no object.", "Give at least one document with apiVersion and kind.")
    if len(objects) > _MOST:
        raise InvalidInput(f"The manifest holds {len(objects)} objects, more than {_MOST}.", "Split it.")
    for position, item in enumerate(objects, start=1):
        _check(item, position)
    return objects


def parse_patch(text: str) -> object:
    """A patch read as JSON. Raises InvalidInput for what is none."""
    try:
        patch: object = json.loads(text)
    except ValueError as error:
        raise InvalidInput(f"The patch is no JSON: {error}.", "Correct it; nothing was sent.") from None
    return patch


def to_text(objects: list[KubeObject]) -> bytes:
    """The objects as documents that kubectl reads; a List of them would make it fetch the schema of everything."""
    return "\n".join(json.dumps(item) for item in objects).encode()


def _flat(document: object, depth: int) -> list[KubeObject]:
    if not isinstance(document, dict):
        raise InvalidInput(
            "A document of the manifest is no object.", "Give documents with apiVersion, kind and metadata."
        )
    if depth > 5:
        raise InvalidInput("The manifest nests Lists too deeply.", "Give the objects themselves.")
    items = document.get("items")
    if isinstance(items, list) and str(document.get("kind", "")).endswith("List"):
        return [inner for item in items for inner in _flat(_typed(item, document), depth + 1)]
    return [document]


def _typed(item: object, parent: KubeObject) -> object:
    """An item of a ConfigMapList may leave out what the list says already."""
    kind = str(parent.get("kind", "")).removesuffix("List")
    if kind and isinstance(item, dict):
        return {"apiVersion": parent.get("apiVersion"), "kind": kind} | item
    return item


def _check(item: KubeObject, position: int) -> None:
    metadata = item.get("metadata")
    missing = [name for name in ("apiVersion", "kind") if not isinstance(item.get(name), str) or not item[name]]
    metadata = metadata if isinstance(metadata, dict) else {}
    if not isinstance(metadata.get("name"), str) or not metadata["name"]:
        missing.append("metadata.name")
    if missing:
        raise InvalidInput(
            f"Object {position} of the manifest lacks {', '.join(missing)}.", "Add it; nothing was sent."
        )
    if not isinstance(metadata.get("namespace", ""), str | None):
        raise InvalidInput(f"Object {position} has a namespace that is no text.", "Correct it; nothing was sent.")
