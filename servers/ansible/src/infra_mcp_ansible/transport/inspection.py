"""What Ansible makes of an inventory and a playbook before anything runs; what is wrong with them becomes an error."""

import json
from collections.abc import Sequence
from typing import Any

from infra_mcp_ansible.answers.runs import MatchedPlay, Prompt
from infra_mcp_ansible.domain.arguments import check_module, check_plain
from infra_mcp_ansible.transport import runner as cli
from infra_mcp_ansible.transport.projects import Place
from infra_mcp_ansible.transport.runner import Options
from infra_mcp_common.errors import Conflict, Failed, InfraError, InvalidInput, NotConfigured, NotFound, TimedOut
from infra_mcp_common.io.programs import Finished
from infra_mcp_common.runtime import current
from infra_mcp_common.tool_calls import call_context

SECONDS = 60.0


class InventoryUnusable(InvalidInput):
    pass


class PlaybookBroken(InvalidInput):
    pass


class NobodyMatched(NotFound):
    pass


class PromptUnanswered(Conflict):
    pass


async def hosts(
    place: Place, pattern: str, *, limit: str | None = None, module: str = "ping", values: bool = False
) -> dict[str, Any]:
    """Hosts that match, with their groups, all groups, and the variables where asked for."""
    check_plain("host pattern", pattern)
    check_plain("limit", limit)
    check_module(module)
    arguments = [*Options(limit=limit).choosing(), f"--module-name={module}", pattern]
    answer = await _ask("vars" if values else "hosts", place, arguments, pattern)
    for name in answer["hosts"]:
        call_context.check_target(name)
    return answer


async def playbook(place: Place, options: Options) -> dict[str, Any]:
    """The plays, with hosts, tasks, prompts and missing variables."""
    check_plain("limit", options.limit)
    return await _ask("play", place, [*options.choosing(), str(place.playbook)], options.limit or "its plays' hosts")


def check_ready(plays: Sequence[dict[str, Any]]) -> None:
    """Refuse a playbook that would do nothing, or that would ask a question nobody answers; aim at its hosts."""
    if not any(play["hosts"] for play in plays):
        patterns = ", ".join(play["pattern"] for play in plays)
        raise NobodyMatched(f"No host matches ({patterns}).", "list_inventory shows the hosts and groups.")
    if names := unanswered(plays):
        raise PromptUnanswered(
            f"The playbook asks for {', '.join(names)} and nobody would answer.",
            "Give each by its name in extra_vars.",
            prompts=names,
        )
    for play in plays:
        for host in play["hosts"]:
            call_context.check_target(host)


def unanswered(plays: Sequence[dict[str, Any]]) -> list[str]:
    return [prompt["name"] for play in plays for prompt in play["prompts"] if not prompt["default"]]


def matched_plays(plays: Sequence[dict[str, Any]]) -> list[MatchedPlay]:
    return [
        MatchedPlay(name=play["name"], pattern=play["pattern"], hosts=play["hosts"], task_count=len(play["tasks"]))
        for play in plays
    ]


def prompts(plays: Sequence[dict[str, Any]]) -> list[Prompt]:
    return [
        Prompt(name=prompt["name"], play=play["name"], has_default=prompt["default"])
        for play in plays
        for prompt in play["prompts"]
    ]


async def _ask(question: str, place: Place, arguments: Sequence[str], pattern: str) -> dict[str, Any]:
    finished = await cli.ask(question, place, arguments, timeout=SECONDS)
    if finished.timed_out:
        raise TimedOut("Ansible did not read the inventory in time.", "A dynamic inventory may not be answering.")
    answer = _parse(finished)
    if "problem" in answer:
        raise _problem(answer["problem"], answer["said"], pattern)
    for secret in answer["secrets"]:
        current().secrets.learn(secret)
    answer["warnings"] = _warnings(finished)
    if answer["unsearched"]:
        answer["warnings"].append("Too many files to search all of them for secrets: some may not be masked.")
    return answer


def _parse(finished: Finished) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = json.loads(finished.stdout.whole())
    except ValueError:
        said = finished.stderr.whole().decode("utf-8", "replace")[-2000:]
        raise Failed("Ansible could not read this.", "Its own words follow.", said=said) from None
    return answer


def _problem(kind: str, said: str, pattern: str) -> InfraError:
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
