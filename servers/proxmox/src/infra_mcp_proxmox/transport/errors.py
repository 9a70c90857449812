"""What Proxmox VE's refusals mean. The message is in the reason phrase on all versions, in the body on newer ones."""

import json
import re
from collections.abc import Callable
from re import Match
from typing import Any

from infra_mcp_common.errors import Denied, Failed, InfraError, InvalidInput, Unreachable
from infra_mcp_common.io.http import Answer
from infra_mcp_proxmox.transport.known_messages import KNOWN

Facts = dict[str, Any]


class NodeDown(Unreachable):
    """The cluster answers, one of its nodes does not: no setting of ours could mend that."""

    mendable_by_settings = False


_PERMISSION = re.compile(r"Permission check failed \((?P<path>/[^,]*), (?P<privileges>[^)]+)\)")


def translate(answer: Answer, request: str, token_id: str) -> InfraError:
    """The error for an answer of 300 and above. `request` is the request, as "GET /nodes"."""
    message, errors = _message(answer)
    facts: Facts = {"status": answer.status, "request": request}
    by_status: dict[int, Callable[[], InfraError]] = {
        400: lambda: _bad_parameters(message, errors, facts),
        401: lambda: _unknown_token(message, facts),
        403: lambda: _forbidden(message, token_id, facts),
        500: lambda: from_text(message, token_id, facts),
        501: lambda: _missing(request, message, facts),
    }
    if answer.status in by_status:
        return by_status[answer.status]()
    if 595 <= answer.status <= 599:
        return _node_down(request, message, facts)
    return _no_api(answer, facts)


def _message(answer: Answer) -> tuple[str, dict[str, str]]:
    try:
        body = json.loads(answer.body or b"{}")
    except ValueError:
        body = {}
    known = body if isinstance(body, dict) else {}
    return str(known.get("message") or answer.reason).strip(), known.get("errors") or {}


def from_text(message: str, token_id: str, facts: Facts | None = None) -> InfraError:
    """The error for the words of a refusal, or for the exit status of a failed task."""
    if _PERMISSION.search(message):
        return _forbidden(message, token_id, facts or {})
    for pattern, kind, problem, next_step in KNOWN:
        if re.search(pattern, message):
            return kind(problem, next_step, said=message, **facts or {})
    return Failed("Proxmox VE could not do it.", said=message, **facts or {})


def _bad_parameters(message: str, errors: dict[str, str], facts: Facts) -> InfraError:
    told = "\n".join(f"{name}: {text.strip()}" for name, text in errors.items())
    named = ", ".join(errors) or "the request"
    return InvalidInput(f"Proxmox VE refused {named}.", "Correct it and try again.", said=told or message, **facts)


def _unknown_token(message: str, facts: Facts) -> InfraError:
    if "PVEVNC" in message:
        return Denied("The console ticket was refused.", "Try again.", said=message, **facts)
    return Denied(
        "Proxmox VE did not accept the API token: it is unknown, expired, disabled, or its secret is wrong.",
        "Check PROXMOX_API_TOKEN; on a node, pveum user token list USER@REALM shows the tokens.",
        said=message,
        **facts,
    )


def _forbidden(message: str, token_id: str, facts: Facts) -> InfraError:
    found = _PERMISSION.search(message)
    if found is None:
        root_only = "root@pam" in message
        return from_text(message, token_id, facts) if root_only else Denied("Forbidden.", said=message, **facts)
    path, privileges = found["path"], found["privileges"].split("|")
    return Denied(
        f"The token {token_id} lacks {' or '.join(privileges)} on {path}.",
        f"On a node, grant it: {grant(path, privileges[0], token_id)} A token with privilege separation also needs "
        "its user to have that right. If the path names a guest, it may also not exist.",
        said=message,
        path=path,
        privileges=privileges,
        **facts,
    )


def grant(path: str, privilege: str, token_id: str) -> str:
    """The shell line that gives a token exactly this privilege."""
    role = "Mcp" + privilege.replace(".", "")
    return f"pveum role add {role} --privs {privilege}; pveum acl modify {path} --tokens '{token_id}' --roles {role}"


def _missing(request: str, message: str, facts: Facts) -> InfraError:
    return Failed(
        f"This version of Proxmox VE does not have {request}.",
        "whoami shows the version; newer ones may have it.",
        said=message,
        **facts,
    )


def _node_down(request: str, message: str, facts: Facts) -> InfraError:
    found: Match[str] | None = re.search(r"/nodes/([^/]+)", request)
    node = found[1] if found else "asked"
    return NodeDown(
        f"Node {node} does not answer the cluster: it is down, or its network is.",
        "get_cluster_status shows which nodes are online; guests there can't be reached until it is back.",
        said=message,
        node=node,
        cause="node_down",
        **facts,
    )


def _no_api(answer: Answer, facts: Facts) -> InfraError:
    redirect = 300 <= answer.status < 400
    what = "redirects elsewhere" if redirect else f"answered {answer.status}"
    return Failed(
        f"{answer.system} {what}, so that is not the Proxmox VE API, or something stands in front of it.",
        "PROXMOX_HOST must name a node's API itself, usually on port 8006.",
        said=answer.reason,
        **facts,
    )
