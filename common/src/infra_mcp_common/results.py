"""The shape of answers: one object each, small, with the count of what was left out and how to get it."""

from collections.abc import Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, Field, SerializerFunctionWrapHandler, model_serializer

from infra_mcp_common.errors import InvalidInput

T = TypeVar("T")


class Result(BaseModel):
    """Base of everything a tool returns. A field with the default None is left out while it is None; a field without
    a default is always said, so `exit_status: int | None` appears as null where there was none.
    """

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        # Pydantic only warns of it, and the call would break after it has done its work.
        if "failed" in cls.model_fields:
            raise TypeError(f"{cls.__name__} hides failed() behind a field of that name: name the field otherwise")

    def failed(self) -> bool:
        """Whether this answer must be marked as an error although it carries data."""
        return False

    @model_serializer(mode="wrap")
    def _without_empty_fields(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        said: dict[str, Any] = handler(self)
        optional = {name for name, field in type(self).model_fields.items() if _is_optional(field)}
        return {name: value for name, value in said.items() if value is not None or name not in optional}


def _is_optional(field: Any) -> bool:
    return field.default is None and not field.is_required()


class Page(Result):
    """Which part of a list this is. next_offset: pass it as `offset` for the next part; absent at the end."""

    total: int
    offset: int
    next_offset: int | None = None


def page(items: Sequence[T], offset: int, limit: int) -> tuple[list[T], Page]:
    """The part of `items` from `offset`, at most `limit` long, and where it lies in the whole."""
    if offset > len(items):
        raise InvalidInput(f"offset {offset} is past the end: there are {len(items)}.", "Start again at offset 0.")
    part = list(items[offset : offset + limit])
    following = offset + len(part)
    return part, Page(total=len(items), offset=offset, next_offset=following if following < len(items) else None)


class Output(Result):
    """What a stream carried, small enough to answer with."""

    text: str = Field(description="Head and tail of the output, decoded")
    bytes: int = Field(description="Size of the whole output")
    encoding: str | None = Field(None, description="base64 where the output is not text")
    omitted_bytes: int | None = Field(None, description="Size of the part left out in the middle")
    output_id: str | None = Field(None, description="Pass to read_output for the rest")
    lost_bytes: int | None = Field(None, description="Size of the part that was too much to keep anywhere")
