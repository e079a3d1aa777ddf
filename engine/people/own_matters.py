"""Nobody handles their own matter (回避): where only the applicant could, the post above does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from uuid import UUID

from engine.errors import N_, StepFailed
from engine.people.posts import accounts_behind
from engine.people.superiors import leading_posts
from engine.people.tree import OrgTree, org_tree

if TYPE_CHECKING:
    from engine.database import Transaction


def relieved(tx: Transaction, holders: tuple[str, ...], barred: UUID) -> tuple[str, ...]:
    """The holders; but where the barred account is the only one behind them, the nearest post that leads them.

    Raises StepFailed when there is none that somebody else holds.
    """
    if set(accounts_behind(tx, holders)) != {barred}:
        return holders
    tree = org_tree(tx)
    for above in _leading(tree, holders):
        if set(accounts_behind(tx, [above])) - {barred}:
            return (above,)
    raise StepFailed(N_("办理人只有申请人本人，需要回避，上级也没有其他人能办理。请先安排办理的岗位。"))


def _leading(tree: OrgTree, holders: tuple[str, ...]) -> Iterator[str]:
    """The posts that lead the units of the holders, from the own unit upwards."""
    for holder in (each for each in holders if "@" in each):
        for above, _name in leading_posts(tree, UUID(holder.partition("@")[2])):
            if above not in holders:
                yield above
