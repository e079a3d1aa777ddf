"""The agendas of meetings: what waits, what lies on the table, what was decided of late; and those of one case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select

from engine import people
from engine.database import Transaction
from engine.execution import START_TIMER, latest_release
from engine.execution.starting import starting_unit
from engine.lifecycle import AgendaState, JobState
from engine.model.agenda import AgendaItem
from engine.model.people import Level
from engine.model.process import ProcessDefinition, ProcessInstance
from engine.model.settings import StartSwitch
from engine.model.work import Job
from engine.people import OrgTree, Unit

#: For how long, and how many of the decisions of an agenda are shown.
RECENT = timedelta(days=60)
_MOST_DECIDED = 10
_MOST = 500


@dataclass(frozen=True)
class CaseLink:
    """A case to name; ``id`` is None for somebody who may not open it."""

    number: str
    title: str
    id: UUID | None


@dataclass(frozen=True)
class Line:
    """An item with its case, the unit that it comes from, and the meeting that has or had it."""

    item: AgendaItem
    case: CaseLink
    from_unit: str
    meeting: CaseLink | None
    #: The unit that holds the meeting and its kind, as in 市中街道 · 街道例会.
    agenda: str

    @property
    def opinion(self) -> str:
        """What the meeting said beside its result."""
        return str((self.item.decision or {}).get("会议意见") or "")


@dataclass
class Agenda:
    """What one unit's meetings of one kind have before them; ``next_at`` is when the next one begins, if known."""

    key: str
    name: str
    unit: Unit
    next_at: datetime | None = None
    waiting: list[Line] = field(default_factory=list)
    table: list[Line] = field(default_factory=list)
    decided: list[Line] = field(default_factory=list)


def agendas(tx: Transaction) -> list[Agenda]:
    """The agendas of the actor's unit, of those above and of those below; the own first.

    Items of confidential cases are there only for those who may see the case; for outside parties, of all cases.
    """
    if tx.actor.unit_id is None:
        return []
    tree = people.org_tree(tx)
    units = _on_the_way(tree, tree.unit(tx.actor.unit_id))
    lines = _lines(tx, AgendaItem.unit_id.in_(units) & _is_current(tx))
    keys = {line.item.meeting_key for line in lines}
    names, starts = _names(tx, keys), _next_starts(tx, keys)
    found: dict[tuple[str, UUID], Agenda] = {}
    for line in lines:
        key, unit = line.item.meeting_key, line.item.unit_id
        if (key, unit) not in found:
            found[key, unit] = Agenda(key, names.get(key, key), tree.unit(unit), starts.get((key, unit)))
        _put(found[key, unit], line)
    return sorted(found.values(), key=lambda each: (units.index(each.unit.id), each.name))


def of_case(tx: Transaction, instance: ProcessInstance) -> list[Line]:
    """The items of a case, and those that it has or had on its table as a meeting."""
    return _lines(tx, or_(AgendaItem.instance_id == instance.id, AgendaItem.meeting_id == instance.id))


def _on_the_way(tree: OrgTree, own: Unit) -> list[UUID]:
    """The unit itself, those above from the nearest up, those below from the top down."""
    above = [UUID(hex=part) for part in reversed(own.path.strip("/").split("/"))]
    return [*above, *(unit.id for unit in tree.within(own.id) if unit.id != own.id)]


def _is_current(tx: Transaction) -> Any:
    pending = AgendaItem.state.in_((AgendaState.WAITING, AgendaState.TAKEN))
    return or_(pending, and_(AgendaItem.state == AgendaState.DECIDED, AgendaItem.decided_at >= tx.now - RECENT))


def _lines(tx: Transaction, which: Any) -> list[Line]:
    tree, visible = people.org_tree(tx), people.visible_to(tx.actor)
    query = (
        select(AgendaItem, ProcessInstance, visible.label("visible"))
        .join(ProcessInstance, AgendaItem.instance_id == ProcessInstance.id)
        .where(which, visible if _is_outside(tx) else or_(visible, ProcessInstance.confidential.is_(False)))
        .order_by(AgendaItem.added_at.desc(), AgendaItem.number.desc())
        .limit(_MOST)
    )
    rows: list[Any] = list(tx.session.execute(query))[::-1]
    meetings = _meetings(tx, {item.meeting_id for item, _, _ in rows if item.meeting_id})
    names = _names(tx, {item.meeting_key for item, _, _ in rows})
    return [
        Line(
            item=item,
            case=CaseLink(case.business_key, case.title, case.id if may else None),
            from_unit=tree.unit(item.from_unit_id).name if item.from_unit_id else "",
            meeting=meetings.get(item.meeting_id),
            agenda=f"{tree.unit(item.unit_id).name} · {names.get(item.meeting_key, item.meeting_key)}",
        )
        for item, case, may in rows
    ]


def _is_outside(tx: Transaction) -> bool:
    """Whether the actor acts for an outside party, which reads of nobody else's cases."""
    unit = tx.actor.unit_id
    return unit is not None and people.org_tree(tx).unit(unit).level is Level.PARTY


def _meetings(tx: Transaction, ids: Iterable[UUID]) -> dict[UUID | None, CaseLink]:
    query = select(ProcessInstance, people.visible_to(tx.actor).label("visible")).where(ProcessInstance.id.in_(ids))
    rows: Iterable[Any] = tx.session.execute(query)
    return {row.id: CaseLink(row.business_key, row.title, row.id if may else None) for row, may in rows}


def _names(tx: Transaction, keys: Iterable[str]) -> dict[str, str]:
    query = select(ProcessDefinition.key, ProcessDefinition.name).where(ProcessDefinition.key.in_(keys))
    return {row.key: row.name for row in tx.session.execute(query.order_by(ProcessDefinition.version))}


def _put(agenda: Agenda, line: Line) -> None:
    if line.item.state is AgendaState.DECIDED:
        agenda.decided.insert(0, line)
        agenda.decided.sort(key=lambda each: each.item.decided_at or each.item.added_at, reverse=True)
        del agenda.decided[_MOST_DECIDED:]
    else:
        (agenda.waiting if line.item.state is AgendaState.WAITING else agenda.table).append(line)


def _next_starts(tx: Transaction, keys: Iterable[str]) -> dict[tuple[str, UUID | None], datetime]:
    """When the clock starts the next meeting of each kind at each unit, unless that is switched off."""
    jobs = select(Job).where(Job.kind == START_TIMER, Job.type.in_(keys), Job.state == JobState.DUE)
    switches = select(StartSwitch).where(StartSwitch.process_key.in_(keys), StartSwitch.active.is_(False))
    off = {(row.process_key, row.element_id, row.unit_id) for row in tx.session.scalars(switches)}
    units: dict[str, UUID | None] = {}
    found: dict[tuple[str, UUID | None], datetime] = {}
    for job in tx.session.scalars(jobs.order_by(Job.due_at)):
        own = job.payload.get("unit")
        if own is None and job.type not in units:
            units[job.type] = starting_unit(tx, latest_release(tx, job.type))
        unit = UUID(own) if own else units[job.type]
        if (job.type, job.element_id, unit) not in off:
            found.setdefault((job.type, unit), job.due_at)
    return found
