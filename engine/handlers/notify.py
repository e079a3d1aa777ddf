"""Tell people inside the platform something."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from engine import people
from engine.database import Engine, Transaction
from engine.errors import N_, StepFailed
from engine.execution import filed_case, joined_cases
from engine.execution.personal import personal_names
from engine.jobs import Ticket
from engine.model.notification import Notification
from engine.model.process import ProcessInstance
from engine.release import load_release, names

#: Instead of a text that names the applicant of the case that is led, or gives the telephone number.
_PROGRESS = N_("与您的事项一并办理的 {lead} 有了新的进展，详情请向办理单位了解。")


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
                if holder == people.receipt_holder(filed.id):
                    _tell_joined(tx, ticket, filed, str(text))
    return {}


def receivers(tx: Transaction, instance: ProcessInstance, ticket: Ticket) -> tuple[str, ...]:
    """The holders that the variable ``to`` stands for, as seen from the unit that the task works for."""
    to, unit = ticket.variables["to"], ticket.variables.get("unit")  # the scope's own unit, else that of the case
    unit_id = UUID(unit) if unit else None
    groups = [str(item) for item in to] if isinstance(to, list) else list(names(str(to)))
    return people.resolve_holders(people.org_tree(tx), groups, unit_id, _applicant(filed_case(tx, instance)))


def _tell_joined(tx: Transaction, ticket: Ticket, lead: ProcessInstance, text: str) -> None:
    """What the applicant of a case is told, those of the cases hear that have joined it; nothing personal."""
    if not lead.has_led:
        return
    personal = personal_names(tx, lead, load_release(tx, lead.definition_id))
    values = (ticket.variables.get(name) for name in personal - ticket.inputs.keys())
    tells = any(isinstance(value, str) and len(value) > 1 and value in text for value in values)
    for case in joined_cases(tx, lead.id):
        own = text.replace(f"“{lead.title}”", f"“{case.title}”").replace(lead.business_key, case.business_key)
        said = _PROGRESS.format(lead=lead.business_key) if tells else own
        for holder in _applicant(case):
            _add(tx, ticket, holder, case.id, said)


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
