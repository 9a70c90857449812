"""Manifests: what applying them would change, and applying them."""

from typing import Annotated

from pydantic import Field

from infra_mcp_common.errors import InvalidInput
from infra_mcp_common.io.local_paths import confined
from infra_mcp_common.tool_calls.confirmation import Preview
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_kubectl.answers.objects import Applied
from infra_mcp_kubectl.domain import manifests
from infra_mcp_kubectl.tools.parameters import Clusters, ContextName, Namespace
from infra_mcp_kubectl.transport import applying
from infra_mcp_kubectl.transport.access import manifest_roots

Manifest = Annotated[
    str | None,
    Field(max_length=manifests.LARGEST, description="YAML or JSON; several documents and Lists are fine"),
]
ManifestFile = Annotated[
    str | None, Field(max_length=4096, description="A file on this machine instead, inside the project folder")
]
ServerSide = Annotated[bool, Field(description="Server-side apply: the cluster tracks who owns which field")]
Force = Annotated[bool, Field(description="With server_side: take over fields that belong to other managers")]


def _objects(manifest: str | None, file: str | None) -> list[manifests.Json]:
    if manifest is not None and file is None:
        return manifests.parse(manifest)
    if file is not None and manifest is None:
        return manifests.parse(manifests.read(confined(file, manifest_roots(), "manifest")))
    raise InvalidInput("Exactly one of manifest and file is needed.", "Pass the text, or the path of a file.")


@tool("read", timeout=120)
async def diff(
    clusters: Clusters,
    manifest: Manifest = None,
    file: ManifestFile = None,
    namespace: Namespace = None,
    server_side: ServerSide = False,
    context: ContextName = None,
) -> Applied:
    """Show what applying a manifest would change, by the server's own dry run. Nothing is changed."""
    kubectl = clusters.use(context, seconds=100)
    plan = applying.Plan(_objects(manifest, file), kubectl.namespace(namespace), server_side=server_side, dry_run=True)
    return await applying.carry_out(kubectl, plan)


async def preview_apply(
    clusters: Clusters,
    manifest: Manifest = None,
    file: ManifestFile = None,
    namespace: Namespace = None,
    server_side: ServerSide = False,
    force_conflicts: Force = False,
    context: ContextName = None,
) -> Preview:
    """The server's dry run of the same manifest."""
    kubectl = clusters.use(context, seconds=100)
    objects = _objects(manifest, file)
    plan = applying.Plan(
        objects, kubectl.namespace(namespace), server_side=server_side, force=force_conflicts, dry_run=True
    )
    applying.check(kubectl, plan)
    outcome = await applying.carry_out(kubectl, plan)
    would = f"Apply {len(objects)} object(s) in context {kubectl.context.name}."
    return Preview(would=would, now=outcome.model_dump(mode="json"))


@tool("write", timeout=120, preview=preview_apply)
async def apply(
    clusters: Clusters,
    manifest: Manifest = None,
    file: ManifestFile = None,
    namespace: Namespace = None,
    dry_run: Annotated[bool, Field(description="Only show what would change")] = False,
    server_side: ServerSide = False,
    force_conflicts: Force = False,
    context: ContextName = None,
) -> Applied:
    """Create or change objects from a manifest, and tell for each what was done and which fields changed.

    Not atomic: where one object fails, the others may have been applied; each says so itself.
    """
    if force_conflicts and not server_side:
        raise InvalidInput("force_conflicts only means something with server_side.", "Add server_side: true.")
    kubectl = clusters.use(context, seconds=100)
    plan = applying.Plan(
        _objects(manifest, file),
        kubectl.namespace(namespace),
        server_side=server_side,
        force=force_conflicts,
        dry_run=dry_run,
    )
    applying.check(kubectl, plan)
    return await applying.carry_out(kubectl, plan)
