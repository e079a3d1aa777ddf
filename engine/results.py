"""The command on published results: taking one back."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from engine.database import Transaction
from engine.errors import N_, NotFound
from engine.execution import lock_instance
from engine.history import record
from engine.model.result import PublishedResult
from engine.reasons import written

LONGEST_REASON = 200


def withdraw(tx: Transaction, result_id: UUID, reason: str) -> PublishedResult:
    """Take a published result back, so that nobody reads it any more; history keeps it, with the reason.

    Raises NotAuthorized without ``settings.manage``, NotFound, InvalidVariables (``reason``) when the reason is missing
    or too long, AlreadyDone.
    """
    tx.actor.require("settings.manage")
    why = written(reason, "reason", N_("请写明撤下的原因。"), LONGEST_REASON)
    case_id = tx.session.scalar(select(PublishedResult.instance_id).where(PublishedResult.id == result_id))
    if case_id is None:
        raise NotFound(N_("没有找到这条办理结果，可能已被撤下。"))
    instance = lock_instance(tx, case_id)
    row = tx.get(PublishedResult, result_id, N_("办理结果"))
    row.withdraw(tx.actor.name, tx.now)
    record(tx, instance, "result_withdrawn", None, {"reason": why})
    return row
