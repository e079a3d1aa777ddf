"""Telling people what concerns them: the kinds of messages, writing one, and remembering who has read it.

A message is a row for each holder, written in the business commit. That is all that a command does: whether it also
goes out by mail or to a robot is settled after the commit by :mod:`engine.deliveries`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, false, func, insert, literal, or_, select, tuple_, update

from engine.addressed import addressed_to, once, scopes
from engine.database import Transaction
from engine.errors import N_, EngineError
from engine.model.base import new_id
from engine.model.notification import MutedCase, MutedKind, Notification, NotificationRead, ReadingMark
from engine.model.process import ProcessInstance
from engine.people.actor import Actor, account_holder


class Outside(StrEnum):
    """When a message also leaves the platform."""

    #: At once, or as soon as the quiet hours are over.
    NOW = "now"
    #: With the others of the day, in one mail.
    DIGEST = "digest"
    #: Never.
    OFF = "off"


class Kind(NamedTuple):
    """A kind of message: what people call it, what is said of it outside, when it goes out unless its reader chose."""

    name: str
    #: Said in mails and group chats instead of the message, which may hold personal data.
    outside: str
    default: Outside
    #: Whether the bell shows it. The list of tasks shows the others already.
    in_bell: bool = True
    #: Whether its reader has to act. Such messages can't be muted.
    asks: bool = False


KINDS: Mapping[str, Kind] = {
    "task": Kind(N_("新待办"), N_("有新的待办"), Outside.DIGEST, in_bell=False),
    "due": Kind(N_("临近期限"), N_("待办临近期限"), Outside.DIGEST, in_bell=False),
    "overdue": Kind(N_("逾期"), N_("待办已逾期"), Outside.NOW, in_bell=False),
    "assigned": Kind(N_("转办"), N_("收到转办的待办"), Outside.NOW, asks=True),
    "transferred": Kind(N_("移交"), N_("有事项移交其他单位"), Outside.NOW, asks=True),
    "consulted": Kind(N_("会签和征求意见"), N_("请会签或者提出意见"), Outside.NOW, asks=True),
    "answered": Kind(N_("意见答复"), N_("征求的意见有了答复"), Outside.DIGEST),
    "returned": Kind(N_("退回和撤回"), N_("事项被退回或者撤回"), Outside.NOW, asks=True),
    "joined": Kind(N_("并案和拆分"), N_("事项并案或者拆分"), Outside.NOW),
    "urged": Kind(N_("催办"), N_("收到催办"), Outside.NOW, asks=True),
    "complained": Kind(N_("投诉办理缓慢"), N_("申请人投诉办理缓慢"), Outside.NOW, asks=True),
    "extension": Kind(N_("延期"), N_("有延期申请或者延期答复"), Outside.NOW, asks=True),
    "mentioned": Kind(N_("评论提及"), N_("有评论提及本人"), Outside.NOW),
    "watched": Kind(N_("关注的事项"), N_("关注的事项有了进展"), Outside.DIGEST),
    "substitution": Kind(N_("委托代理"), N_("委托代理有变动"), Outside.NOW),
    "process": Kind(N_("流程通知"), N_("事项有了新的通知"), Outside.NOW),
}

#: The bell does not count what is older, so that a post that nobody looks after costs no more than any other.
SHOWN_FOR = timedelta(days=90)
#: A message may become visible so long after the moment that it bears: the longest that a transaction lasts.
_LONGEST_TRANSACTION = timedelta(minutes=10)
#: How many days messages are kept, unless the environment says otherwise.
KEEP = "WUJI_KEEP_MESSAGES"
_USUALLY_KEPT = "180"
_MOST_DAYS = 36_500
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_IN_BELL = sorted(name for name, kind in KINDS.items() if kind.in_bell)
#: Kinds of which somebody may say not to be reminded.
MUTABLE = [name for name, kind in KINDS.items() if kind.in_bell and not kind.asks]


def tell(
    tx: Transaction,
    kind: str,
    holders: Iterable[str],
    instance: ProcessInstance | None,
    template: str,
    params: Mapping[str, Any] | None = None,
    element_id: str | None = None,
    task_id: UUID | None = None,
) -> UUID:
    """Tell holders something about a case (None: about no case); the id of the message.

    Args:
        kind: a key of ``KINDS``.
        holders: ``position@unit``, ``account:…`` or ``receipt:…``; who acts is not told by the own account.
        template: a sentence marked with ``N_``; its placeholders come from ``params``: texts, numbers, days, moments.
        element_id: the step that it is about.
        task_id: the task to which the reader is led, as long as it waits.

    Raises KeyError for a kind that does not exist.
    """
    KINDS[kind]
    id, said = new_id(), {name: _plain(value) for name, value in (params or {}).items()}
    for holder in sorted(set(holders) - _oneself(tx.actor)):
        tx.add(
            Notification(
                id=id,
                holder=holder,
                kind=kind,
                instance_id=instance.id if instance is not None else None,
                element_id=element_id or "",
                task_id=task_id,
                text=template,
                params=said,
                created_at=tx.now,
            )
        )
    return id


def _plain(value: Any) -> Any:
    """A parameter as JSON; moments and days keep their kind, so that each reader gets them in the own language."""
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    return {"day": value.isoformat()} if isinstance(value, date) else value


def _oneself(actor: Actor) -> set[str]:
    return {account_holder(actor.account_id)} if actor.account_id is not None else set()


def of(actor: Actor) -> ColumnElement[bool]:
    """The condition that a message is one for the bell of the actor; what comes by post and by name counts once."""
    return and_(addressed_to(actor), Notification.kind.in_(_IN_BELL), once(actor))


def unread(actor: Actor, since: datetime) -> ColumnElement[bool]:
    """The condition that a message is unread by the actor's account; those before ``since`` or muted do not count."""
    new = [and_(concerns, Notification.created_at > _mark(actor, holder, since))
           for holder, concerns in scopes(actor).items()]  # fmt: skip
    return and_(or_(false(), *new), Notification.read_at.is_(None), ~has_read(actor), ~_is_muted(actor))


