"""What a plan would lose: deletions, replacements and resources that Terraform forgets."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from infra_mcp_terraform.domain.changes import action_of
from infra_mcp_terraform.domain.documents import ResourceChangeDocument
from infra_mcp_terraform.domain.secrets import Secrets
from infra_mcp_terraform.domain.trees import path_of

_STATEFUL = re.compile(
    r"(?:^|_)(?:db|rds|database|sql|mysql|postgres\w*|dynamodb|cosmosdb|mongo\w*|redis|elasticache|memcache\w*|"
    r"bucket|s3|storage|disk|volume|ebs|efs|filesystem|file_system|snapshot|backup|kafka|queue|topic|table|"
    r"spanner|bigtable|bigquery|elasticsearch|opensearch|persistent|secret|kms|key|vault|zone|registry|"
    r"instance|vm|lxc|qemu|machine|server|cluster)(?:_|$)"
)


@dataclass(frozen=True)
class Risk:
    """A resource that would be lost or made anew. stateful: its type usually holds data."""

    address: str
    action: Literal["delete", "replace", "forget"]
    stateful: bool
    forced_by: tuple[str, ...]
    reason: str | None


def risks_of(planned: Iterable[ResourceChangeDocument], secrets: Secrets) -> tuple[Risk, ...]:
    """What would be lost or made anew, stateful types first, deletes before replacements."""
    found = [_risk(item, secrets) for item in planned if action_of(item) in ("delete", "replace", "forget")]
    return tuple(sorted(found, key=lambda risk: (not risk.stateful, risk.action != "delete")))


def _risk(item: ResourceChangeDocument, secrets: Secrets) -> Risk:
    action = action_of(item)
    return Risk(
        address=secrets.mask_address(item["address"]),
        action=action if action in ("replace", "forget") else "delete",
        stateful=bool(_STATEFUL.search(item.get("type", ""))),
        forced_by=tuple(path_of(path) for path in item["change"].get("replace_paths", [])),
        reason=item.get("action_reason"),
    )
