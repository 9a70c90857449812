"""What a reviewer reads of a change: a small file for every tool, and the bytes that the listings cost."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

Json = dict[str, Any]
FOLDER = Path("tests/contract/snapshots")
SIZES = FOLDER / "sizes.json"


def files(manifests: list[str]) -> Iterator[tuple[Path, str]]:
    """Path, from the root of the checkout, and text of the snapshot of every tool."""
    for manifest in map(json.loads, manifests):
        for tool in manifest["tools"]:
            path = FOLDER / manifest["server"] / f"{tool['listed']['name']}.json"
            yield path, json.dumps(tool, ensure_ascii=False, indent=1) + "\n"


def sizes(manifests: list[str]) -> dict[str, dict[str, int]]:
    """Bytes by server. listing: all that a client is sent. model: what a model reads, name, description, arguments."""
    return {manifest["server"]: size(manifest) for manifest in map(json.loads, manifests)}


def size(manifest: Mapping[str, Any]) -> dict[str, int]:
    listed = [tool["listed"] for tool in manifest["tools"]]
    for_model = [{key: tool[key] for key in ("name", "description", "inputSchema")} for tool in listed]
    return {"listing": _bytes(listed), "model": _bytes(for_model)}


def _bytes(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def render(found: Mapping[str, Mapping[str, int]]) -> str:
    return json.dumps(found, indent=1) + "\n"