def _is_muted(actor: Actor) -> ColumnElement[bool]:
    kind = select(literal(1)).where(MutedKind.account_id == actor.account_id, MutedKind.kind == Notification.kind)
    case = select(literal(1)).where(
        MutedCase.account_id == actor.account_id, MutedCase.instance_id == Notification.instance_id
    )
    return and_(Notification.kind.in_(MUTABLE), or_(kind.exists(), case.exists()))


def has_read(actor: Actor) -> ColumnElement[bool]:
    """The condition that the actor's account has read a message."""
    return (
        select(literal(1))
        .where(
            NotificationRead.notification_id == Notification.id,
            NotificationRead.holder == Notification.holder,
            NotificationRead.account_id == actor.account_id,
        )
        .exists()
    )


def _mark(actor: Actor, holder: str, since: datetime) -> ColumnElement[datetime]:
    mark = select(ReadingMark.until).where(ReadingMark.account_id == actor.account_id, ReadingMark.holder == holder)
    return func.coalesce(mark.where(ReadingMark.until > since).scalar_subquery(), since, type_=ReadingMark.until.type)


def kept_for(environ: Mapping[str, str] = os.environ) -> timedelta:
    """How long messages are kept. Raises EngineError when ``WUJI_KEEP_MESSAGES`` is no number of days from 1 on."""
    text = environ.get(KEEP, "").strip() or _USUALLY_KEPT
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= _MOST_DAYS):
        raise EngineError(N_("WUJI_KEEP_MESSAGES 应当是 1 到 36500 之间的天数，现在是“{text}”。"), text=text)
    return timedelta(days=int(text))


