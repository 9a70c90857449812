"""Official schemas and recorded answers that are too big, or not ours, to be kept in the project."""

import os
from pathlib import Path

import pytest

from support.skips import optional

_BESIDE = Path(__file__).resolve().parents[3] / "shared"


def shared_data(name: str) -> Path:
    """The folder or file of this name among the data; skips the test without it, or fails it under INFRA_MCP_SHARED."""
    found = place(name)
    if not found.exists() and os.environ.get("INFRA_MCP_SHARED"):
        pytest.fail(f"INFRA_MCP_SHARED is set, and there is no {found}")
    if not found.exists():
        optional(f"the data {name} is not in ../shared; INFRA_MCP_SHARED can name another place")
    return found


def place(name: str) -> Path:
    """Where data of this name are, or would be."""
    return Path(os.environ.get("INFRA_MCP_SHARED") or _BESIDE) / "data" / name
