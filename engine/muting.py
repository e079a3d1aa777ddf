"""Commands of a person who does not wish to be reminded of some kinds of messages, or of a case.

What is muted is not counted at the bell but stands among all messages; of a muted case nothing is mailed either (mails
of a kind have a choice of their own). Messages that ask for an act can't be muted (``engine.notifications.MUTABLE``).
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete, select

from engine.database import Transaction
from engine.errors import N_, NotFound
from engine.model.notification import MutedCase, MutedKind, Notification
from engine.notifications import MUTABLE


def mute_kinds(tx: Transaction, kinds: Collection[str]) -> None:
    """Be reminded of all kinds but these; kinds that can't be muted are passed over."""
    account = tx.actor.require_account()
    tx.hold(f"muted kinds {account}")
    tx.session.execute(delete(MutedKind).where(MutedKind.account_id == account))
    for kind in MUTABLE:
        if kind in kinds:
            tx.add(MutedKind(account_id=account, kind=kind))


def mute_case_of(tx: Transaction, notification_id: UUID) -> UUID:
    """Be reminded no more of the case that a message is about; its id. Raises NotFound for a message to others."""
    account = tx.actor.require_account()
    mine = Notification.holder.in_(sorted(tx.actor.holders))
    query = select(Notification.instance_id).where(Notification.id == notification_id, mine)
    instance_id: UUID | None = tx.session.scalar(query.limit(1))
    if instance_id is None:
        raise NotFound(N_("没有找到这个{thing}，可能已被删除，或者地址有误。"), thing=N_("消息"))
    tx.hold(f"muted cases {account}")
    if tx.session.get(MutedCase, (account, instance_id)) is None:
        tx.add(MutedCase(account_id=account, instance_id=instance_id, muted_at=tx.now))
    return instance_id


def unmute_case(tx: Transaction, instance_id: UUID) -> None:
    """Be reminded of a case again."""
    mine = (MutedCase.account_id == tx.actor.require_account(), MutedCase.instance_id == instance_id)
    tx.session.execute(delete(MutedCase).where(*mine))
