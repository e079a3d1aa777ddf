"""Questions to other posts end with the task that they are about."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from engine.errors import N_
from engine.execution.loaded import Loaded
from engine.lifecycle import ConsultationState
from engine.model.consultation import Consultation

#: The machine's reason, as history and the page of the task say it.
_OVER = N_("环节已经结束")


def withdraw_consultations(loaded: Loaded, tasks: Collection[UUID]) -> None:
    """Withdraw what nobody has answered of the questions about tasks that no longer wait."""
    if not tasks:
        return
    query = select(Consultation).where(Consultation.task_id.in_(tasks), Consultation.state == ConsultationState.OPEN)
    for row in loaded.tx.session.scalars(query.order_by(Consultation.asked_at, Consultation.id)):
        row.withdraw(_OVER)
        data = {"task": str(row.task_id), "consultation": str(row.id), "kind": str(row.kind), "of": row.holder_name}
        loaded.record("consultation_withdrawn", _element(loaded, row), **data, holder=row.holder, reason=_OVER)


def _element(loaded: Loaded, row: Consultation) -> str | None:
    wait = loaded.before.get(row.task_id)
    return wait.element.id if wait else None
