"""Asks the inspector; what is wrong with an inventory or a playbook becomes an error."""

import json
from collections.abc import Sequence
from typing import Any

from infra_mcp_ansible.domain.errors import InventoryUnusable, NobodyMatched, PlaybookBroken
from infra_mcp_ansible.domain.project import Project
from infra_mcp_ansible.transport import environment
from infra_mcp_ansible.transport.inspector.protocol import ProblemAnswer
from infra_mcp_common.errors import Failed, InfraError, InvalidInput, NotConfigured, TimedOut
from infra_mcp_common.io import programs
from infra_mcp_common.io.programs import Finished
from infra_mcp_common.runtime import current

SECONDS = 60.0
# The answer holds secrets that are not masked yet: it stays in memory, and is never spooled.
IN_MEMORY = 1 << 30


async def ask(project: Project, words: Sequence[str], pattern: str) -> tuple[Any, list[str]]:
    """The answer, as `inspector.protocol` has it, and the warnings; what is secret in it is masked from now on."""
    finished = await programs.run(
        words, timeout=SECONDS, cwd=project.folder, env=environment.of_project(project), head=IN_MEMORY
    )
    if finished.timed_out:
        raise TimedOut("Ansible did not read the inventory in time.", "A dynamic inventory may not be answering.")
    answer = _parse(finished)
    if "problem" in answer:
        raise _error(answer, pattern)
    for secret in answer["secrets"]:
        current().secrets.learn(secret)
    warnings = _warnings(finished)
    if answer["unsearched"]:
        warnings.append("Too many files to search all of them for secrets: some may not be masked.")
    return answer, warnings


def _parse(finished: Finished) -> Any:
    try:
        return json.loads(finished.stdout.whole())
    except ValueError:
        said = finished.stderr.whole().decode("utf-8", "replace")[-2000:]
        raise Failed("Ansible could not read this.", "Its own words follow.", said=said) from None


def _error(answer: ProblemAnswer, pattern: str) -> InfraError:
    kind, said = answer["problem"], answer["said"]
    if kind == "inventory":
        return InventoryUnusable("The inventory can't be used.", "Correct what Ansible names below.", said=said)
    if kind == "vault":
        return NotConfigured(
            "A vaulted value can't be read.", "Set ANSIBLE_VAULT_PASSWORD_FILE to the right file.", said=said
        )
    if kind == "module":
        return InvalidInput(said, "Give another module.")
    if kind == "nobody":
        hint = f"There are: {said}." if said else "The inventory holds no host."
        return NobodyMatched(f"No host of the inventory matches {pattern}.", hint)
    return PlaybookBroken("Ansible can't read the playbook.", "Correct what it names below.", said=said)


def _warnings(finished: Finished) -> list[str]:
    text = finished.stderr.whole().decode("utf-8", "replace")
    return list(dict.fromkeys(line.strip()[:500] for line in text.splitlines() if line.startswith("[")))[:10]
