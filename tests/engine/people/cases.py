"""Cases and tasks as rows, without a running process, to test who sees and keeps what."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from engine.database import Engine
from engine.model.base import new_id
from engine.model.process import ProcessDefinition, ProcessInstance
from engine.model.work import TaskCandidate, UserTask
from engine.people import SYSTEM, Actor, visible_to
from tests.engine.people.town import Town


def file_case(town: Town, code: str, number: str, *, by: UUID | None = None, confidential: bool = False) -> UUID:
    """A case of the unit with this code; its id."""
    unit = town.tree.unit(town.units[code])
    with town.engine.begin(SYSTEM) as tx:
        definition = tx.session.scalar(select(ProcessDefinition)) or tx.add(
            ProcessDefinition(
                id=new_id(),
                key="appeal",
                version=1,
                name="诉求",
                digest="0" * 64,
                bundle=b"",
                source="file",
                published_at=tx.now,
                published_by="系统",
            )
        )
        tx.session.flush()
        case = ProcessInstance(
            id=new_id(),
            definition_id=definition.id,
            process_key="appeal",
            business_key=number,
            title=number,
            unit_id=unit.id,
            unit_path=unit.path,
            confidential=confidential,
            started_at=tx.now,
            started_by=by,
            started_by_name="某居民",
            token_state=b"",
            variables=b"",
        )
        tx.add(case)
        return case.id


def give_task(
    engine: Engine, case: UUID, holders: Iterable[str], *, assignee: UUID | None = None, done_by: UUID | None = None
) -> UUID:
    """A task of the case that waits for these holders, perhaps claimed or completed already; its id."""
    with engine.begin(SYSTEM) as tx:
        task = UserTask(
            id=new_id(), instance_id=case, element_id="handle", name="办理", created_at=tx.now, scope="", lane=""
        )
        tx.add(task)
        tx.session.flush()
        for holder in holders:
            tx.add(TaskCandidate(task_id=task.id, holder=holder))
        if assignee is not None:
            task.claim(assignee, "岗位", tx.now)
        if done_by is not None:
            task.complete(done_by, "岗位", tx.now)
        return task.id


def numbers_seen_by(engine: Engine, actor: Actor) -> list[str]:
    """The numbers of all cases that the actor may see."""
    with engine.read(actor) as tx:
        query = select(ProcessInstance.business_key).where(visible_to(actor)).order_by(ProcessInstance.business_key)
        return list(tx.session.scalars(query))
