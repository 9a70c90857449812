"""Arguments before a tool sees them: unknown names refused, wrong values named but never repeated.

The SDK drops unknown arguments silently, repeats rejected values in its errors, and parses a string that looks like
JSON even where the parameter wants text; all three are mended here.
"""

import difflib
from typing import Any, get_args

from mcp.server.mcpserver.utilities.func_metadata import FuncMetadata
from pydantic import TypeAdapter, ValidationError

from infra_mcp_common.errors import InvalidInput
from infra_mcp_common.text.redaction import MASK
from infra_mcp_common.tool_calls.confirmation import CONFIRMED_SCHEMA
from infra_mcp_common.tool_calls.schemas import tidy


class Arguments(FuncMetadata):
    """A tool's argument model, and the schema of what it answers."""

    @classmethod
    def of(cls, base: FuncMetadata, answer: Any) -> "Arguments":
        schema = {"type": "object"} | tidy(TypeAdapter(answer).json_schema(mode="validation"))
        return cls(arg_model=base.arg_model, output_schema=schema)

    def schema_of_arguments(self, *, gated: bool) -> dict[str, Any]:
        schema: dict[str, Any] = tidy(self.arg_model.model_json_schema(by_alias=True))
        if gated:
            schema["properties"] = {**schema.get("properties", {}), "confirmed": CONFIRMED_SCHEMA}
        return schema | {"additionalProperties": False}

    def pre_parse_json(self, data: dict[str, Any]) -> dict[str, Any]:
        """Parse JSON in strings only where the parameter takes no string: a manifest in JSON is a text."""
        fields = self.arg_model.model_fields
        texts = {name for name in data if name in fields and str in _alternatives(fields[name].annotation)}
        parsed = super().pre_parse_json({name: value for name, value in data.items() if name not in texts})
        return {name: data[name] if name in texts else parsed[name] for name in data}


def _alternatives(annotation: Any) -> tuple[Any, ...]:
    return (annotation, *get_args(annotation))


def check(tool: str, arguments: dict[str, Any], schema: dict[str, Any]) -> None:
    """Refuse names the tool does not take, and texts that carry the mark of a redacted secret."""
    known = list(schema.get("properties", {}))
    for name in arguments:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            hint = f"Did you mean {near[0]}? " if near else ""
            raise InvalidInput(
                f"{tool} takes no argument {name[:64]!r}.", f"{hint}It takes: {', '.join(known) or 'none'}."
            )
    for name, value in arguments.items():
        if MASK in str(value):
            raise InvalidInput(
                f"{name} contains {MASK}, which stands for a secret that was masked in an earlier answer.",
                "Leave that part as it is on the other side instead of writing the mask back.",
            )


def explain(tool: str, error: ValidationError) -> InvalidInput:
    """What was wrong with the arguments, by name; the values stay unsaid, they may be secrets."""
    problems = [
        f"{'.'.join(map(str, item['loc'])) or 'arguments'}: {item['msg'].removeprefix('Value error, ')}"
        for item in error.errors(include_url=False, include_input=False, include_context=False)[:5]
    ]
    return InvalidInput(
        f"{tool} was called with wrong arguments: {'; '.join(problems)}.", "Correct them and try again."
    )
