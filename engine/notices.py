"""Commands on public notices: publish, object, end the period, tell the outcome, take back.

All but the objection are done by service tasks. Each locks the case that published the notice, whichever case asks:
their events stand in that case's history.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from engine import people
from engine.database import Transaction
from engine.errors import N_, InvalidState, InvalidVariables, NotFound
from engine.execution import Letter, lock_instance, mention
from engine.forms import Sentence
from engine.history import record
from engine.lifecycle import JobState, NoticeState
from engine.model.base import new_id
from engine.model.notice import Notice, Objection
from engine.model.notification import Notification
from engine.model.process import ProcessInstance
from engine.model.work import Job
from engine.numbering import next_number

PREFIX = "GS"
#: What a notice may be called.
KINDS = (N_("公示"), N_("公告"), N_("公开"))
#: The message that comes with each objection; its key is the number of the notice.
OBJECTION = "收到异议"
LONGEST_TEXT, LONGEST_NAME = 2_000, 40
_PHONE = re.compile(r"\+?[0-9](?:[ -]?[0-9]){6,14}", re.ASCII)


@dataclass(frozen=True)
class Announcement:
    """What goes on the board, for which unit; ``told`` are the holders who are reminded of each objection."""

    title: str
    text: str
    kind: str = KINDS[0]
    until: datetime | None = None
    takes_objections: bool = False
    unit_id: UUID | None = None
    told: tuple[str, ...] = ()


def publish(tx: Transaction, instance_id: UUID, element_id: str, job_id: UUID, announcement: Announcement) -> Notice:
    """Put a notice on the board, once for each job; for a second time, the notice that is there.

    Raises InvalidState when the case has ended or no longer wants it, or when the period would be over already.
    """
    instance = lock_instance(tx, instance_id)
    known = tx.session.scalars(select(Notice).where(Notice.job_id == job_id)).one_or_none()
    if known is not None:
        return known
    instance.ensure_active()
    _ensure_wanted(tx, job_id)
    until = announcement.until
    if until is not None and until <= tx.now:
        raise InvalidState(N_("公示截止时间 {until} 已经过了。请检查流程图里的 until。"), until=until.isoformat())
    notice = _notice(tx, instance, announcement)
    notice.element_id, notice.job_id = element_id, job_id
    record(tx, instance, "notice_published", element_id, _told_to_history(notice))
    return tx.add(notice)


def file_objection(tx: Transaction, number: str, text: str, name: str, phone: str) -> str:
    """Object to an open notice; the number of the objection.

    Raises NotFound, InvalidState when the notice takes no objections (any more), InvalidVariables with an error for
    each field that is missing or does not fit.
    """
    instance, notice = _locked(tx, number)
    notice.ensure_takes_objections(tx.now)
    values = {"text": _plain(text), "name": _plain(name), "phone": _plain(unicodedata.normalize("NFKC", phone))}
    errors: dict[str, list[str]] = {field: [sentence] for field, sentence in _problems(**values)}
    if errors:
        raise InvalidVariables(N_("异议没有提交，请改正后再提交。"), errors)
    last = tx.session.scalar(select(func.max(Objection.seq)).where(Objection.notice_id == notice.id)) or 0
    objection = Objection(
        id=new_id(), notice_id=notice.id, seq=last + 1, filed_at=tx.now, account_id=tx.actor.account_id, **values
    )
    own_number = notice.objection_number(objection.seq)
    tx.add(objection)
    data = {"number": notice.number, "objection": own_number, "variables": values}
    record(tx, instance, "objection_filed", notice.element_id, data, personal=values)
    mention(
        tx, Letter(OBJECTION, notice.number, {"异议编号": own_number, "异议内容": values["text"]}, instance.unit_id)
    )
    _remind(tx, notice, objection)
    return own_number


def collect(tx: Transaction, number: str) -> tuple[Notice, list[Objection]]:
    """End the period, if that has not happened yet: the notice and its objections, the first one first.

    Raises NotFound, InvalidState for a notice that was taken back.
    """
    instance, notice = _locked(tx, number)
    if notice.state is NoticeState.WITHDRAWN:
        raise InvalidState(N_("公示 {number} 已撤销，没有异议要收。"), number=notice.number)
    query = select(Objection).where(Objection.notice_id == notice.id).order_by(Objection.seq)
    objections = list(tx.session.scalars(query))
    if notice.state is NoticeState.OPEN:
        notice.move(NoticeState.CLOSED, tx.now)
        data = {"number": notice.number, "count": len(objections)}
        record(tx, instance, "objections_collected", notice.element_id, data)
    return notice, objections


def conclude(tx: Transaction, number: str, outcome: str, upheld: bool | None = None) -> Notice:
    """Put the outcome on the board; it is also the reply to each objection. The same outcome again changes nothing.

    ``upheld`` says whether the objections were. Raises NotFound, InvalidState when there is an outcome already or
    the notice was taken back.
    """
    instance, notice = _locked(tx, number)
    if notice.state is NoticeState.CONCLUDED and notice.outcome == outcome:
        return notice
    notice.move(NoticeState.CONCLUDED, tx.now)
    notice.outcome = outcome
    replied = update(Objection).where(Objection.notice_id == notice.id)
    tx.session.execute(replied.values(reply=outcome, upheld=upheld, replied_at=tx.now))
    data = {"number": notice.number, "outcome": outcome, "upheld": upheld}
    record(tx, instance, "notice_concluded", notice.element_id, data)
    return notice


def withdraw(tx: Transaction, number: str, reason: str) -> Notice:
    """Take a notice back before its outcome; it stays readable, with the reason. A second time changes nothing.

    Raises NotFound, InvalidState when there is an outcome already.
    """
    instance, notice = _locked(tx, number)
    if notice.state is not NoticeState.WITHDRAWN:
        notice.move(NoticeState.WITHDRAWN, tx.now)
        notice.outcome = reason
        record(tx, instance, "notice_withdrawn", notice.element_id, {"number": notice.number, "reason": reason})
    return notice


def _notice(tx: Transaction, instance: ProcessInstance, announcement: Announcement) -> Notice:
    unit_id = announcement.unit_id or instance.unit_id
    return Notice(
        number=next_number(tx, PREFIX),
        instance_id=instance.id,
        unit_id=unit_id,
        unit_path=people.org_tree(tx).unit(unit_id).path if unit_id else "",
        kind=announcement.kind,
        title=announcement.title,
        text=announcement.text,
        published_at=tx.now,
        until=announcement.until,
        takes_objections=announcement.takes_objections,
        told=list(announcement.told),
    )


def _locked(tx: Transaction, number: str) -> tuple[ProcessInstance, Notice]:
    """The notice with the case that published it, locked: whoever had to wait sees what the other did."""
    owner = tx.session.scalar(select(Notice.instance_id).where(Notice.number == number))
    if owner is None:
        raise NotFound(N_("没有编号是“{number}”的公示，请核对编号。"), number=number)
    instance = lock_instance(tx, owner)
    query = select(Notice).where(Notice.number == number).execution_options(populate_existing=True)
    return instance, tx.session.scalars(query).one()


def _ensure_wanted(tx: Transaction, job_id: UUID) -> None:
    """Whoever reads the board can't know that the case had moved on while its job was still on the way."""
    job = tx.session.get(Job, job_id, populate_existing=True)
    if job is not None and job.state is JobState.CANCELED:
        raise InvalidState(N_("事项已经不再需要这个公示。"))


