"""A declared set of records against those that are there: what to delete, change and create, and nothing else."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from infra_mcp_cloudflare.domain import coexistence, values
from infra_mcp_cloudflare.domain.changes import difference
from infra_mcp_common.errors import Conflict, InvalidInput

Record = dict[str, Any]
Others = Literal["keep", "replace", "delete"]
_OPERATION_LIMIT = 200


@dataclass(frozen=True)
class Update:
    """A record as it is, and what is to change of it."""

    before: Record
    changes: Record


@dataclass
class Plan:
    """The way from one state to the other. Deletes come first, so that nothing is in the way of what follows."""

    deletes: list[Record] = field(default_factory=list)
    updates: list[Update] = field(default_factory=list)
    creates: list[Record] = field(default_factory=list)
    unchanged: int = 0

    @property
    def size(self) -> int:
        return len(self.deletes) + len(self.updates) + len(self.creates)

    @property
    def digest(self) -> str:
        """Names this very plan: it changes with anything that would be done, or that is there now."""
        told = [self.deletes, [[update.before, update.changes] for update in self.updates], self.creates]
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]

    def touched(self) -> Iterator[Record]:
        """Every record as it is before or after."""
        yield from self.deletes
        yield from self.creates
        for update in self.updates:
            yield update.before
            yield {**update.before, **update.changes}

    def batches(self) -> list[dict[str, list[Record]]]:
        """The operations in batches of at most 200, each a transaction of its own."""
        steps = [("deletes", {"id": record["id"]}) for record in self.deletes]
        steps += [("patches", {"id": update.before["id"], **update.changes}) for update in self.updates]
        steps += [("posts", record) for record in self.creates]
        return [_batch(steps[at : at + _OPERATION_LIMIT]) for at in range(0, len(steps), _OPERATION_LIMIT)]


def _batch(steps: list[tuple[str, Record]]) -> dict[str, list[Record]]:
    batch: dict[str, list[Record]] = defaultdict(list)
    for kind, operation in steps:
        batch[kind].append(operation)
    return dict(batch)


def make(zone: str, present: list[Record], declared: list[Record], others: Others) -> Plan:
    """The plan that makes `declared` true.

    others: what becomes of records that are not declared. keep: all stay. replace: those with the name and type of a
    declared one go, and those that can't stand beside one. delete: all go, but for the zone's own NS records.
    """
    _refuse_twins(declared)
    plan = Plan()
    left = {values.key(record): record for record in present}
    missing: list[Record] = []
    for wanted in declared:
        found = left.pop(values.key(wanted), None)
        if found is None:
            missing.append(wanted)
        else:
            _update(plan, found, wanted)
    if others == "keep":
        plan.creates = missing
    else:
        rest = _pair(plan, list(left.values()), missing, declared)
        plan.deletes = [record for record in rest if _goes(record, zone, declared, others)]
    _check_neighbours(zone, present, plan)
    return plan


def _update(plan: Plan, found: Record, wanted: Record) -> None:
    changes = difference(found, wanted)
    if changes:
        plan.updates.append(Update(found, changes))
    else:
        plan.unchanged += 1


def _pair(plan: Plan, rest: list[Record], missing: list[Record], declared: list[Record]) -> list[Record]:
    """Turn the one record of a name and type into the one wanted there, create the others, return what is left."""
    rest_by_set, declared_by_set = _by_set(rest), _by_set(declared)
    for kind, wanted in _by_set(missing).items():
        there = rest_by_set.get(kind, [])
        if len(wanted) == len(there) == len(declared_by_set[kind]) == 1:
            _update(plan, there[0], wanted[0])
            del rest_by_set[kind]
        else:
            plan.creates += wanted
    return [record for records in rest_by_set.values() for record in records]


def _goes(record: Record, zone: str, declared: list[Record], others: Others) -> bool:
    in_declared_set = any((record["name"], record["type"]) == (other["name"], other["type"]) for other in declared)
    if record["type"] == "NS" and record["name"] == zone:
        return in_declared_set
    return in_declared_set or others == "delete" or bool(coexistence.conflicts(record, declared, zone))


def _by_set(records: Iterable[Record]) -> dict[tuple[str, str], list[Record]]:
    sets: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for record in records:
        sets[record["name"], record["type"]].append(record)
    return dict(sets)


def _refuse_twins(declared: list[Record]) -> None:
    seen = set()
    for record in declared:
        key = values.key(record)
        if key in seen:
            raise InvalidInput(f"{record['type']} {record['name']} is declared twice.", "Leave one of the two out.")
        seen.add(key)


def _check_neighbours(zone: str, present: list[Record], plan: Plan) -> None:
    gone = {record["id"] for record in plan.deletes} | {update.before["id"] for update in plan.updates}
    after = [record for record in present if record["id"] not in gone]
    after += [{**update.before, **update.changes} for update in plan.updates]
    by_name = defaultdict(list)
    for record in after + plan.creates:
        by_name[record["name"]].append(record)
    for new in plan.creates:
        clash = [other for other in coexistence.conflicts(new, by_name[new["name"]], zone) if other is not new]
        if clash:
            raise Conflict(
                f"{new['type']} {new['name']} can't stand beside {clash[0]['type']} {clash[0]['name']}.",
                "Delete that one, or declare others: replace.",
            )
