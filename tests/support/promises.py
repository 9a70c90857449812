"""Which tests carry which promise, written where INFRA_MCP_PROMISES says, for the test that compares the documents."""

import json
import os
from pathlib import Path

import pytest


def pytest_collection_finish(session: pytest.Session) -> None:
    if path := os.environ.get("INFRA_MCP_PROMISES"):
        carried = {str(name) for item in session.items for mark in item.iter_markers("promise") for name in mark.args}
        Path(path).write_text(json.dumps(sorted(carried)), "utf-8")
