"""What people were told: the number at the bell, the list, and the place where something is to be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from engine.addressed import addressed_to, for_whom
from engine.database import Transaction
from engine.errors import N_, NotFound
from engine.lifecycle import UserTaskState
from engine.model.notification import MutedCase, MutedKind, Notification
from engine.model.process import ProcessInstance
from engine.model.work import TaskCandidate, UserTask
from engine.notifications import MUTABLE, SHOWN_FOR, has_read, of, unread
from engine.queries.paging import Page, fetch

#: The bell stops counting here.
MOST = 100


@dataclass(frozen=True)
class Message:
    """One message as its reader sees it."""

    id: UUID
    kind: str
    number: str | None
    instance_id: UUID | None
    text: str
    params: dict[str, Any]
    at: datetime
    is_new: bool
    #: The post in whose place the reader has it; empty for an own one.
    for_whom: str = ""

    @property
    def may_be_muted(self) -> bool:
        """Whether its reader may say not to be reminded of its case."""
        return self.instance_id is not None and self.kind in MUTABLE


@dataclass(frozen=True)
class Wish:
    """Which messages: those of a kind, only unread ones."""

    kind: str = ""
    unread_only: bool = False
    page: int = 1


def count_unread(tx: Transaction) -> int:
    """How many messages the actor has not read; counting stops at ``MOST``. Costs one statement."""
    new = select(Notification.id).where(unread(tx.actor, tx.now - SHOWN_FOR), of(tx.actor)).limit(MOST)
    return tx.session.scalar(select(func.count()).select_from(new.subquery())) or 0


def messages(tx: Transaction, wish: Wish) -> Page[Message]:
    """The messages of the actor, the newest first."""
    is_new = unread(tx.actor, tx.now - SHOWN_FOR)
    query: Any = (
        select(Notification, ProcessInstance.business_key, is_new)
        .outerjoin(ProcessInstance, ProcessInstance.id == Notification.instance_id)
        .where(of(tx.actor), *([Notification.kind == wish.kind] if wish.kind else ()))
        .where(*([is_new] if wish.unread_only else ()))
        .order_by(Notification.created_at.desc(), Notification.id.desc())
    )
    page = fetch(tx, query, wish.page)
    items = [_message(row, number, new, for_whom(tx.actor, row.holder)) for row, number, new in page.items]
    return Page(items, page.number, page.total, page.size)


def of_case(tx: Transaction, instance_id: UUID, holders: frozenset[str]) -> list[Message]:
    """What these holders were told about a case, the newest first."""
    query = select(Notification, has_read(tx.actor)).where(Notification.instance_id == instance_id)
    mine = query.where(Notification.holder.in_(sorted(holders)))
    rows = tx.session.execute(mine.order_by(Notification.created_at.desc(), Notification.id.desc()))
    return [_message(row, None, row.read_at is None and not read) for row, read in rows]


def muted_kinds(tx: Transaction) -> set[str]:
    """The kinds of messages of which the actor's account is not reminded."""
    return set(tx.session.scalars(select(MutedKind.kind).where(MutedKind.account_id == tx.actor.account_id)))


def muted_cases(tx: Transaction) -> list[ProcessInstance]:
    """The cases of which the actor's account is not reminded, the latest first."""
    mine = select(ProcessInstance).join(MutedCase).where(MutedCase.account_id == tx.actor.account_id)
    return list(tx.session.scalars(mine.order_by(MutedCase.muted_at.desc()).limit(MOST)))


def _message(row: Notification, number: str | None, is_new: bool, instead: str = "") -> Message:
    return Message(
        row.id, row.kind, number, row.instance_id, row.text, row.params, row.created_at, bool(is_new), instead
    )


@dataclass(frozen=True)
class Place:
    """Where a message leads: to a task that the reader may handle, else to the case, else nowhere."""

    task_id: UUID | None
    instance_id: UUID | None


def place_of(tx: Transaction, notification_id: UUID) -> Place:
    """Where something is to be done about a message. Raises NotFound for a message to others."""
    mine = addressed_to(tx.actor)
    row = tx.session.scalar(select(Notification).where(Notification.id == notification_id, mine).limit(1))
    if row is None:
        raise NotFound(N_("没有找到这个{thing}，可能已被删除，或者地址有误。"), thing=N_("消息"))
    return Place(_open_task(tx, row), row.instance_id)


def _open_task(tx: Transaction, row: Notification) -> UUID | None:
    actor = tx.actor
    holders = actor.holders | {each.holder for each in actor.standing_in}
    accounts = [actor.account_id, *(each.principal for each in actor.standing_in)]
    about = [UserTask.id == row.task_id] if row.task_id else [UserTask.element_id == row.element_id]
    candidate = select(TaskCandidate.task_id).where(
        TaskCandidate.task_id == UserTask.id, TaskCandidate.holder.in_(sorted(holders))
    )
    query = select(UserTask.id).where(
        UserTask.instance_id == row.instance_id,
        UserTask.state == UserTaskState.CREATED,
        or_(UserTask.assignee.in_(accounts), candidate.exists()),
        *about,
    )
    return tx.session.scalar(query.limit(1))


def holders_told(tx: Transaction, notification_id: UUID) -> set[str]:
    """The holders to whom a message was sent."""
    return set(tx.session.scalars(select(Notification.holder).where(Notification.id == notification_id)))