def _told_to_history(notice: Notice) -> dict[str, Any]:
    return {
        "number": notice.number,
        "kind": notice.kind,
        "title": notice.title,
        "text": notice.text,
        "until": notice.until.isoformat() if notice.until else None,
        "objections": notice.takes_objections,
    }


def _plain(text: str) -> str:
    return text.replace("\0", "").strip()  # PostgreSQL has no texts with a NUL in them


def _problems(text: str, name: str, phone: str) -> Iterator[tuple[str, Sentence]]:
    if not text:
        yield "text", Sentence(N_("请填写异议内容。"))
    elif len(text) > LONGEST_TEXT:
        yield "text", Sentence(N_("异议内容最多 {most} 个字，现在有 {n} 个字。"), most=LONGEST_TEXT, n=len(text))
    if not name:
        yield "name", Sentence(N_("请填写您的姓名。"))
    elif len(name) > LONGEST_NAME:
        yield "name", Sentence(N_("姓名最多 {most} 个字，现在有 {n} 个字。"), most=LONGEST_NAME, n=len(name))
    if not phone:
        yield "phone", Sentence(N_("请填写联系电话。"))
    elif not _PHONE.fullmatch(phone):
        yield "phone", Sentence(N_("请填写正确的联系电话，如 13812345678 或 0543-3361234。"))


def _remind(tx: Transaction, notice: Notice, objection: Objection) -> None:
    for holder in notice.told:
        tx.add(
            Notification(
                id=objection.id,
                holder=holder,
                instance_id=notice.instance_id,
                element_id=notice.element_id,
                text=N_("公示 {number} 收到第 {n} 条异议：{title}"),
                params={"number": notice.number, "n": objection.seq, "title": notice.title},
                created_at=tx.now,
            )
        )
