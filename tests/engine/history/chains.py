"""Histories to tamper with: a case that has been filed, and hands that reach past the guard rails."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from engine import instances, people
from engine.database import Engine
from engine.migrations import guards
from engine.model.history import HistoryEvent
from engine.model.process import ProcessInstance
from engine.people import ANONYMOUS, SYSTEM

APPEAL = {
    "诉求标题": "3号楼一楼餐馆油烟直排",
    "诉求内容": "油烟直接排到楼道外，居民夜里没法开窗。",
    "诉求类别": "环境卫生",
    "地址": "3号楼一楼",
    "联系人": "3号楼居民",
    "联系电话": "13800000000",
}


def file_appeal(engine: Engine, **changes: Any) -> ProcessInstance:
    """An appeal of 金星社区一组."""
    with engine.begin(ANONYMOUS) as tx:
        unit = people.org_tree(tx).by_code("jinxing-1")
        assert unit is not None
        return instances.start(tx, "appeal", {**APPEAL, **changes}, unit.id).instance


def events(engine: Engine, chain: UUID) -> list[HistoryEvent]:
    """The events of a chain in order."""
    with engine.read(SYSTEM) as tx:
        query = select(HistoryEvent).where(HistoryEvent.chain_id == chain).order_by(HistoryEvent.seq)
        return list(tx.session.scalars(query))


def guard(engine: Engine) -> None:
    """Put the guard rails up."""
    with engine.sql.begin() as connection:
        guards.create_history_guards(connection)


def unguard(engine: Engine) -> None:
    """Take them away, as somebody who owns the database can."""
    with engine.sql.begin() as connection:
        guards.drop_history_guards(connection)


def tamper(engine: Engine, chain: UUID, seq: int, **columns: Any) -> None:
    """Change columns of an event behind the platform's back."""
    unguard(engine)
    statement = update(HistoryEvent).where(HistoryEvent.chain_id == chain, HistoryEvent.seq == seq)
    with engine.sql.begin() as connection:
        connection.execute(statement.values(**columns))
