"""Print, as JSON, what Ansible makes of its arguments, without connecting to any host.

    python -m infra_mcp_ansible.transport.inspector <process id of the server> hosts <arguments as for ansible>
    python -m infra_mcp_ansible.transport.inspector <process id of the server> vars <arguments as for ansible>
    python -m infra_mcp_ansible.transport.inspector <process id of the server> play <arguments as for ansible-playbook>

Ansible keeps configuration, plugin paths and warnings in globals, so every question gets a process of its own.
"""

import json
import os
import sys
from collections.abc import Callable, Mapping

from ansible.errors import AnsibleError  # type: ignore[import-untyped]

from infra_mcp_ansible.transport.inspector import hosts, plays
from infra_mcp_ansible.transport.inspector.problems import Problem
from infra_mcp_ansible.transport.inspector.protocol import Answer, ProblemAnswer
from infra_mcp_ansible.transport.lifeline import end_with

_QUESTIONS: Mapping[str, Callable[[list[str]], Answer]] = {
    "hosts": hosts.examine,
    "vars": hosts.examine_with_variables,
    "play": plays.examine,
}


def answer(question: str, arguments: list[str]) -> Answer | ProblemAnswer:
    try:
        return _QUESTIONS[question](arguments)
    except Problem as problem:
        return {"problem": problem.kind, "said": problem.said}
    except AnsibleError as error:
        return {"problem": "failed", "said": str(error)}


def main() -> None:
    end_with(int(sys.argv[1]))
    # Inventory plugins and vault password programs may print; the answer alone belongs on stdout.
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as out:
        os.dup2(2, 1)
        json.dump(answer(sys.argv[2], sys.argv[3:]), out, default=str)


main()
