"""What the doctor looks at in ssh-mcp. It connects to no host: a health check must not knock at every door."""

from collections.abc import AsyncIterator

from infra_mcp_common.checks import Finding
from infra_mcp_ssh.domain.addresses import Address, parse
from infra_mcp_ssh.transport import host_keys, identities, inventory, ssh_config


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