def forget_old(tx: Transaction, kept: timedelta, most: int = 1_000) -> int:
    """Delete messages older than ``kept``, unread ones only when twice as old; how many, at most ``most``.

    What a diagram told an applicant stays as long as the case: it is part of the answer.
    """
    at = Notification.created_at
    to_applicants = or_(
        Notification.holder.startswith("receipt:"),
        and_(Notification.holder.startswith("account:"), Notification.kind == "process"),
    )
    old = and_(at < tx.now - kept, or_(at < tx.now - 2 * kept, _is_read_by_anybody()), ~to_applicants)
    key = tuple_(Notification.id, Notification.holder)
    found = select(Notification.id, Notification.holder).where(old).order_by(at).limit(most)
    rows = [(row.id, row.holder) for row in tx.session.execute(found)]
    if rows:
        tx.session.execute(delete(Notification).where(key.in_(rows)))
    return len(rows)


def _is_read_by_anybody() -> ColumnElement[bool]:
    one = select(literal(1)).where(
        NotificationRead.notification_id == Notification.id, NotificationRead.holder == Notification.holder
    )
    all_up_to = select(literal(1)).where(
        ReadingMark.holder == Notification.holder, ReadingMark.until >= Notification.created_at
    )
    return or_(Notification.read_at.is_not(None), one.exists(), all_up_to.exists())


def mark_read(tx: Transaction, instance_id: UUID, kind: str = "") -> None:
    """Remember that the actor has now seen the messages of a case, or those of one kind: what it asked is done."""
    of_kind = [Notification.kind == kind] if kind else []
    _mark_read(tx, and_(Notification.instance_id == instance_id, *of_kind))


def mark_one_read(tx: Transaction, notification_id: UUID) -> None:
    """Remember that the actor has now seen one message."""
    _mark_read(tx, Notification.id == notification_id)


def mark_all_read(tx: Transaction) -> None:
    """Remember that the actor has seen every message to the acting post, to the own account, and for others."""
    _mark_read(tx, Notification.created_at <= tx.now)


def _mark_read(tx: Transaction, which: ColumnElement[bool]) -> None:
    """A person's reading is the own; whoever shows a receipt is the only reader of what is sent to it."""
    mine = Notification.holder.in_(sorted(tx.actor.holders))
    if tx.actor.account_id is None:
        change = update(Notification).where(which, mine, Notification.read_at.is_(None))
        tx.session.execute(change.values(read_at=tx.now))
        return
    tx.hold(f"reading {tx.actor.account_id}")  # two windows of one person, which may press at the same time
    tx.session.flush()
    found = select(
        Notification.id,
        Notification.holder,
        literal(tx.actor.account_id, NotificationRead.account_id.type),
        literal(tx.now, NotificationRead.read_at.type),
    ).where(which, unread(tx.actor, _LONG_AGO))
    columns = ["notification_id", "holder", "account_id", "read_at"]
    tx.session.execute(insert(NotificationRead).from_select(columns, found))
    _move_marks(tx, tx.actor.account_id)


def _move_marks(tx: Transaction, account_id: UUID) -> None:
    """All before the oldest unread message is read; what is being written just now may bear an earlier moment."""
    query = select(Notification.holder, func.min(Notification.created_at)).where(unread(tx.actor, _LONG_AGO))
    in_bell = query.where(Notification.kind.in_(_IN_BELL)).group_by(Notification.holder)
    oldest: dict[str, datetime] = {row[0]: row[1] for row in tx.session.execute(in_bell)}
    latest = tx.now - _LONGEST_TRANSACTION
    for holder in sorted(tx.actor.holders):
        until = min(oldest.get(holder, latest) - timedelta(microseconds=1), latest)
        mark = tx.session.get(ReadingMark, (account_id, holder))
        if mark is None:
            tx.add(ReadingMark(account_id=account_id, holder=holder, until=until))
        else:
            mark.until = max(mark.until, until)
