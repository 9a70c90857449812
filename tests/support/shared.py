"""Official schemas and recorded answers that are too big, or not ours, to be kept in the project."""

import os
from pathlib import Path

import pytest


def shared_data(name: str) -> Path:
    """The folder of this name among the data; skips the test where the data is absent."""
    beside = Path(__file__).resolve().parents[3] / "shared"
    folder = Path(os.environ.get("INFRA_MCP_SHARED") or beside) / "data" / name
    if not folder.is_dir():
        pytest.skip(f"the data {name} is neither under INFRA_MCP_SHARED nor in ../shared")
    return folder
