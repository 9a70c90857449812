"""A state: its resources and outputs, secrets masked."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from infra_mcp_terraform.domain.documents import OutputDocument, ResourceDocument, StateDocument, Value
from infra_mcp_terraform.domain.secrets import Secrets
from infra_mcp_terraform.domain.trees import shortened

_LONGEST = 2000


@dataclass(frozen=True)
class Resource:
    """One resource instance."""

    address: str
    type: str
    mode: Literal["managed", "data"]
    provider: str
    tainted: bool | None
    depends_on: list[str] | None
    attributes: dict[str, Value]

    def shortened(self) -> "Resource":
        """The resource with long texts cut."""
        return replace(self, attributes={name: shortened(value, _LONGEST) for name, value in self.attributes.items()})


@dataclass(frozen=True)
class Output:
    """An output of the root module. value: masked where it is sensitive; clear: as it is."""

    value: Value
    sensitive: bool
    clear: Value = field(repr=False)


@dataclass(frozen=True)
class State:
    terraform_version: str | None = None
    resources: tuple[Resource, ...] = ()
    outputs: dict[str, Output] = field(default_factory=dict)


def state_of(document: StateDocument, secrets: Secrets) -> State:
    """The state that terraform printed."""
    outputs = (document.get("values") or {}).get("outputs", {})
    return State(
        document.get("terraform_version"),
        tuple(_resource(item, secrets) for item in resources_of(document)),
        {name: _output(item, secrets) for name, item in outputs.items()},
    )


def resources_of(document: StateDocument) -> Iterator[ResourceDocument]:
    """The resource instances of a state with all its modules."""
    modules = [(document.get("values") or {}).get("root_module", {})]
    while modules:
        module = modules.pop(0)
        yield from module.get("resources", [])
        modules = module.get("child_modules", []) + modules


def _output(item: OutputDocument, secrets: Secrets) -> Output:
    sensitive = bool(item.get("sensitive"))
    return Output(secrets.masked(item.get("value"), sensitive), sensitive, item.get("value"))


def _resource(item: ResourceDocument, secrets: Secrets) -> Resource:
    values = secrets.masked_map(item.get("values") or {}, item.get("sensitive_values"))
    return Resource(
        address=secrets.mask_address(item["address"]),
        type=item["type"],
        mode="data" if item.get("mode") == "data" else "managed",
        provider=item.get("provider_name", ""),
        tainted=item.get("tainted"),
        depends_on=item.get("depends_on"),
        attributes={name: value for name, value in values.items() if value is not None},
    )
