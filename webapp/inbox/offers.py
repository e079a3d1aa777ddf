"""What the page of a task offers besides its form: handing on, asking others, a later deadline; and the answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine import people
from engine.database import Transaction
from engine.model.consultation import Consultation
from engine.model.extension import Extension
from engine.queries import extensions, opinions
from engine.queries.inbox import Work


@dataclass(frozen=True)
class Acts:
    """What the reader of a task may do besides completing it, and what others were asked about it."""

    hand_on: bool
    consult: bool
    barred: bool
    questions: Sequence[Consultation]
    #: Whether the reader may ask for a later deadline, and what was asked for; ``decides`` the one that waits.
    extend: bool
    extensions: Sequence[Extension]
    decides: bool
    #: Whether the reader may take back the request that waits.
    takes_back: bool

    @property
    def waiting_for(self) -> list[str]:
        """The posts whose countersignature is missing."""
        return [each.holder_name for each in self.questions if each.state == "open" and each.kind == "countersign"]


def acts_of(tx: Transaction, work: Work) -> Acts:
    """The acts beside a task's form."""
    actor, task = tx.actor, work.task
    of_applicant = people.receipt_holder(work.instance.id) in work.candidates
    offers = work.is_open and not of_applicant
    inside = people.reads_inside(actor, work.instance)
    barred = work.is_open and people.is_barred(actor, task)
    is_asked = not actor.holders.isdisjoint(work.candidates)
    leads = not work.instance.confidential and people.leads(tx, actor, work.candidates) and not barred
    asked = [each for each in extensions.of_task(tx, task.id) if inside or actor.account_id in each.askers]
    open_request = next((each for each in asked if each.state == "open"), None)
    mine = open_request is not None and actor.account_id in open_request.askers
    return Acts(
        hand_on=offers and (work.right is not None or leads or (barred and is_asked)),
        consult=offers and inside and work.right is not None,
        barred=barred and is_asked,
        questions=opinions.of_task(tx, task.id) if inside else [],
        extend=offers and work.right is not None and task.due_at is not None and not task.extension_asked,
        extensions=asked,
        decides=open_request is not None and extensions.one(tx, open_request.id).may_decide,
        takes_back=open_request is not None and (mine or work.right is not None),
    )
