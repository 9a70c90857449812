"""Parameters that several tools share. Their patterns keep every value from becoming a flag."""

from typing import Annotated

from mcp.server.mcpserver.resolve import Resolve
from pydantic import Field

from infra_mcp_kubectl.transport.access import Access, access

Clusters = Annotated[Access, Resolve(access)]

NAME = r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,252}$"

ContextName = Annotated[
    str | None, Field(max_length=253, description="Context of the kubeconfig; default: its current one")
]
Namespace = Annotated[
    str | None, Field(pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", description="Default: the context's own")
]
KindName = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z][A-Za-z0-9.-]{0,200}$",
        description="One kind, as kubectl knows it: pods, deploy, widgets.example.com",
    ),
]
WorkloadKind = Annotated[
    str,
    Field(
        pattern=r"^(deployments?|deploy|statefulsets?|sts|daemonsets?|ds)(\.apps)?$",
        description="deployment, statefulset or daemonset",
    ),
]
Name = Annotated[str, Field(pattern=NAME, description="Name of the object")]
PodName = Annotated[str, Field(pattern=NAME, description="Name of the pod")]
NodeName = Annotated[str, Field(pattern=NAME, description="Name of the node")]
Container = Annotated[
    str | None,
    Field(pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", description="Container; default: the pod's main one"),
]
Selector = Annotated[
    str | None,
    Field(
        pattern=r"^[A-Za-z0-9!][A-Za-z0-9._/=!,() -]*$", max_length=1000, description="Labels, as app=web,tier!=cache"
    ),
]
FieldSelector = Annotated[
    str | None,
    Field(pattern=r"^[A-Za-z][A-Za-z0-9._/=!,:-]*$", max_length=1000, description="Fields, as status.phase=Failed"),
]

AllNamespaces = Annotated[bool, Field(description="Of all namespaces instead of one")]
Offset = Annotated[int, Field(ge=0, description="How many to skip")]
