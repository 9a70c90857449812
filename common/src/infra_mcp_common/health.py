"""`health`: is anything broken on the other side? Looks only, all checks at once, within a few seconds.

"well" is said only where every check looked and found nothing; what could not be looked at is told as that.
"""

from collections.abc import Sequence
from typing import Literal

import anyio

from infra_mcp_common.checks import Check, Finding, State, masked, run, show
from infra_mcp_common.runtime import Runtime
from infra_mcp_common.tool_calls import call_context

Verdict = Literal["well", "degraded", "broken", "could not look"]
EXIT: dict[Verdict, int] = {"well": 0, "broken": 1, "could not look": 3, "degraded": 4}
SECONDS = 10.0
_WORST_FIRST: tuple[tuple[State, Verdict], ...] = (
    ("failed", "broken"),
    ("degraded", "degraded"),
    ("unknown", "could not look"),
    ("todo", "could not look"),
    ("ok", "well"),
)


async def examine(runtime: Runtime, checks: Sequence[Check], seconds: float = SECONDS) -> list[Finding]:
    """What all checks found, in their order; a check that can't look, or not in time, is a finding of its own."""
    found: dict[int, list[Finding]] = {}

    async def look(number: int, check: Check) -> None:
        with call_context.entered(call_context.Call("health", permits=runtime.policy.check_target)):
            found[number] = await run(check, seconds, otherwise="unknown")

    try:
        async with anyio.create_task_group() as group:
            for number, check in enumerate(checks):
                group.start_soon(look, number, check)
    finally:
        await runtime.close()
    said: dict[str, Finding] = {}
    for finding in (each for _, each_found in sorted(found.items()) for each in each_found):
        said.setdefault(f"{finding.check}\0{finding.detail}" if finding.state != "todo" else finding.detail, finding)
    return list(said.values())


def verdict(findings: Sequence[Finding]) -> Verdict:
    """The worst of the findings; where there are none, nobody looked."""
    states = {finding.state for finding in findings}
    return next((verdict for state, verdict in _WORST_FIRST if state in states), "could not look")


def report(server: str, findings: Sequence[Finding], *, as_json: bool) -> int:
    """Print the findings; exit status 0: well, 1: something is broken, 3: not all could be looked at, 4: degraded."""
    clean = masked(findings)
    found = verdict(clean)
    show(server, clean, found, healthy=found == "well", as_json=as_json)
    if not as_json:
        print(found)
    return EXIT[found]
