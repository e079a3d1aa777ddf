"""Watching a case: the list of watched ones, the news of it, and that neither outlives the right to read it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from engine import returns, urging, watching
from engine.deliveries.watching import watch_tasks
from engine.errors import NotFound
from engine.lifecycle import UserTaskState
from engine.migrations.entries import write_all_entries
from engine.model.notification import Notification
from engine.model.people import Appointment
from engine.model.work import UserTask
from engine.queries import watched, worklist
from engine.queries.worklist import Line, Tab, Wish
from tests.engine.commands.desk import LEADER, SECRETARY, appeal, claim, task_id
from tests.engine.commands.house import CLERK, House

STRANGER = "chaoyang-clerk"


@pytest.fixture
def case(house: House) -> UUID:
    """A case of two steps that its community's secretary may read."""
    house.deploy(appeal())
    return house.start(by=LEADER)


def watch(house: House, case: UUID, by: str = SECRETARY) -> None:
    with house.at(by) as tx:
        watching.watch(tx, case)


def lines(house: House, by: str = SECRETARY) -> list[Line]:
    with house.engine.read(house.actor(by)) as tx:
        return list(worklist.lines(tx, Wish(Tab.WATCHED)).lines)


def news(house: House) -> list[str]:
    """What watchers were told, as sentences."""
    with house.reading() as tx:
        rows = tx.session.query(Notification).filter_by(kind="watched").order_by(Notification.created_at)
        return [row.text.format(**row.params) for row in rows]


def act(house: House, by: str, command: Any, *args: Any) -> None:
    house.clock.advance(minutes=1)
    with house.at(by) as tx:
        command(tx, *args)


def test_a_watched_case_stands_in_the_list_until_it_is_watched_no_more(house: House, case: UUID) -> None:
    watch(house, case)
    watch(house, case)  # pressed twice
    claim(house, case)
    due = house.clock.now + timedelta(days=2)
    with house.at() as tx:
        tx.session.execute(update(UserTask).values(due_at=due, urged=3))
    (line,) = lines(house)
    name = house.actor(CLERK).name
    assert (line.instance_id, line.steps, line.due, line.urged) == (case, ((house.tasks(case)[0].name, name),), due, 3)
    assert house.case(case).watchers == 1
    with house.engine.sql.begin() as connection:
        write_all_entries(connection)
    assert len(lines(house)) == 1
    with house.engine.read(house.actor(SECRETARY)) as tx:
        assert watched.is_watched(tx, case)
    for _ in range(2):
        with house.at(SECRETARY) as tx:
            watching.unwatch(tx, case)
    assert (lines(house), house.case(case).watchers) == ([], 0)


def test_watchers_hear_of_what_happens_and_not_twice(house: House, case: UUID) -> None:
    watch(house, case)
    act(house, LEADER, urging.urge, task_id(house, case))
    house.complete(case)
    act(house, CLERK, returns.recall, house.tasks(case, UserTaskState.COMPLETED)[-1].id)
    house.complete(case, "a")
    act(house, CLERK, returns.return_to, task_id(house, case), "a", "缺一份材料")
    with house.at() as tx:
        watch_tasks(tx)  # begins to look
        tx.session.execute(update(UserTask).values(due_at=house.clock.now + timedelta(minutes=1)))
    for _ in range(2):
        house.clock.advance(minutes=5)
        with house.at() as tx:
            watch_tasks(tx)
    for element in ("a", "b"):
        house.complete(case, element)
    title = house.case(case).title
    clerk, leader = house.actor(CLERK).name, house.actor(LEADER).name
    assert [each.replace(title, "事项") for each in news(house)] == [
        f"{leader}催办了关注的“事项”的“a”。",
        f"{clerk}撤回了关注的“事项”的“a”，正在重新办理。",
        f"{clerk}把关注的“事项”退回到“a”。",
        "关注的“事项”的“a”已逾期。",
        "关注的“事项”已办结。",
    ]


def test_whoever_acts_or_is_told_anyway_hears_nothing(house: House, case: UUID) -> None:
    watch(house, case, CLERK)
    act(house, SECRETARY, urging.urge, task_id(house, case))  # tells the post that has the task
    house.complete(case)
    house.complete(case, "b")
    assert news(house) == []


def test_nobody_watches_what_may_not_be_read(house: House, case: UUID) -> None:
    with pytest.raises(NotFound):
        watch(house, case, STRANGER)
    watch(house, case)
    with house.at() as tx:
        tx.session.execute(
            update(Appointment)
            .where(Appointment.account_id == house.actor(SECRETARY).account_id)
            .values(ends_on=house.clock.now.date() - timedelta(days=1))
        )
        tx.touch_settings()
    assert lines(house) == []
    house.cancel(case)
    assert news(house) == []
