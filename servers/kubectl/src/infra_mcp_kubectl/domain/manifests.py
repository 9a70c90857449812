"""Manifests: text to objects, read once and in one way.

What is checked is what is sent: kubectl gets the objects written anew as JSON, never the text, so that no difference
between two YAML parsers can hide anything from the checks.
"""

import json
import re
from pathlib import Path
from typing import Any

from infra_mcp_common.errors import InvalidInput

Json = dict[str, Any]
LARGEST = 3_000_000
_MOST = 500


def parse(text: str) -> list[Json]:
    """The objects of a manifest, those inside of Lists included, in order. Raises InvalidInput for what is none."""
    objects = [item for document in _documents(text) for item in _flat(document, 0)]
    if not objects:
        raise InvalidInput("The manifest holds no object.", "Give at least one document with apiVersion and kind.")
    if len(objects) > _MOST:
        raise InvalidInput(f"The manifest holds {len(objects)} objects, more than {_MOST}.", "Split it.")
    for position, item in enumerate(objects, start=1):
        _check(item, position)
    return objects


def parse_patch(text: str) -> Any:
    """A patch read as JSON. Raises InvalidInput for what is none."""
    try:
        return json.loads(text)
    except ValueError as error:
        raise InvalidInput(f"The patch is no JSON: {error}.", "Correct it; nothing was sent.") from None


def to_text(objects: list[Json]) -> bytes:
    """The objects as documents that kubectl reads; a List of them would make it fetch the schema of everything."""
    return "\n".join(json.dumps(item) for item in objects).encode()


def read(path: Path) -> str:
    """The text of a manifest file."""
    try:
        if path.stat().st_size > LARGEST:
            raise InvalidInput(f"{path} is larger than {LARGEST} bytes.", "Split it.")
        return path.read_text("utf-8")
    except OSError as error:
        raise InvalidInput(f"The manifest {path} can't be read: {error.strerror}.", "Correct the path.") from None
    except UnicodeDecodeError:
        raise InvalidInput(f"The manifest {path} is no UTF-8 text.", "Name a YAML or JSON file.") from None


def _documents(text: str) -> list[Any]:
    import yaml

    try:
        return [document for document in yaml.load_all(text, _loader()) if document is not None]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "it can't be read"
        raise InvalidInput(f"The manifest is no YAML{where}: {problem}.", "Correct it; nothing was sent.") from None
    except (RecursionError, ValueError):
        raise InvalidInput("The manifest can't be read.", "Correct it; nothing was sent.") from None


def _loader() -> Any:
    """A YAML loader that reads scalars as Kubernetes does, and refuses a key that is given twice, and aliases."""
    import yaml

    class Loader(yaml.SafeLoader):
        # Aliases can unfold to gigabytes; kubectl has a limit for that, this has none to get wrong.
        def compose_node(self, parent: Any, index: Any) -> Any:
            if self.check_event(yaml.AliasEvent):
                mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
                raise yaml.constructor.ConstructorError(None, None, "aliases are not supported", mark)
            return super().compose_node(parent, index)

        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            seen = set()
            for key, _ in node.value:
                if key.value in seen:
                    raise yaml.constructor.ConstructorError(None, None, "a key is given twice", key.start_mark)
                seen.add(key.value)
            return super().construct_mapping(node, deep)

    # YAML 1.1 reads dates as dates and 22:22 as a number; Kubernetes reads both as text.
    unlike = ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:int", "tag:yaml.org,2002:float")
    Loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag not in unlike]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    whole = re.compile(r"^[-+]?(?:0|[1-9][0-9_]*|0b[01_]+|0[0-7_]+|0x[0-9a-fA-F_]+)$")
    broken = re.compile(
        r"^[-+]?(?:[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[0-9]+[eE][-+]?[0-9]+|\.[0-9_]+(?:[eE][-+]?[0-9]+)?)$"
    )
    Loader.add_implicit_resolver(unlike[1], whole, list("-+0123456789"))
    Loader.add_implicit_resolver(unlike[2], broken, list("-+0123456789."))
    Loader.add_constructor(unlike[2], lambda _loader, node: float(str(node.value).replace("_", "")))
    return Loader


def _flat(document: Any, depth: int) -> list[Json]:
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


def _typed(item: Any, parent: Json) -> Any:
    """An item of a ConfigMapList may leave out what the list says already."""
    kind = str(parent.get("kind", "")).removesuffix("List")
    if kind and isinstance(item, dict):
        return {"apiVersion": parent.get("apiVersion"), "kind": kind} | item
    return item


def _check(item: Json, position: int) -> None:
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


def name_of(item: Json) -> str:
    """An object as people write it: deployment/web."""
    return f"{str(item['kind']).lower()}/{item['metadata']['name']}"
