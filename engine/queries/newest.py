"""The newest published version of every process."""

from __future__ import annotations

from sqlalchemy import and_, exists, func, select

from engine.database import Transaction
from engine.lifecycle import DefinitionState
from engine.model.people import Account
from engine.model.process import ProcessDefinition
from engine.release import Release, load_release


def newest_releases(tx: Transaction) -> list[Release]:
    """The newest published releases in the order of their keys."""
    newest = select(ProcessDefinition.key, func.max(ProcessDefinition.version).label("version"))
    latest = (
        newest.where(ProcessDefinition.state == DefinitionState.PUBLISHED).group_by(ProcessDefinition.key).subquery()
    )
    same = and_(ProcessDefinition.key == latest.c.key, ProcessDefinition.version == latest.c.version)
    ids = tx.session.scalars(select(ProcessDefinition.id).join(latest, same).order_by(ProcessDefinition.key))
    return [load_release(tx, id) for id in ids]


def is_untouched(tx: Transaction) -> bool:
    """Whether the database has neither processes nor accounts yet."""
    return not any(tx.session.scalar(select(exists().select_from(each))) for each in (ProcessDefinition, Account))
