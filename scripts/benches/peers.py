"""Other people's servers, installed into the user's cache."""

import os
import shutil
import subprocess
from pathlib import Path


def npm_package(name: str, version: str) -> Path | str:
    """Install a package once; its folder, or why there is none."""
    npm = shutil.which("npm")
    if npm is None:
        return "npm is not installed"
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    prefix = cache / "infra-mcp-bench" / f"{name}-{version}"
    package = prefix / "node_modules" / name
    if not package.is_dir():
        options = ["--no-audit", "--no-fund", "--loglevel=error", f"--prefix={prefix}"]
        command = [npm, "install", *options, f"{name}@{version}"]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode:
            return f"npm could not install it: {done.stderr.strip()[:200]}"
    return package
