"""What waits for a word of the actor, who is asked in a post: opinions, and decisions about later deadlines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from engine.lifecycle import UserTaskState
from engine.model.consultation import Consultation
from engine.model.extension import Extension
from engine.model.process import ProcessInstance
from engine.model.work import UserTask
from engine.people import Actor


def with_task_and_case(asked: type[Consultation] | type[Extension]) -> Select[Any]:
    """Rows of what is asked, each with its task and its case."""
    joined = select(asked, UserTask, ProcessInstance).join(UserTask, UserTask.id == asked.task_id)
    query: Any = joined.join(ProcessInstance, ProcessInstance.id == asked.instance_id)
    return query  # type: ignore[no-any-return] # a select of three rows is not one of any rows to mypy


def awaited_of(
    actor: Actor, holder: InstrumentedAttribute[str], is_not_of: Callable[[UUID | None], ColumnElement[bool]]
) -> ColumnElement[bool]:
    """The condition that this holder is an own post, or one stood in for, and that the task is still open.

    The query joins UserTask and ProcessInstance. ``is_not_of`` says what an account must not answer itself; that holds
    for the actor and for whom the actor stands in for.
    """
    mine: list[ColumnElement[bool]] = [holder.in_(sorted(actor.holders))]
    for each in actor.standing_in:
        theirs: list[ColumnElement[bool]] = [holder == each.holder, is_not_of(each.principal)]
        if each.processes:
            theirs.append(ProcessInstance.process_key.in_(sorted(each.processes)))
        mine.append(and_(*theirs))
    return and_(UserTask.state == UserTaskState.CREATED, or_(*mine), is_not_of(actor.account_id))


def is_none_of(account_id: UUID | None, *columns: InstrumentedAttribute[UUID | None]) -> ColumnElement[bool]:
    """The condition that none of these columns says this account."""
    return and_(*(or_(column.is_(None), column != account_id) for column in columns))
