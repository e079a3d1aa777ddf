"""Starts by the clock as administrators see them: what begins, for which unit, how often, when next and when last."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from engine import people
from engine.bpmn.dates import settings_in
from engine.database import Transaction
from engine.errors import N_, EngineError, NotFound
from engine.execution import START_TIMER, TimerStart, starts
from engine.execution.timer_starts import key_of, processes
from engine.feel import FeelError
from engine.lifecycle import JobState
from engine.model.process import ProcessInstance
from engine.model.settings import StartSwitch
from engine.model.work import Job
from engine.people import Unit
from engine.queries.newest import newest_releases
from engine.queries.paging import Page, cut

#: How many past starts the page of one shows.
_RECENT = 10


@dataclass(frozen=True)
class Wish:
    """What the list is narrowed to; a unit stands for all below it."""

    search: str = ""
    process_key: str = ""
    unit_id: UUID | None = None
    off_only: bool = False
    page: int = 1


@dataclass(frozen=True)
class Past:
    """A start that has taken place, and the case that it began; None when the actor may not see that."""

    at: datetime
    case: ProcessInstance | None


@dataclass(frozen=True)
class Schedule:
    """One timer of a start event for one unit: what it comes to, or why it comes to nothing (``trouble``)."""

    start: TimerStart
    unit: Unit | None
    value: Any
    trouble: EngineError | FeelError | None
    next_at: datetime | None
    last: Past | None
    switch: StartSwitch | None

    @property
    def is_on(self) -> bool:
        """Whether it begins cases when it is due."""
        return self.switch is None or self.switch.active

    @property
    def settings(self) -> list[str]:
        """The policy settings that its time hangs on."""
        timer = self.start.node.definitions[self.start.trigger].timer
        return sorted(settings_in(timer.text)) if timer else []


def schedules(tx: Transaction, wish: Wish) -> Page[Schedule]:
    """One page of the starts that fit, by process and unit."""
    switches = _switches(tx)
    page = cut([start for start in _all(tx) if _fits(tx, wish, start, switches)], wish.page)
    return Page(_filled(tx, page.items, switches), page.number, page.total)


def process_names(tx: Transaction) -> dict[str, str]:
    """The names of the processes that start by the clock, by key."""
    return {start.release.key: start.release.bundle.name for start in _all(tx)}


def schedule(tx: Transaction, process_key: str, element_id: str, unit_id: UUID) -> list[Schedule]:
    """All timers of one start event for one unit. Raises NotFound when there are none."""
    wanted = (process_key, element_id, unit_id)
    found = [each for each in _all(tx) if (each.release.key, each.node.id, each.unit_id) == wanted]
    if not found:
        raise NotFound(N_("这个单位没有这项定期启动，流程或单位可能刚刚变更。请刷新页面。"))
    return _filled(tx, found, _switches(tx))


def recent(tx: Transaction, start: TimerStart) -> list[Past]:
    """The last starts of a start event for its unit, the newest first."""
    query = select(Job).where(
        Job.kind == START_TIMER,
        Job.type == start.release.key,
        Job.element_id == start.node.id,
        Job.payload["case"].as_string().is_not(None),
    )
    if start.by_unit:
        query = query.where(Job.payload["unit"].as_string() == str(start.unit_id))
    jobs = list(tx.session.scalars(query.order_by(Job.due_at.desc()).limit(_RECENT)))
    cases = _cases(tx, (job.payload["case"] for job in jobs))
    return [Past(job.due_at, cases.get(job.payload["case"])) for job in jobs]


def _all(tx: Transaction) -> list[TimerStart]:
    keys = processes(tx)
    releases = [release for release in newest_releases(tx) if release.key in keys]
    releases.sort(key=lambda release: (release.bundle.name, release.key))
    return [start for release in releases for start in starts(tx, release)]


def _fits(tx: Transaction, wish: Wish, start: TimerStart, switches: dict[Any, StartSwitch]) -> bool:
    unit = _unit(tx, start)
    if wish.process_key not in ("", start.release.key):
        return False
    if wish.unit_id is not None:
        above = people.org_tree(tx).unit(wish.unit_id).path
        if unit is None or not unit.path.startswith(above):
            return False
    switch = switches.get(_switch_key(start))
    if wish.off_only and (switch is None or switch.active):
        return False
    text = f"{start.release.bundle.name} {start.node.name} {unit.name if unit else ''}".lower()
    return all(word.lower() in text for word in wish.search.split())


def _filled(tx: Transaction, found: list[TimerStart], switches: dict[Any, StartSwitch]) -> list[Schedule]:
    keys = {start.release.key for start in found}
    due, past = _due(tx, keys), _past(tx, keys)
    cases = _cases(tx, (case for _, case in past.values()))
    shown = []
    for start in found:
        process, (element, _, unit) = start.release.key, start.key
        value, trouble = _value(tx, start)
        at, case = past.get((process, element, unit), (None, ""))
        last = Past(at, cases.get(case)) if at else None
        next_at = due.get((process, *start.key))
        switch = switches.get(_switch_key(start))
        shown.append(Schedule(start, _unit(tx, start), value, trouble, next_at, last, switch))
    return shown


def _value(tx: Transaction, start: TimerStart) -> tuple[Any, EngineError | FeelError | None]:
    try:
        return start.value(tx), None
    except (EngineError, FeelError) as error:
        return None, error


def _unit(tx: Transaction, start: TimerStart) -> Unit | None:
    return people.org_tree(tx).unit(start.unit_id) if start.unit_id else None


def _due(tx: Transaction, keys: Collection[str]) -> dict[Any, datetime]:
    query = select(Job).where(Job.kind == START_TIMER, Job.state == JobState.DUE, Job.type.in_(keys))
    return {(job.type, *key_of(job)): job.due_at for job in tx.session.scalars(query)}


def _past(tx: Transaction, keys: Collection[str]) -> dict[Any, tuple[datetime, str]]:
    """When each start event began its last case for a unit, and the id of that case."""
    unit, case = Job.payload["unit"].as_string(), Job.payload["case"].as_string()
    order = func.row_number().over(partition_by=(Job.type, Job.element_id, unit), order_by=Job.due_at.desc())
    numbered = select(
        Job.type, Job.element_id, unit.label("unit"), case.label("case"), Job.due_at, order.label("number")
    )
    query = numbered.where(Job.kind == START_TIMER, Job.type.in_(keys), case.is_not(None)).subquery()
    rows = tx.session.execute(select(query).where(query.c.number == 1))
    return {(row.type, row.element_id, row.unit): (row.due_at, row.case) for row in rows}


def _cases(tx: Transaction, ids: Iterable[str]) -> dict[str, ProcessInstance]:
    wanted = [UUID(id) for id in ids]
    query = select(ProcessInstance).where(ProcessInstance.id.in_(wanted), people.visible_to(tx.actor))
    return {str(case.id): case for case in tx.session.scalars(query)}


def _switches(tx: Transaction) -> dict[Any, StartSwitch]:
    return {(row.process_key, row.element_id, row.unit_id): row for row in tx.session.scalars(select(StartSwitch))}


def _switch_key(start: TimerStart) -> tuple[str, str, UUID | None]:
    return start.release.key, start.node.id, start.unit_id
