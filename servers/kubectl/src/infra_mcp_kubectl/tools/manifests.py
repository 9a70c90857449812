"""Manifests: what applying them would change, and applying them."""

from typing import Annotated

from pydantic import Field

from infra_mcp_common.errors import InvalidInput
from infra_mcp_common.tool_calls.confirmation import Preview
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_kubectl.answers.manifests import Applied
from infra_mcp_kubectl.domain import manifests
from infra_mcp_kubectl.domain.apply import ApplyOptions
from infra_mcp_kubectl.domain.objects import KubeObject
from infra_mcp_kubectl.safety import previews, protection
from infra_mcp_kubectl.tools.parameters import Clusters, ContextName, Namespace
from infra_mcp_kubectl.transport import manifest_files
from infra_mcp_kubectl.transport.apply import apply_objects

Manifest = Annotated[
    str | None,
    Field(max_length=manifests.LARGEST, description="YAML or JSON; several documents and Lists are fine"),
]
ManifestFile = Annotated[
    str | None, Field(max_length=4096, description="A file on this machine instead, inside the project folder")
]
ServerSide = Annotated[bool, Field(description="Server-side apply: the cluster tracks who owns which field")]
Force = Annotated[bool, Field(description="With server_side: take over fields that belong to other managers")]


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
    kubectl = clusters.use(context, namespace, seconds=100)
    outcomes = await apply_objects(kubectl, _objects(manifest, file), ApplyOptions(server_side, dry_run=True))
    return Applied.of(kubectl.context.name, outcomes, dry_run=True)


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
    kubectl = clusters.use(context, namespace, seconds=100)
    objects = _objects(manifest, file)
    protection.check_apply(kubectl, objects)
    outcomes = await apply_objects(kubectl, objects, ApplyOptions(server_side, force_conflicts, dry_run=True))
    return previews.of_apply(kubectl.context.name, Applied.of(kubectl.context.name, outcomes, dry_run=True))


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
    kubectl = clusters.use(context, namespace, seconds=100)
    objects = _objects(manifest, file)
    protection.check_apply(kubectl, objects)
    outcomes = await apply_objects(kubectl, objects, ApplyOptions(server_side, force_conflicts, dry_run))
    return Applied.of(kubectl.context.name, outcomes, dry_run=dry_run)


def _objects(manifest: str | None, file: str | None) -> list[KubeObject]:
    if manifest is not None and file is None:
        return manifests.parse(manifest)
    if file is not None and manifest is None:
        return manifests.parse(manifest_files.read(file))
    raise InvalidInput("Exactly one of manifest and file is needed.", "Pass the text, or the path of a file.")
