"""The notice board, for everybody; and for officials, who objected to what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from engine import people
from engine.database import Transaction
from engine.errors import N_, NotAuthorized, NotFound
from engine.lifecycle import NoticeState
from engine.model.notice import Notice, Objection
from engine.model.people import Level
from engine.model.process import ProcessInstance
from engine.people import Actor, Unit
from engine.queries.paging import Page, fetch

#: Who reads what people objected, if the case is visible: the posts that look after cases. Others only read the board.
_READERS = ("personal_data.unmask", "case.view_below", "case.view_all")


@dataclass(frozen=True)
class Wish:
    """What the board is narrowed to. ``unit`` is the code of a unit; what is below it counts, too."""

    search: str = ""
    unit: str = ""
    kind: str = ""
    state: NoticeState | None = None
    page: int = 1


@dataclass(frozen=True)
class Posted:
    """A notice as it stands now; ``objections`` is None where nobody may object."""

    notice: Notice
    unit: str
    state: NoticeState
    objections: int | None

    @property
    def takes_objections(self) -> bool:
        """Whether anybody may object now."""
        return self.notice.takes_objections and self.state is NoticeState.OPEN


def board(tx: Transaction, wish: Wish) -> Page[Posted]:
    """One page of the board: what is open first, each part with the newest first."""
    open_first = case((_is(tx, NoticeState.OPEN), 0), else_=1)
    query = _notices().where(*_narrowed(tx, wish))
    page = fetch(tx, query.order_by(open_first, Notice.published_at.desc(), Notice.number.desc()), wish.page)
    return Page([_posted(tx, row) for row in page.items], page.number, page.total, page.size)


def newest(tx: Transaction, most: int) -> list[Posted]:
    """The newest of the open notices."""
    query = _notices().where(_is(tx, NoticeState.OPEN)).order_by(Notice.published_at.desc(), Notice.number.desc())
    return [_posted(tx, row) for row in tx.session.execute(query.limit(most))]


def of_case(tx: Transaction, instance: ProcessInstance) -> list[Posted]:
    """The notices of a case, the oldest first."""
    query = _notices().where(Notice.instance_id == instance.id)
    return [_posted(tx, row) for row in tx.session.execute(query.order_by(Notice.number))]


def notice(tx: Transaction, number: str) -> Posted:
    """One notice, whatever came of it. Raises NotFound."""
    row = tx.session.execute(_notices().where(Notice.number == number)).one_or_none()
    if row is None:
        raise NotFound(N_("没有编号是“{number}”的公示，请核对编号。"), number=number)
    return _posted(tx, row)


def replies(tx: Transaction, posted: Posted) -> Sequence[Objection]:
    """The objections to a notice in their order; the board shows their numbers, times and replies only."""
    query = select(Objection).where(Objection.notice_id == posted.notice.id)
    return tx.session.scalars(query.order_by(Objection.seq)).all()


def reads_objections(actor: Actor) -> bool:
    """Whether the acting post reads what people objected to the notices of the cases that it sees."""
    return any(actor.may(permission) for permission in _READERS)


def case_behind(tx: Transaction, posted: Posted) -> ProcessInstance | None:
    """The case that published a notice, if the actor may see it and what people objected."""
    if not reads_objections(tx.actor):
        return None
    visible = people.visible_to(tx.actor)
    query = select(ProcessInstance).where(ProcessInstance.id == posted.notice.instance_id, visible)
    return tx.session.scalars(query).one_or_none()


def objections(tx: Transaction, number: str) -> tuple[Posted, ProcessInstance, Sequence[Objection]]:
    """A notice, its case, and what people objected, with names and telephones. Raises NotFound, NotAuthorized."""
    posted = notice(tx, number)
    instance = case_behind(tx, posted)
    if instance is None:
        raise NotAuthorized(N_("当前岗位不能查看这项公示的异议。公示的办理结果可以在公示页查看。"))
    return posted, instance, replies(tx, posted)


def places(tx: Transaction) -> list[Unit]:
    """The units to choose from: subdistricts, each with its communities."""
    return [unit for unit in people.org_tree(tx) if unit.level in (Level.SUBDISTRICT, Level.COMMUNITY)]


def _notices() -> Select[Any]:
    count = select(func.count()).where(Objection.notice_id == Notice.id).scalar_subquery()
    return select(Notice, count)


def _posted(tx: Transaction, row: Any) -> Posted:
    found, count = row
    unit = people.org_tree(tx).unit(found.unit_id).name if found.unit_id else ""
    return Posted(found, unit, found.state_at(tx.now), count if found.takes_objections else None)


def _narrowed(tx: Transaction, wish: Wish) -> list[ColumnElement[bool]]:
    conditions = [
        or_(Notice.title.icontains(word, autoescape=True), Notice.number.icontains(word, autoescape=True))
        for word in wish.search.split()
    ]
    unit = people.org_tree(tx).by_code(wish.unit)
    if unit is not None:
        conditions.append(Notice.unit_path.startswith(unit.path))
    if wish.kind:
        conditions.append(Notice.kind == wish.kind)
    if wish.state is not None:
        conditions.append(_is(tx, wish.state))
    return conditions


def _is(tx: Transaction, state: NoticeState) -> ColumnElement[bool]:
    """What ``Notice.state_at`` says, for the database."""
    in_time = or_(Notice.until.is_(None), Notice.until > tx.now)
    if state is NoticeState.OPEN:
        return and_(Notice.state == NoticeState.OPEN, in_time)
    if state is NoticeState.CLOSED:
        over = and_(Notice.state == NoticeState.OPEN, Notice.until <= tx.now)
        return or_(Notice.state == NoticeState.CLOSED, over)
    return Notice.state == state
