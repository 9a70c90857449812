"""What a configuration, a plan or a state says is sensitive, as values to learn."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from infra_mcp_terraform.domain.documents import (
    AttributesDocument,
    ConfiguredModuleDocument,
    PlanDocument,
    StateDocument,
    Value,
    VariableDocument,
)
from infra_mcp_terraform.domain.states import resources_of
from infra_mcp_terraform.domain.trees import marked

_VARIABLE = re.compile(r'^variable\s+"?([\w-]+)"?\s*\{(.*?)^\}', re.MULTILINE | re.DOTALL)
_SENSITIVE = re.compile(r"\bsensitive\s*=\s*true\b")
_DEFAULT = re.compile(r'^\s*default\s*=\s*"([^"\n]+)"', re.MULTILINE)


def sensitive_in_files(
    texts: Iterable[str], variables: Mapping[str, Value], from_environment: Callable[[str], str]
) -> Iterator[Value]:
    """Values of the variables that the root module declares sensitive, as far as they can be seen without terraform."""
    files = list(texts)
    for name, body in (match.groups() for text in files for match in _VARIABLE.finditer(text)):
        if _SENSITIVE.search(body):
            assigned = re.compile(rf'^\s*"?{re.escape(name)}"?\s*[=:]\s*"([^"\n]+)"?', re.MULTILINE)
            yield from (variables.get(name), from_environment(name))
            yield from _DEFAULT.findall(body)
            yield from (value for text in files for value in assigned.findall(text))


def sensitive_in_plan(plan: PlanDocument) -> Iterator[Value]:
    configuration = plan.get("configuration", {}).get("root_module", {})
    given = {name: variable.get("value") for name, variable in plan.get("variables", {}).items()}
    yield from (given.get(name) for name, each in configuration.get("variables", {}).items() if _is_sensitive(each))
    yield from _constants(configuration)
    for planned in (*plan.get("resource_changes", []), *plan.get("resource_drift", [])):
        yield from _of_change(planned["change"])
    for change in plan.get("output_changes", {}).values():
        yield from _of_change(change)
    yield from sensitive_in_state({"values": plan.get("planned_values")})
    yield from sensitive_in_state(plan.get("prior_state", {}))


def sensitive_in_state(state: StateDocument) -> Iterator[Value]:
    outputs = (state.get("values") or {}).get("outputs", {})
    yield from (output.get("value") for output in outputs.values() if output.get("sensitive"))
    for resource in resources_of(state):
        yield from marked(resource.get("values"), resource.get("sensitive_values"))


def _of_change(change: AttributesDocument) -> Iterator[Value]:
    yield from marked(change.get("before"), change.get("before_sensitive"))
    yield from marked(change.get("after"), change.get("after_sensitive"))


def _constants(module: ConfiguredModuleDocument) -> Iterator[Value]:
    """Literals handed to sensitive variables of modules."""
    for call in module.get("module_calls", {}).values():
        inner = call.get("module", {})
        for name, declared in inner.get("variables", {}).items():
            if _is_sensitive(declared):
                yield call.get("expressions", {}).get(name, {}).get("constant_value")
                yield declared.get("default")
        yield from _constants(inner)


def _is_sensitive(declared: VariableDocument) -> bool:
    return declared.get("sensitive") is True
