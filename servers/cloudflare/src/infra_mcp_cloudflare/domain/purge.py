"""What is to be purged from the cache of a zone."""

from dataclasses import dataclass

from infra_mcp_common.errors import InvalidInput


@dataclass(frozen=True)
class Purge:
    """Everything, or the named things of one kind. kind: everything, files, hosts, prefixes or tags."""

    kind: str
    names: tuple[str, ...] = ()

    @classmethod
    def of(cls, *, everything: bool, **kinds: list[str] | None) -> "Purge":
        """From the arguments of a call; InvalidInput unless exactly one of them is given."""
        chosen = [cls(kind, tuple(names)) for kind, names in kinds.items() if names]
        if everything:
            chosen.append(cls("everything"))
        if len(chosen) != 1:
            raise InvalidInput(
                "What to purge must be given in exactly one way.", "Give files, or hosts, or everything: true."
            )
        return chosen[0]
