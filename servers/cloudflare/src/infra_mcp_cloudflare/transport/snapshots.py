"""Snapshots of zones: private files on this machine, found by an id that carries zone and time."""

import json
import os
import re
import secrets
from datetime import UTC, datetime
from pathlib import Path

from infra_mcp_cloudflare.domain.validation import PROXIABLE
from infra_mcp_cloudflare.transport.envelope import Json
from infra_mcp_common.errors import Failed, NotFound
from infra_mcp_common.paths import private_file
from infra_mcp_common.runtime import current

_STAMP = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}")
_MOST_NAMED = 5


def save(zone: str, records: list[Json]) -> tuple[str, Path]:
    """Keep the records of a zone; the id of the snapshot, and its file."""
    stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"
    file = _folder(zone) / f"{stamp}.json"
    with os.fdopen(private_file(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL), "w", encoding="utf-8") as out:
        json.dump({"zone": zone, "records": records}, out, ensure_ascii=False, indent=1)
    return f"{zone}-{stamp}", file


def load(zone: str, snapshot: str) -> list[Json]:
    """The records of a snapshot, as bodies that say everything about each; NotFound names those that are kept."""
    stamp = snapshot.removeprefix(f"{zone}-")
    file = _folder(zone) / f"{stamp}.json"
    if not _STAMP.fullmatch(stamp) or not file.is_file():
        kept = sorted((f"{zone}-{path.stem}" for path in _folder(zone).glob("*.json")), reverse=True)
        latest = "The latest: " + ", ".join(kept[:_MOST_NAMED]) + "." if kept else "There is none; take one first."
        raise NotFound(f"No such snapshot of {zone} is kept on {current().machine}.", latest)
    try:
        return [_body(record) for record in json.loads(file.read_text("utf-8"))["records"]]
    except (OSError, ValueError, KeyError, TypeError):
        raise Failed(f"The snapshot file {file} can't be read.", "Use another snapshot.") from None


def _folder(zone: str) -> Path:
    return current().paths.state("snapshots", "cloudflare", zone.replace("*", "_"))


def _body(record: Json) -> Json:
    """All that can be set of a record, empty values too, so that what was added since is taken away again."""
    body = {part: record[part] for part in ("type", "name", "ttl")}
    body |= {"data": record["data"]} if record.get("data") else {"content": record["content"]}
    if record["type"] in ("MX", "URI"):
        body["priority"] = record["priority"]
    if record["type"] in PROXIABLE:
        body["proxied"] = bool(record.get("proxied"))
    return body | {
        "comment": record.get("comment") or "",
        "tags": record.get("tags") or [],
        "settings": record.get("settings") or {},
    }
