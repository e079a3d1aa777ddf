"""Questions to other posts, and requests for a later deadline, end with the task that they are about."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from engine.errors import N_
from engine.execution.loaded import Loaded
from engine.lifecycle import ConsultationState, ExtensionState
from engine.model.consultation import Consultation
from engine.model.extension import Extension

#: The machine's reason, as history and the page of the task say it.
_OVER = N_("环节已经结束")


def withdraw_requests(loaded: Loaded, tasks: Collection[UUID], reason: str = _OVER) -> None:
    """Withdraw what nobody has answered or decided about tasks that no longer wait, or wait for others."""
    if tasks:
        _withdraw_consultations(loaded, tasks, reason)
        _withdraw_extensions(loaded, tasks, reason)


def _withdraw_consultations(loaded: Loaded, tasks: Collection[UUID], reason: str) -> None:
    query = select(Consultation).where(Consultation.task_id.in_(tasks), Consultation.state == ConsultationState.OPEN)
    for row in loaded.tx.session.scalars(query.order_by(Consultation.asked_at, Consultation.id)):
        row.withdraw(reason)
        data = {"task": str(row.task_id), "consultation": str(row.id), "kind": str(row.kind), "of": row.holder_name}
        loaded.record("consultation_withdrawn", _element(loaded, row), **data, holder=row.holder, reason=reason)


def _withdraw_extensions(loaded: Loaded, tasks: Collection[UUID], reason: str) -> None:
    query = select(Extension).where(Extension.task_id.in_(tasks), Extension.state == ExtensionState.OPEN)
    for row in loaded.tx.session.scalars(query.order_by(Extension.asked_at, Extension.id)):
        row.withdraw()
        data = {"task": str(row.task_id), "extension": str(row.id), "of": row.holder_name, "reason": reason}
        loaded.record("extension_withdrawn", _element(loaded, row), **data)


def _element(loaded: Loaded, row: Consultation | Extension) -> str | None:
    wait = loaded.before.get(row.task_id)
    return wait.element.id if wait else None
