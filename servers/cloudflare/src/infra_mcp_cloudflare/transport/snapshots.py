"""Snapshots of zones: private files on this machine, found by an id that carries zone and time."""

import json
import os
import re
import secrets
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from infra_mcp_cloudflare.domain.record import DnsRecord
from infra_mcp_cloudflare.transport.parsing import record_of
from infra_mcp_common.errors import Failed, NotFound
from infra_mcp_common.paths import private_file
from infra_mcp_common.runtime import current

_STAMP = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}")
_MOST_NAMED = 5


def save(zone: str, records: list[DnsRecord]) -> tuple[str, Path]:
    """Keep the records of a zone; the id of the snapshot, and its file."""
    stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"
    file = _folder(zone) / f"{stamp}.json"
    kept = {"zone": zone, "records": [asdict(record) for record in records]}
    with os.fdopen(private_file(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL), "w", encoding="utf-8") as out:
        json.dump(kept, out, ensure_ascii=False, indent=1)
    return f"{zone}-{stamp}", file


def load(zone: str, snapshot: str) -> list[DnsRecord]:
    """The records of a snapshot; NotFound names those that are kept."""
    stamp = snapshot.removeprefix(f"{zone}-")
    file = _folder(zone) / f"{stamp}.json"
    if not _STAMP.fullmatch(stamp) or not file.is_file():
        kept = sorted((f"{zone}-{path.stem}" for path in _folder(zone).glob("*.json")), reverse=True)
        latest = "The latest: " + ", ".join(kept[:_MOST_NAMED]) + "." if kept else "There is none; take one first."
        raise NotFound(f"No such snapshot of {zone} is kept on {current().machine}.", latest)
    try:
        return [record_of(record) for record in json.loads(file.read_text("utf-8"))["records"]]
    except (OSError, ValueError, KeyError, TypeError):
        raise Failed(f"The snapshot file {file} can't be read.", "Use another snapshot.") from None


def _folder(zone: str) -> Path:
    return current().paths.state("snapshots", "cloudflare", zone.replace("*", "_"))
