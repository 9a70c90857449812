"""Stands in for Claude Code's `claude mcp`: what a script that registers servers can see of the real one.

`add` refuses a name that the scope has; its --env takes every word up to the next option; `remove` fails for a name
that the scope has not; `get` shows the entry that wins and, for a name in several scopes, the others.
"""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

HOME = Path(os.environ["HOME"])
STATE = HOME / ".claude.json"
SHOWN = {"local": "Local config (private)", "project": "Project config (shared)", "user": "User config (everywhere)"}


def main(words: list[str]) -> str:
    with Path(os.environ["STUB_LOG"]).open("a") as log:
        log.write(json.dumps(["claude", *words]) + "\n")
    state: dict[str, Any] = json.loads(STATE.read_text()) if STATE.exists() else {scope: {} for scope in SHOWN}
    if words[:2] == ["mcp", "get"]:
        return get(state, words[2])
    said = {"add": add, "remove": remove}[words[1]](state, words[2:])
    STATE.write_text(json.dumps(state))
    if os.environ.get("STUB_INTERRUPTS") == words[1]:
        os.kill(os.getppid(), signal.SIGKILL)
    return said


def add(state: dict[str, Any], words: list[str]) -> str:
    own, command = words[: words.index("--")], words[words.index("--") + 1 :]
    options: dict[str, list[str]] = {}
    taken = options.setdefault("", [])
    for word in own:
        if word.startswith("-"):
            taken = options.setdefault(word, [])
        elif taken and taken is not options.get("--env"):
            options[""].append(word)
        else:
            taken.append(word)
    for pair in options.get("--env", []):
        if "=" not in pair:
            sys.exit(f"Invalid environment variable format: {pair}")
    scope, name = options.get("--scope", ["local"])[0], options[""][0]
    if name in state[scope]:
        sys.exit(f"MCP server {name} already exists in {scope} config")
    state[scope][name] = command
    return f"Added stdio MCP server {name} with command: {' '.join(command)} to {scope} config"


def remove(state: dict[str, Any], words: list[str]) -> str:
    name, scope = words[0], words[2]
    if os.environ.get("STUB_REFUSES") == "remove":
        sys.exit("EACCES: permission denied, open '.claude.json'")
    if name not in state[scope]:
        sys.exit(f'No MCP server named "{name}" in {scope} scope')
    del state[scope][name]
    return f"Removed MCP server {name} from {scope} config"


def get(state: dict[str, Any], name: str) -> str:
    scopes = [scope for scope in SHOWN if name in state[scope]]
    if not scopes:
        sys.exit(f'No MCP server named "{name}". Run `claude mcp add` to add one.')
    command, *arguments = state[scopes[0]][name]
    runs = Path(command).exists() and subprocess.run([command, "--version"], check=False, capture_output=True)
    return "\n".join(
        [
            f"{name}:",
            f"  Scope: {SHOWN[scopes[0]]}",
            f"  Status: {'✔ Connected' if runs and runs.returncode == 0 else '✘ Failed to connect'}",
            "  Type: stdio",
            f"  Command: {command}",
            f"  Args: {' '.join(arguments)}",
            "  Environment:",
        ]
    )


if __name__ == "__main__":
    print(main(sys.argv[1:]))
