"""What `doctor` looks at for Terraform."""

from collections.abc import AsyncIterator

from infra_mcp_common.checks import Finding
from infra_mcp_terraform.settings import ROOTS
from infra_mcp_terraform.transport import configurations, projects, runs
from infra_mcp_terraform.transport.program import binary

_OLDEST = (1, 9)


async def program() -> AsyncIterator[Finding]:
    path, found = binary(), (await configurations.versions()).terraform
    numbers = tuple(int(part) for part in found.split("-")[0].split(".")[:2] if part.isdigit())
    if numbers < _OLDEST:
        wanted = ".".join(map(str, _OLDEST))
        yield Finding("terraform", "failed", f"{path} is version {found or 'unknown'}", f"Install {wanted} or newer.")
    else:
        yield Finding("terraform", "ok", f"{found} at {path}")


async def folders() -> AsyncIterator[Finding]:
    for root in projects.roots():
        if root.is_dir():
            yield Finding("folder", "ok", str(root))
        else:
            yield Finding("folder", "failed", f"{root} is not a directory", f"Correct {ROOTS.name}.")


async def interrupted() -> AsyncIterator[Finding]:
    """Whether an apply of this server was stopped before its end. Drift and locks take a plan to see."""
    found = runs.interrupted()
    for each in found:
        told = f"{each.tool} of {each.began} was interrupted; resources done by then: {each.applied_count}"
        yield Finding("apply", "degraded", told, "Plan in that directory: it shows what is left to do.")
    yield Finding("applies", "ok", f"{len(found)} interrupted")
