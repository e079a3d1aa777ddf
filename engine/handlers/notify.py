"""Tell people inside the platform something."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from engine import people
from engine.database import Engine, Transaction
from engine.errors import N_, StepFailed
from engine.jobs import Ticket
from engine.model.notification import Notification
from engine.model.process import ProcessInstance
from engine.release import names


def notify(engine: Engine, ticket: Ticket) -> Mapping[str, Any]:
    """Tell people something: input ``to`` (``@applicant`` or ``position@place``, comma separated) and ``text``."""
    to, text = ticket.variables.get("to"), ticket.variables.get("text")
    if not to or not text:
        raise StepFailed(N_("通知缺少{missing}。请检查流程图里的输入映射。"), missing="to" if not to else "text")
    with engine.begin(people.SYSTEM) as tx:
        instance = tx.get(ProcessInstance, ticket.instance_id, N_("事项"))
        filed = filed_case(tx, instance)
        for holder in receivers(tx, instance, ticket):
            if tx.session.get(Notification, (ticket.job_id, holder)) is None:
                about = filed if holder in _applicant(filed) else instance
                _add(tx, ticket, holder, about.id, str(text))
    return {}


def receivers(tx: Transaction, instance: ProcessInstance, ticket: Ticket) -> tuple[str, ...]:
    """The holders that the variable ``to`` stands for, as seen from the unit that the task works for."""
    to, unit = ticket.variables["to"], ticket.variables.get("unit")  # the scope's own unit, else that of the case
    unit_id = UUID(unit) if unit else None
    groups = [str(item) for item in to] if isinstance(to, list) else list(names(str(to)))
    return people.resolve_holders(people.org_tree(tx), groups, unit_id, _applicant(filed_case(tx, instance)))


def filed_case(tx: Transaction, instance: ProcessInstance) -> ProcessInstance:
    """The case that somebody filed: itself, or the one that called it, and so on. Its receipt is the only one."""
    while instance.parent_id is not None:
        instance = tx.session.get_one(ProcessInstance, instance.parent_id)
    return instance


def _applicant(filed: ProcessInstance) -> tuple[str, ...]:
    account = (people.account_holder(filed.started_by),) if filed.started_by else ()
    return (*account, people.receipt_holder(filed.id))


def _add(tx: Transaction, ticket: Ticket, holder: str, instance_id: UUID, text: str) -> None:
    tx.add(
        Notification(
            id=ticket.job_id,
            holder=holder,
            instance_id=instance_id,
            element_id=ticket.element_id,
            text=text,
            created_at=tx.now,
        )
    )
