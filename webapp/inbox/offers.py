"""What the page of a task offers besides its form: handing on, asking others, and what those said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine import people
from engine.database import Transaction
from engine.model.consultation import Consultation
from engine.queries import opinions
from engine.queries.inbox import Work


@dataclass(frozen=True)
class Acts:
    """What the reader of a task may do besides completing it, and what others were asked about it."""

    hand_on: bool
    consult: bool
    barred: bool
    questions: Sequence[Consultation]

    @property
    def waiting_for(self) -> list[str]:
        """The posts whose countersignature is missing."""
        return [each.holder_name for each in self.questions if each.state == "open" and each.kind == "countersign"]


def acts_of(tx: Transaction, work: Work) -> Acts:
    """The acts beside a task's form."""
    actor, task = tx.actor, work.task
    of_applicant = people.receipt_holder(work.instance.id) in work.candidates
    offers = work.is_open and not of_applicant
    barred = work.is_open and people.is_barred(actor, task)
    is_asked = not actor.holders.isdisjoint(work.candidates)
    leads = not work.instance.confidential and people.leads(tx, actor, work.candidates) and not barred
    return Acts(
        hand_on=offers and (work.right is not None or leads or (barred and is_asked)),
        consult=offers and work.right is not None,
        barred=barred and is_asked,
        questions=opinions.of_task(tx, task.id),
    )
