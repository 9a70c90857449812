#!/usr/bin/env python3
"""kubectl with an `exec` that needs no container: the command runs here, and ends as kubectl would tell it.

Everything but `exec` goes to the real kubectl. The pod must exist; then the part behind `--` is run in the folder
STUB_KUBECTL_FOLDER. Every command line is added to the file STUB_KUBECTL_LOG, if that is set, one JSON list a line.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

KUBECTL = "kubectl"


def main(argv: list[str]) -> int:
    if log := os.environ.get("STUB_KUBECTL_LOG"):
        with Path(log).open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(argv) + "\n")
    words = [word for word in argv[: argv.index("--")] if not word.startswith("--")] if "--" in argv else []
    if words[:1] != ["exec"]:
        os.execvp(KUBECTL, [KUBECTL, *argv])  # noqa: S606 -- this is what the stub stands before
    flags = [word for word in argv[: argv.index("--")] if word.startswith(("--context=", "--namespace="))]
    there = subprocess.run([KUBECTL, *flags, "get", "pod", words[1]], capture_output=True, text=True, check=False)
    if there.returncode != 0:
        sys.stderr.write(there.stderr)
        return there.returncode
    return _run(argv[argv.index("--") + 1 :])


def _run(command: list[str]) -> int:
    try:
        folder = os.environ.get("STUB_KUBECTL_FOLDER", "/")
        status = subprocess.run(command, cwd=folder, check=False).returncode
    except OSError:
        sys.stderr.write(f'exec: "{command[0]}": executable file not found in $PATH\n')
        status = 127
    sys.stdout.flush()
    if status:
        sys.stderr.write(f"command terminated with exit code {status}\n")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
