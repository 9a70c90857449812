"""The way from the records of a zone as they are to those that are wanted."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace

from infra_mcp_cloudflare.domain.record import DnsRecord, RecordBody, RecordChanges

_OPERATION_LIMIT = 200


@dataclass(frozen=True)
class Update:
    """A record as it is, and what is to change of it."""

    before: DnsRecord
    changes: RecordChanges

    @property
    def after(self) -> DnsRecord:
        return self.before.with_fields(self.changes)


@dataclass(frozen=True)
class Operations:
    """What is done to the records of a zone. Deletes come first, so that nothing is in the way of what follows."""

    deletes: tuple[DnsRecord, ...] = ()
    updates: tuple[Update, ...] = ()
    creates: tuple[RecordBody, ...] = ()


@dataclass(frozen=True)
class Plan(Operations):
    """All that is to be done. unchanged: wanted records that are there already."""

    unchanged: int = 0

    @property
    def size(self) -> int:
        return len(self.deletes) + len(self.updates) + len(self.creates)

    @property
    def digest(self) -> str:
        """Names this very plan: it changes with anything that would be done, or that is there now."""
        told = [
            [asdict(record) for record in self.deletes],
            [[asdict(update.before), update.changes.as_json()] for update in self.updates],
            [body.as_json() for body in self.creates],
        ]
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]

    def affected(self) -> Iterator[RecordBody]:
        """Every record as it is before or after."""
        yield from self.deletes
        yield from self.creates
        for update in self.updates:
            yield update.before
            yield update.after

    def batches(self) -> list[Operations]:
        """The operations in batches of at most 200, each a transaction of its own."""
        return [self._part(start, start + _OPERATION_LIMIT) for start in range(0, self.size, _OPERATION_LIMIT)]

    def additions_only(self) -> "Plan":
        """The plan without its updates: what is there already stays as it is."""
        return replace(self, updates=(), unchanged=self.unchanged + len(self.updates))

    def _part(self, start: int, end: int) -> Operations:
        first_update = len(self.deletes)
        first_create = first_update + len(self.updates)
        return Operations(
            self.deletes[start:end],
            self.updates[max(start - first_update, 0) : max(end - first_update, 0)],
            self.creates[max(start - first_create, 0) : max(end - first_create, 0)],
        )
