"""The cases that this browser may follow without an account, because number and code (or telephone) were shown.

Only their ids are kept, in the signed session cookie; the code is never kept, nor does it stand in an address.
"""

from __future__ import annotations

from uuid import UUID

from flask import session

from engine.errors import N_, NotAuthenticated, NotFound
from engine.people import Actor, receipt_actor, receipt_reader
from engine.queries import portal
from webapp.auth import current_actor
from webapp.platform import engine

_KEY = "receipts"
#: The cases that were opened by telephone digits: to read about, with personal data masked.
_READ_ONLY = "receipts_read"
#: More would not fit into a cookie; the oldest has to be opened with its code again.
_MOST = 20


def remember(instance_id: UUID) -> None:
    """Let this browser follow the case until it is closed, or until ``forget_all``."""
    others = [each for each in known() if each != instance_id]
    session[_KEY] = [each.hex for each in (*others, instance_id)][-_MOST:]


def remember_to_read(instance_id: UUID) -> None:
    """Let this browser read about the case, and no more."""
    others = [each for each in readable() if each != instance_id]
    session[_READ_ONLY] = [each.hex for each in (*others, instance_id)][-_MOST:]


def readable() -> list[UUID]:
    """The cases that this browser may only read about, the one opened last at the end."""
    return [UUID(hex=each) for each in session.get(_READ_ONLY, ())]


def known() -> list[UUID]:
    """The cases that this browser may follow, the one opened last at the end."""
    return [UUID(hex=each) for each in session.get(_KEY, ())]


def forget_all() -> None:
    """Nobody may follow anything from this browser any more without showing the code again."""
    session.pop(_KEY, None)
    session.pop(_READ_ONLY, None)


def actor_for(instance_id: UUID, reading: bool = False) -> Actor:
    """Who is asking about this case: the account that filed it, else the holder of its receipt.

    ``reading``: nothing is changed, so that the telephone digits are enough.

    For anybody else, whether or not there is such a case: NotAuthenticated when nobody is signed in, else NotFound.
    """
    actor = current_actor()
    with engine().read(actor) as tx:
        if portal.is_own_case(tx, instance_id):
            return actor
    if instance_id in known():
        return receipt_actor(instance_id)
    if instance_id in readable():
        if reading:
            return receipt_reader(instance_id)
        raise NotAuthenticated(N_("凭手机号码只能查看。补充、评价、撤回和投诉，请填写查询码。"))
    if actor.account_id is None:
        raise NotAuthenticated(N_("请填写编号和查询码，或者登录后查看。"))
    raise NotFound(N_("没有找到这个事项，或者还没有凭编号和查询码打开它。"))
