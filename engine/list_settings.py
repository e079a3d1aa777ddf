"""Commands on how an account likes its lists: save conditions under a name, forget them, choose columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import func, select

from engine.database import Transaction
from engine.errors import N_, InvalidState, NotAuthorized
from engine.model.inbox import ListPreference, SavedView
from engine.people import post_holder

#: The columns to choose from, in their order; title and deadline are always shown.
COLUMNS = ("step", "applicant", "unit", "arrived", "priority")
USUAL_COLUMNS = ("step", "applicant", "arrived")
_MOST_VIEWS = 20
_LONGEST_NAME = 40


def save_view(tx: Transaction, name: str, conditions: Mapping[str, str], shared: bool) -> SavedView:
    """Keep conditions under a name, for the account or for everybody in the acting post.

    A view of the account with the same name is replaced. Raises InvalidState for no name or one that is too long,
    for a post that the actor has not, and beyond 20 views.
    """
    name = name.strip()
    if not name or len(name) > _LONGEST_NAME:
        raise InvalidState(N_("请填写视图名称，最多 {most} 个字。"), most=_LONGEST_NAME)
    account_id, holder = _account(tx), None
    if shared:
        holder = _post(tx)
    own = SavedView.account_id == account_id
    row = tx.session.scalar(select(SavedView).where(own, SavedView.name == name))
    if row is None:
        if (tx.session.scalar(select(func.count()).select_from(SavedView).where(own)) or 0) >= _MOST_VIEWS:
            raise InvalidState(N_("最多保存 {most} 个视图，请先删除不用的。"), most=_MOST_VIEWS)
        row = tx.add(SavedView(account_id=account_id, name=name))
    row.holder, row.conditions, row.saved_at = holder, dict(conditions), tx.now
    return row


def delete_view(tx: Transaction, view_id: UUID) -> SavedView:
    """Forget a view. Raises NotAuthorized unless the actor's account has saved it."""
    row = tx.get(SavedView, view_id, N_("视图"))
    if row.account_id != tx.actor.account_id:
        raise NotAuthorized(N_("只有保存这个视图的人可以删除它。"))
    tx.session.delete(row)
    return row


def choose(tx: Transaction, columns: Iterable[str], shortcuts: bool) -> ListPreference:
    """Show these columns from now on, and use single keys as shortcuts or not; unknown columns are left out."""
    account_id, wanted = _account(tx), set(columns)
    row = tx.session.get(ListPreference, account_id) or tx.add(ListPreference(account_id=account_id))
    row.columns, row.shortcuts = [name for name in COLUMNS if name in wanted], shortcuts
    return row


def _account(tx: Transaction) -> UUID:
    if tx.actor.account_id is None:
        raise NotAuthorized(N_("请先登录。"))
    return tx.actor.account_id


def _post(tx: Transaction) -> str:
    if tx.actor.position is None or tx.actor.unit_id is None:
        raise InvalidState(N_("现在没有以岗位办理，不能与同岗位的人共用。"))
    return post_holder(tx.actor.position, tx.actor.unit_id)
