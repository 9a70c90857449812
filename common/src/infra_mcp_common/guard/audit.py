"""One JSON line per call, for the operator: what ran, on what, how it ended. Names of arguments, never their values."""

import json
import os
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from infra_mcp_common.guard.caller import current as current_caller
from infra_mcp_common.paths import Paths, private_file
from infra_mcp_common.text.cleaning import clean
from infra_mcp_common.text.redaction import Secrets

_LARGEST = 10_000_000


class Audit:
    """The log of one server, `audit/<server>.jsonl` in the state folder; one older file is kept."""

    def __init__(self, server: str, paths: Paths, secrets: Secrets) -> None:
        self.server = server
        self._paths, self._secrets = paths, secrets
        self._warned = False

    @property
    def path(self) -> Path:
        return self._paths.state("audit") / f"{self.server}.jsonl"

    def write(
        self, *, tool: str, kind: str, targets: Sequence[str], arguments: Sequence[str], outcome: str, began: float
    ) -> None:
        """Append one call. `began` is a `time.monotonic()` reading; a log that can't be written is said once."""
        caller = current_caller()
        line = json.dumps(
            {
                "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
                "server": self.server,
                **({"key": caller.name} if caller and caller.name else {}),
                "tool": tool,
                "class": kind,
                "targets": [self._masked(target) for target in targets],
                "arguments": sorted(self._masked(name)[:64] for name in arguments),
                "outcome": outcome,
                "ms": round((time.monotonic() - began) * 1000),
            }
        )
        try:
            self._append(line + "\n")
        except OSError as error:
            if not self._warned:
                print(f"audit log can't be written: {error.strerror}", file=sys.stderr)
            self._warned = True

    def _masked(self, text: str) -> str:
        return self._secrets.redact(clean(text))

    def _append(self, line: str) -> None:
        path = self.path
        if path.exists() and path.stat().st_size > _LARGEST:
            path.replace(path.with_suffix(".jsonl.1"))
        descriptor = private_file(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        try:
            os.write(descriptor, line.encode())
        finally:
            os.close(descriptor)
