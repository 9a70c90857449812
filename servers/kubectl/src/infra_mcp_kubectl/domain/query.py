"""Which objects of a kind a call asks for."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Query:
    """Objects of a kind, by name or by selector; all of them where neither is given."""

    kind: str
    names: tuple[str, ...] = ()
    selector: str = ""
    field_selector: str = ""
