"""News for those who watch a case. One that nobody watches costs no statement."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import or_, select

from engine import people
from engine.database import Transaction
from engine.model.process import ProcessInstance
from engine.model.watch import Watch
from engine.notifications import tell


def tell_watchers(
    tx: Transaction, instance: ProcessInstance, template: str, told: Iterable[str] = (), **facts: Any
) -> None:
    """Tell officials who watch the case and may still read it, in any of their posts; not in their own matter.

    ``template`` gets ``case``, the title, beside the facts. Who stands behind the holders ``told`` knows already.
    """
    if not instance.watchers:
        return
    tx.session.flush()  # what this command has just written decides, too, who may read the case
    holders = list(told)
    know = people.accounts_behind(tx, holders) if holders else {}
    watching = tx.session.scalars(select(Watch.account_id).where(Watch.instance_id == instance.id))
    readers = [each for each in watching if each not in know and _may_read(tx, people.actors_of(tx, each), instance)]
    tell(tx, "watched", map(people.account_holder, readers), instance, template, {"case": instance.title, **facts})


def _may_read(tx: Transaction, actors: Iterable[people.Actor], instance: ProcessInstance) -> bool:
    seen = [people.visible_to(each, [instance.id]) for each in actors if people.reads_inside(each, instance)]
    if not seen:
        return False
    query = select(ProcessInstance.id).where(ProcessInstance.id == instance.id, or_(*seen))
    return tx.session.scalar(query) is not None
