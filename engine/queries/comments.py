"""The comments on a case, and whom one may mention without knowing how the post is written."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from engine import people
from engine.database import Transaction
from engine.model.comment import Comment
from engine.model.process import ProcessInstance
from engine.people import Unit

_MOST_POSTS = 60


@dataclass(frozen=True)
class Line:
    """A comment as its reader sees it: whether it is the own one, and can still be changed."""

    row: Comment
    is_own: bool
    is_changeable: bool


def of_case(tx: Transaction, instance: ProcessInstance) -> list[Line]:
    """The comments on a case, the oldest first. Whoever calls this has made sure that an official asks."""
    query = select(Comment).where(Comment.instance_id == instance.id).order_by(Comment.created_at, Comment.id)
    own = tx.actor.account_id
    return [Line(row, row.account_id == own, row.is_changeable(tx.now)) for row in tx.session.scalars(query)]


def case_of(tx: Transaction, comment_id: UUID) -> UUID | None:
    """The case that a comment is on."""
    return tx.session.scalar(select(Comment.instance_id).where(Comment.id == comment_id))


def posts_near(tx: Transaction, instance: ProcessInstance) -> list[str]:
    """The names of posts around a case and around the actor: at the units above, at them, and below."""
    tree = people.org_tree(tx)
    units: dict[UUID, Unit] = {}
    for unit_id in filter(None, (instance.unit_id, tx.actor.unit_id)):
        path = tree.unit(unit_id).path.strip("/").split("/")
        around = [*(tree.unit(UUID(hex=part)) for part in path), *tree.children(unit_id)]
        units |= {unit.id: unit for unit in around}
    names = [
        tree.post_name(kind.key, unit.id)
        for unit in units.values()
        for kind in tree.positions.values()
        if kind.level is unit.level and "task.handle" in kind.permissions
    ]
    return names[:_MOST_POSTS]
