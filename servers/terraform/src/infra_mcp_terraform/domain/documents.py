"""What terraform prints in JSON, as far as it is read here.

Plans, states and configurations: https://developer.hashicorp.com/terraform/internals/json-format; the lines of a run:
https://developer.hashicorp.com/terraform/internals/machine-readable-ui.
"""

from typing import NotRequired, TypeAlias, TypedDict

from pydantic import JsonValue

Value: TypeAlias = JsonValue

# A tree beside a tree of values: True where a value, or all below it, is sensitive or unknown.
Marks: TypeAlias = bool | list["Marks"] | dict[str, "Marks"] | None


class AttributesDocument(TypedDict, total=False):
    """Before and after of a resource or an output. replace_paths: the attributes that force a replacement."""

    actions: list[str]
    before: Value
    after: Value
    after_unknown: Marks
    before_sensitive: Marks
    after_sensitive: Marks
    replace_paths: list[list[str | int]]
    importing: Value


class ResourceChangeDocument(TypedDict):
    address: str
    change: AttributesDocument
    type: NotRequired[str]
    previous_address: NotRequired[str]
    action_reason: NotRequired[str]


class ResourceDocument(TypedDict):
    address: str
    type: str
    mode: NotRequired[str]
    provider_name: NotRequired[str]
    tainted: NotRequired[bool]
    depends_on: NotRequired[list[str]]
    values: NotRequired[dict[str, Value]]
    sensitive_values: NotRequired[Marks]


class OutputDocument(TypedDict, total=False):
    value: Value
    sensitive: bool


class ModuleDocument(TypedDict, total=False):
    resources: list[ResourceDocument]
    child_modules: list["ModuleDocument"]


class ValuesDocument(TypedDict, total=False):
    outputs: dict[str, OutputDocument]
    root_module: ModuleDocument


class StateDocument(TypedDict, total=False):
    terraform_version: str
    values: ValuesDocument | None


class VariableDocument(TypedDict, total=False):
    """A variable: its value in a plan, its declaration in a configuration."""

    value: Value
    default: Value
    sensitive: bool


class ExpressionDocument(TypedDict, total=False):
    constant_value: Value


class ModuleCallDocument(TypedDict, total=False):
    module: "ConfiguredModuleDocument"
    expressions: dict[str, ExpressionDocument]


class ConfiguredModuleDocument(TypedDict, total=False):
    variables: dict[str, VariableDocument]
    module_calls: dict[str, ModuleCallDocument]


class ConfigurationDocument(TypedDict, total=False):
    root_module: ConfiguredModuleDocument


class PlanDocument(TypedDict, total=False):
    configuration: ConfigurationDocument
    variables: dict[str, VariableDocument]
    resource_changes: list[ResourceChangeDocument]
    resource_drift: list[ResourceChangeDocument]
    output_changes: dict[str, AttributesDocument]
    planned_values: ValuesDocument
    prior_state: StateDocument


class PositionDocument(TypedDict, total=False):
    line: int


class RangeDocument(TypedDict, total=False):
    filename: str
    start: PositionDocument


class SnippetDocument(TypedDict, total=False):
    code: str


class DiagnosticDocument(TypedDict, total=False):
    severity: str
    summary: str
    detail: str
    address: str
    range: RangeDocument | None
    snippet: SnippetDocument | None


class ValidationDocument(TypedDict, total=False):
    valid: bool
    error_count: int
    warning_count: int
    diagnostics: list[DiagnosticDocument]


class VersionDocument(TypedDict, total=False):
    terraform_version: str
    platform: str
    provider_selections: dict[str, str]


class HookResourceDocument(TypedDict, total=False):
    addr: str


class HookDocument(TypedDict, total=False):
    action: str
    resource: HookResourceDocument | None


class Event(TypedDict, total=False):
    """One line of a run."""

    type: str
    hook: HookDocument | None
    diagnostic: DiagnosticDocument
