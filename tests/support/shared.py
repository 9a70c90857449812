"""Official schemas and recorded answers that are too big, or not ours, to be kept in the project."""

import os
from pathlib import Path

import pytest


def shared_data(name: str) -> Path:
    """The folder or file of this name among the data; skips the test where the data is absent."""
    beside = Path(__file__).resolve().parents[3] / "shared"
    found = Path(os.environ.get("INFRA_MCP_SHARED") or beside) / "data" / name
    if not found.exists():
        pytest.skip(f"the data {name} is neither under INFRA_MCP_SHARED nor in ../shared")
    return found
