"""JSON schemas as clients want them: without generated titles, without null beside optional arguments."""

from typing import Any

_MAPS_OF_SCHEMAS = ("properties", "$defs")


def tidy(schema: Any) -> Any:
    """The schema without what only costs bytes: titles made from names, `null` beside a default of null."""
    if isinstance(schema, list):
        return [tidy(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: value for key, value in schema.items() if not (key == "title" and isinstance(value, str))}
    return _without_null(
        {
            key: {name: tidy(inner) for name, inner in value.items()} if key in _MAPS_OF_SCHEMAS else tidy(value)
            for key, value in kept.items()
        }
    )


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    choices = schema.get("anyOf")
    if not choices or {"type": "null"} not in choices or schema.get("default", ...) is not None:
        return schema
    rest = {key: value for key, value in schema.items() if key not in ("anyOf", "default")}
    left = [choice for choice in choices if choice != {"type": "null"}]
    return {**left[0], **rest} if len(left) == 1 else {"anyOf": left, **rest}
