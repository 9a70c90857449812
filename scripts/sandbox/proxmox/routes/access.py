"""/version and /access."""

from typing import Any

from sandbox.proxmox.routes import Call, route

PATCH = {"7.4": "7.4-17", "8.4": "8.4.14", "9.1": "9.1.3"}


@route("GET /version")
def version(call: Call) -> Any:
    release = call.cluster.version
    return {"release": release, "repoid": "0000000000000000", "version": PATCH.get(release, release)}


@route("GET /access/permissions")
def permissions(call: Call) -> Any:
    """A token may always read its own effective rights."""
    return {path: dict.fromkeys(sorted(rights), 1) for path, rights in call.token.acl.items() if rights}
