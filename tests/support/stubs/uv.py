"""Stands in for uv: installs, in no time, a command that says what a server says to an installer."""

import json
import os
import sys
from pathlib import Path

HOME = Path(os.environ["HOME"])
COMMANDS = HOME / ".local/bin"
SERVER = """#!/bin/sh
case "$1" in
    --version) echo "{name}-mcp 1.2.3" ;;
    env-template) printf '# Settings of {name}-mcp\\n\\n#TOKEN=\\n' ;;
    doctor) printf 'ok    version  1.2.3\\nTODO  token    TOKEN is not set\\n' && exit 3 ;;
esac
"""


def main(words: list[str]) -> int:
    if words == ["tool", "dir", "--bin"]:
        print(COMMANDS)
        return 0
    with Path(os.environ["STUB_LOG"]).open("a") as log:
        log.write(json.dumps(["uv", *words]) + "\n")
    name = words[-1].rpartition("/")[2].removeprefix("infra-mcp-")
    command = f"{name}-mcp"
    home = HOME / f".local/share/uv/tools/infra-mcp-{name}"
    if os.environ.get("STUB_FAILS") == name:
        print("error: Failed to build", file=sys.stderr)
        return 1
    if words[:2] == ["tool", "install"]:
        (home / "bin").mkdir(parents=True, exist_ok=True)
        (home / "bin" / command).write_text(SERVER.format(name=name))
        (home / "bin" / command).chmod(0o755)
        COMMANDS.mkdir(parents=True, exist_ok=True)
        (COMMANDS / command).unlink(missing_ok=True)
        (COMMANDS / command).symlink_to(home / "bin" / command)
    else:
        (COMMANDS / command).unlink()
        (home / "bin" / command).unlink()
        (home / "bin").rmdir()
        home.rmdir()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
