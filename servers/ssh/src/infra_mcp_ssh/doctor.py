"""What the doctor looks at in ssh-mcp, which connects to no host; and `health`, which logs in to those configured."""

from collections.abc import AsyncIterator

import anyio

from infra_mcp_common.checks import Finding, from_error
from infra_mcp_common.errors import InfraError, Refused
from infra_mcp_ssh.domain.addresses import Address, parse
from infra_mcp_ssh.transport import host_keys, identities, inventory, ssh_config
from infra_mcp_ssh.transport.connections import connections

_MOST_LOGINS = 50


async def agent() -> AsyncIterator[Finding]:
    held = await inventory.keys_in_agent()
    if held:
        yield Finding("ssh-agent", "ok", f"{held} keys")
    elif held is None:
        yield Finding("ssh-agent", "missing", "no agent answers", "Needed for encrypted keys: start one and ssh-add.")
    else:
        yield Finding("ssh-agent", "missing", "it holds no keys", "Run: ssh-add")


async def keys() -> AsyncIterator[Finding]:
    found = identities.load(ssh_config.resolve(Address("localhost")).key_files)
    for note in found.notes:
        yield Finding("key", "ok" if note.endswith(": offered") else "missing", note)
    if not found.pairs and not await inventory.keys_in_agent():
        fix = "Run: ssh-keygen -t ed25519, then ssh-copy-id to your hosts."
        yield Finding("login", "todo", "no usable key, neither in files nor in an agent", fix)


async def known_hosts() -> AsyncIterator[Finding]:
    aliases = ssh_config.aliases()
    files = ", ".join(map(str, ssh_config.files()))
    yield Finding("configuration", "ok", f"{len(aliases)} hosts in {files or 'no file'}")
    unknown = [alias for alias in aliases if host_keys.state(ssh_config.resolve(parse(alias))) == "unknown"]
    if unknown:
        shown = ", ".join(unknown[:10]) + (" ..." if len(unknown) > 10 else "")
        yield Finding("host keys", "missing", f"not in known_hosts: {shown}", "Use trust_host, or log in once by ssh.")
    else:
        yield Finding("host keys", "ok", "every configured host is known")


async def logins() -> AsyncIterator[Finding]:
    """Log in to the hosts of the configuration, all at once, and do nothing there."""
    aliases, found = ssh_config.aliases(), list[Finding]()
    async with anyio.create_task_group() as group:
        for alias in aliases[:_MOST_LOGINS]:
            group.start_soon(_log_in, alias, found)
    for finding in sorted(found, key=lambda each: each.check):
        yield finding
    if aliases[_MOST_LOGINS:]:
        yield Finding("other hosts", "unknown", f"{len(aliases) - _MOST_LOGINS} more were not looked at")
    if not aliases:
        yield Finding("hosts", "unknown", "the configuration names none")


async def _log_in(alias: str, found: list[Finding]) -> None:
    try:
        await connections().connection(parse(alias))
        found.append(Finding(alias, "ok", "lets this user in"))
    except (host_keys.HostKeyUnknown, Refused) as error:
        found.append(from_error(alias, error, "unknown"))
    except InfraError as error:
        found.append(from_error(alias, error))
