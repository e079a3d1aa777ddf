"""Commands on what people watch: take a case into the own list of watched ones, and out of it again.

It is the private matter of whoever watches, and so no event of the case.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from engine import people
from engine.database import Transaction
from engine.errors import N_, NotAuthorized, NotFound
from engine.execution import lock_instance
from engine.model.process import ProcessInstance
from engine.model.watch import Watch


def watch(tx: Transaction, instance_id: UUID) -> ProcessInstance:
    """Watch a case from now on; nothing happens when the account does already.

    Raises NotFound unless the actor may see the case, NotAuthorized for whoever has no account.
    """
    instance, watched = _locked(tx, instance_id)
    visible = people.visible_to(tx.actor, [instance_id])
    if tx.session.scalar(select(ProcessInstance.id).where(ProcessInstance.id == instance_id, visible)) is None:
        raise NotFound(N_("没有找到这个事项，或者当前岗位不能查看它。"))
    if tx.actor.account_id is None:
        raise NotAuthorized(N_("请先登录，再关注事项。"))
    if watched is None:
        tx.add(Watch(account_id=tx.actor.account_id, instance_id=instance.id, watched_at=tx.now))
        instance.watchers += 1
    return instance


def unwatch(tx: Transaction, instance_id: UUID) -> ProcessInstance:
    """Watch it no more, whether or not the actor may still see it; nothing happens when the account does not."""
    instance, watched = _locked(tx, instance_id)
    if watched is not None:
        tx.session.delete(watched)
        instance.watchers -= 1
    return instance


def _locked(tx: Transaction, instance_id: UUID) -> tuple[ProcessInstance, Watch | None]:
    """The case, locked so that nobody counts at the same time, and the row of the actor's account."""
    instance = lock_instance(tx, instance_id)
    return instance, tx.session.get(Watch, (tx.actor.account_id, instance_id)) if tx.actor.account_id else None
