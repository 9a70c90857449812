"""States and plans as terraform prints them in JSON: with secrets in clear, which are known as such afterwards."""

from pathlib import Path
from typing import Any

from infra_mcp_common.errors import InfraError
from infra_mcp_terraform.answers.models import Resource
from infra_mcp_terraform.domain.secrets import Secrets, learn_plan, learn_state, resources_of, secrets_of
from infra_mcp_terraform.transport import terraform as cli
from infra_mcp_terraform.transport.failures import explain

_LONGEST = 2000


async def read(directory: Path) -> dict[str, Any]:
    """The state of the selected workspace."""
    document = await _show(directory, None)
    learn_state(secrets_of(directory), document)
    return document


async def read_if_possible(directory: Path) -> dict[str, Any]:
    """The state, or nothing where it can't be read."""
    try:
        return await read(directory)
    except InfraError:
        return {}


async def read_plan(directory: Path, saved: Path) -> dict[str, Any]:
    """A saved plan."""
    document = await _show(directory, saved)
    learn_plan(secrets_of(directory), document)
    return document


def resources(document: dict[str, Any], secrets: Secrets) -> list[Resource]:
    """The resource instances of a state, masked."""
    return [_resource(item, secrets) for item in resources_of(document)]


def shortened(resource: Resource) -> Resource:
    """The resource with long texts cut."""
    return resource.model_copy(update={"attributes": _cut(resource.attributes)})


def outputs(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The outputs of a state by name, with `value` and `sensitive`, not masked."""
    found: dict[str, dict[str, Any]] = (document.get("values") or {}).get("outputs", {})
    return found


async def _show(directory: Path, saved: Path | None) -> dict[str, Any]:
    ended = await cli.show(directory, saved)
    if ended.exit_status != 0:
        raise explain("show", ended, secrets_of(directory))
    return ended.document


def _cut(value: Any) -> Any:
    if isinstance(value, str) and len(value) > _LONGEST:
        return f"{value[:_LONGEST]}… ({len(value)} characters)"
    if isinstance(value, dict):
        return {key: _cut(inner) for key, inner in value.items()}
    return [_cut(inner) for inner in value] if isinstance(value, list) else value


def _resource(item: dict[str, Any], secrets: Secrets) -> Resource:
    values = secrets.masked(item.get("values") or {}, item.get("sensitive_values"))
    return Resource(
        address=secrets.mask_address(item["address"]),
        type=item["type"],
        mode="data" if item.get("mode") == "data" else "managed",
        provider=item.get("provider_name", ""),
        tainted=item.get("tainted"),
        depends_on=item.get("depends_on"),
        attributes={name: value for name, value in values.items() if value is not None},
    )
