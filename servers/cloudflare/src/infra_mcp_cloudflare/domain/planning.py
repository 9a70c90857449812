"""A declared set of records against those that are there: what to delete, change and create, and nothing else."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Literal, TypeVar

from infra_mcp_cloudflare.domain import coexistence, values
from infra_mcp_cloudflare.domain.changes import difference
from infra_mcp_cloudflare.domain.plan import Plan, Update
from infra_mcp_cloudflare.domain.record import DnsRecord, RecordBody
from infra_mcp_common.errors import Conflict, InvalidInput

Others = Literal["keep", "replace", "delete"]
_Match = tuple[DnsRecord, RecordBody]
_Body = TypeVar("_Body", bound=RecordBody)


def make(zone: str, present: list[DnsRecord], declared: list[RecordBody], others: Others) -> Plan:
    """The plan that makes `declared` true.

    others: what becomes of records that are not declared. keep: all stay. replace: those with the name and type of a
    declared one go, and those that can't stand beside one. delete: all go, but for the zone's own NS records.
    """
    _refuse_duplicates(declared)
    matches, missing, rest = _match(present, declared)
    deletes: list[DnsRecord] = []
    if others != "keep":
        pairs, missing, rest = _pair(rest, missing, declared)
        matches += pairs
        deletes = [record for record in rest if _goes(record, zone, declared, others)]
    plan = _plan(deletes, matches, missing)
    _check_coexistence(zone, present, plan)
    return plan


def _plan(deletes: list[DnsRecord], matches: list[_Match], missing: list[RecordBody]) -> Plan:
    updates = [Update(found, difference(found, wanted)) for found, wanted in matches]
    changing = tuple(update for update in updates if update.changes.as_json())
    return Plan(
        tuple(deletes),
        changing,
        tuple(body.without_empty() for body in missing),
        unchanged=len(updates) - len(changing),
    )


def _match(
    present: list[DnsRecord], declared: list[RecordBody]
) -> tuple[list[_Match], list[RecordBody], list[DnsRecord]]:
    """The declared records that are there, those that are missing, and what else is there."""
    rest = {values.key(record): record for record in present}
    matches, missing = [], []
    for wanted in declared:
        found = rest.pop(values.key(wanted), None)
        if found is None:
            missing.append(wanted)
        else:
            matches.append((found, wanted))
    return matches, missing, list(rest.values())


def _pair(
    rest: list[DnsRecord], missing: list[RecordBody], declared: list[RecordBody]
) -> tuple[list[_Match], list[RecordBody], list[DnsRecord]]:
    """Pair the one record of a name and type with the one wanted there; then as `_match`."""
    rest_by_set, declared_by_set = _by_set(rest), _by_set(declared)
    pairs: list[_Match] = []
    creates: list[RecordBody] = []
    for name_and_type, wanted in _by_set(missing).items():
        there = rest_by_set.get(name_and_type, [])
        if len(wanted) == len(there) == len(declared_by_set[name_and_type]) == 1:
            pairs.append((there[0], wanted[0]))
            del rest_by_set[name_and_type]
        else:
            creates += wanted
    return pairs, creates, [record for records in rest_by_set.values() for record in records]


def _goes(record: DnsRecord, zone: str, declared: list[RecordBody], others: Others) -> bool:
    in_declared_set = any((record.name, record.type) == (other.name, other.type) for other in declared)
    if record.type == "NS" and record.name == zone:
        return in_declared_set
    return in_declared_set or others == "delete" or bool(coexistence.conflicts(record, declared, zone))


def _by_set(records: Iterable[_Body]) -> dict[tuple[str, str], list[_Body]]:
    sets: dict[tuple[str, str], list[_Body]] = defaultdict(list)
    for record in records:
        sets[record.name, record.type].append(record)
    return dict(sets)


def _refuse_duplicates(declared: list[RecordBody]) -> None:
    seen = set()
    for record in declared:
        key = values.key(record)
        if key in seen:
            raise InvalidInput(f"{record.type} {record.name} is declared twice.", "Leave one of the two out.")
        seen.add(key)


def _check_coexistence(zone: str, present: list[DnsRecord], plan: Plan) -> None:
    gone = {record.id for record in plan.deletes} | {update.before.id for update in plan.updates}
    after: list[RecordBody] = [record for record in present if record.id not in gone]
    after += [update.after for update in plan.updates]
    by_name = defaultdict(list)
    for record in (*after, *plan.creates):
        by_name[record.name].append(record)
    for new in plan.creates:
        clash = [other for other in coexistence.conflicts(new, by_name[new.name], zone) if other is not new]
        if clash:
            raise Conflict(
                f"{new.type} {new.name} can't stand beside {clash[0].type} {clash[0].name}.",
                "Delete that one, or declare others: replace.",
            )
