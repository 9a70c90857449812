"""Print, as JSON, what Ansible makes of its arguments, without connecting to any host.

    python -m infra_mcp_ansible.inspector hosts <arguments as for ansible>
    python -m infra_mcp_ansible.inspector vars <arguments as for ansible>
    python -m infra_mcp_ansible.inspector play <arguments as for ansible-playbook>

Ansible keeps configuration, plugin paths and warnings in globals, so every question gets a process of its own.
"""

import json
import os
import sys
from typing import Any

from ansible.errors import AnsibleError  # type: ignore[import-untyped]

from infra_mcp_ansible.inspector import hosts, plays
from infra_mcp_ansible.inspector.problems import Problem

_QUESTIONS = {"hosts": hosts.examine, "vars": hosts.examine_with_variables, "play": plays.examine}


def answer(question: str, arguments: list[str]) -> dict[str, Any]:
    try:
        return _QUESTIONS[question](arguments)
    except Problem as problem:
        return {"problem": problem.kind, "said": problem.said}
    except AnsibleError as error:
        return {"problem": "failed", "said": str(error)}


def main() -> None:
    # Inventory plugins and vault password programs may print; the answer alone belongs on stdout.
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as out:
        os.dup2(2, 1)
        json.dump(answer(sys.argv[1], sys.argv[2:]), out, default=str)


main()
