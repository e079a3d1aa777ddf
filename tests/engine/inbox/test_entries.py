"""The database keeps the entries of all lists in line with the tasks, whoever changes those."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from uuid import UUID, uuid4

import pytest
from sqlalchemy import ColumnElement, delete, insert, select, update

from engine.database import Engine
from engine.lifecycle import UserTaskState
from engine.migrations.entries import write_all_entries
from engine.model.inbox import IMPRINT, InboxEntry
from engine.model.people import OrgUnit
from engine.model.process import ProcessInstance
from engine.model.work import TaskCandidate, UserTask
from engine.people import SYSTEM
from engine.queries.worklist import Tab
from engine.search import grams, imprint
from tests.clock import START
from tests.engine.commands.test_two_at_once import at_once
from tests.engine.inbox.lists import (
    Desk,
    begins_with_cases_below,
    expected_entries,
    expected_origins,
    expected_waiting,
    kept_entries,
    kept_origins,
    kept_waiting,
)

_DUES = [None, START, START - timedelta(days=400), datetime(2300, 1, 1, tzinfo=UTC), datetime(1950, 1, 1, tzinfo=UTC)]


@pytest.mark.parametrize("seed", range(3))
def test_entries_follow_any_sequence_of_changes(engine: Engine, seed: int) -> None:
    desk, random = Desk(engine), Random(seed)
    people = [desk.account, desk.town.person("other", "officer@civil_affairs")]
    units: list[UUID | None] = [*desk.town.units.values(), None]
    tasks: list[UUID] = []
    for _step in range(40):
        if not tasks or random.random() < 0.2:
            holders = random.sample([desk.holder, f"account:{people[1]}", "officer@elsewhere"], random.randint(1, 3))
            tasks.append(desk.task(holders=holders, due_at=random.choice(_DUES), priority=random.choice([0, 50, 300])))
        else:
            _change(engine, random.choice(tasks), people, units, random)
        assert kept_entries(engine) == expected_entries(engine)
        assert kept_waiting(engine) == expected_waiting(engine)
        assert kept_origins(engine) == expected_origins(engine)


def _case_of(task: UUID) -> ColumnElement[bool]:
    return ProcessInstance.id.in_(select(UserTask.instance_id).where(UserTask.id == task))


def _change(engine: Engine, task: UUID, people: list[UUID], units: list[UUID | None], random: Random) -> None:
    """One of the changes that commands make, with a statement of its own as some of them do."""
    holder = f"officer@{uuid4()}"
    change = random.choice(
        [
            update(UserTask).values(assignee=random.choice(people)),
            update(UserTask).values(assignee=None, claimed_for=None),
            update(UserTask).values(assignee=people[0], claimed_for=people[1]),
            update(UserTask).values(state=UserTaskState.CANCELED),
            update(UserTask).values(
                state=UserTaskState.COMPLETED, completed_by=random.choice([*people, None]), completed_at=START
            ),
            update(UserTask).values(due_at=random.choice(_DUES)),
            update(UserTask).values(priority=random.choice([-5, 50, 90, 500])),
            delete(TaskCandidate).where(TaskCandidate.task_id == task),
            insert(TaskCandidate).values(task_id=task, holder=holder),
            update(ProcessInstance).values(unit_id=random.choice(units)).where(_case_of(task)),
            update(ProcessInstance).values(process_key=f"process_{random.randint(1, 9)}").where(_case_of(task)),
        ]
    )
    if change.table is UserTask.__table__:
        change = change.where(UserTask.id == task)
    with engine.begin(SYSTEM) as tx:
        tx.session.execute(change)


def test_entries_can_be_made_anew(engine: Engine) -> None:
    desk = Desk(engine)
    desk.task(due_at=START)
    desk.task(assignee=desk.account)
    desk.task(by=desk.account, state=UserTaskState.COMPLETED, completed_by=desk.account, completed_at=START)
    before = kept_entries(engine)
    with engine.sql.begin() as connection:
        write_all_entries(connection)
    assert kept_entries(engine) == before == expected_entries(engine)
    assert kept_waiting(engine) == expected_waiting(engine)
    assert kept_origins(engine) == expected_origins(engine)
    assert len(desk.titles(Tab.STARTED)) == 1


def test_a_case_that_moves_to_another_unit_takes_its_entries_along(engine: Engine) -> None:
    desk = Desk(engine)
    desk.task("油烟")
    assert desk.titles(unit_id=desk.town.units["chaoyang"]) == []
    with engine.begin(SYSTEM) as tx:
        tx.session.execute(update(ProcessInstance).values(unit_id=desk.town.units["chaoyang-1"]))
    assert desk.titles(unit_id=desk.town.units["chaoyang"]) == ["油烟"]


def test_entries_go_with_their_task(engine: Engine) -> None:
    desk = Desk(engine)
    desk.task()
    with engine.begin(SYSTEM) as tx:
        tx.session.execute(delete(TaskCandidate))
        tx.session.execute(delete(UserTask))
        tx.session.execute(delete(ProcessInstance))
        assert tx.session.get(OrgUnit, desk.town.units["jinxing-1"]) is not None
    assert kept_entries(engine) == kept_waiting(engine) == set()


def test_entries_carry_the_imprint_of_their_case(engine: Engine) -> None:
    desk = Desk(engine)
    desk.task("油烟")
    with engine.begin(SYSTEM) as tx:
        case = tx.session.scalars(select(ProcessInstance)).one()
        case.search_text = "路灯"
    with engine.read(SYSTEM) as tx:
        entry = tx.session.scalars(select(InboxEntry)).one()
        assert tuple(getattr(entry, name) for name in IMPRINT) == imprint(grams("路灯"))
    with begins_with_cases_below(1):
        assert (desk.titles(search="路灯"), desk.titles(search="油烟")) == (["油烟"], [])


def test_lists_that_begin_at_the_same_moment_have_one_number_each(engine: Engine) -> None:
    # given two tasks, and three posts that never had any
    desk = Desk(engine)
    tasks = [desk.task("甲"), desk.task("乙")]
    for round in range(20):
        holders = [f"officer@{round}-{number}" for number in range(3)]

        def hand_out(task: UUID, holders: Sequence[str]) -> None:
            with engine.begin(SYSTEM) as tx:
                for holder in holders:
                    tx.session.execute(insert(TaskCandidate).values(task_id=task, holder=holder))

        # when both tasks come to all of them at once
        first, second = (partial(hand_out, task, holders) for task in tasks)
        assert at_once(first, second) == ["done", "done"]
    # then each post has one list with both
    assert kept_entries(engine) == expected_entries(engine)
    assert len(kept_entries(engine)) == 2 + 2 * 3 * 20


def test_a_case_filed_for_a_resident_is_among_those_that_the_helper_started(engine: Engine) -> None:
    desk = Desk(engine)
    desk.task("油烟")
    with engine.begin(SYSTEM) as tx:
        [case] = tx.session.scalars(select(ProcessInstance))
        made = {column.name: getattr(case, column.name) for column in ProcessInstance.__table__.columns}
        helped = {"id": uuid4(), "business_key": "SQ-2026-00009", "started_by": None, "helped_by": desk.account}
        tx.session.execute(insert(ProcessInstance).values({**made, **helped}))
    assert desk.titles(Tab.STARTED) == ["油烟"]
    before = kept_entries(engine)
    with engine.sql.begin() as connection:
        write_all_entries(connection)
    assert kept_entries(engine) == before
