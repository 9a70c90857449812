"""Depend on the common package: by path in a checkout, by version in an sdist or a release build."""

import os
import tomllib
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface


class CommonDependency(MetadataHookInterface):
    def update(self, metadata: dict[str, Any]) -> None:
        root = Path(self.root)
        settings = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["tool"]["infra-mcp"]
        common = (root / ".." / ".." / "common").resolve()
        in_checkout = (common / "pyproject.toml").is_file() and not (root / "PKG-INFO").exists()
        if in_checkout and not os.environ.get("INFRA_MCP_RELEASE"):
            pin = f"infra-mcp-common @ {common.as_uri()}"
        else:
            pin = f"infra-mcp-common=={metadata['version']}"
        metadata["dependencies"] = [pin, *settings["dependencies"]]
