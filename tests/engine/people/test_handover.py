"""When an appointment ends, what was claimed in it falls back to the post."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from engine.accounts import disable_account
from engine.clock import local_day
from engine.database import Engine
from engine.errors import NotAuthorized
from engine.model.history import HistoryEvent
from engine.model.work import UserTask
from engine.people import SYSTEM, load_actor, post_holder, posts_of
from engine.people.commands import end_appointment
from engine.people.handover import review_claims, review_ended_claims
from tests.clock import FrozenClock
from tests.engine.people.cases import file_case, give_task
from tests.engine.people.town import Town, build_town


def _claimed_task(town: Town, account: UUID, *codes: str) -> UUID:
    case = file_case(town, codes[0], "A")
    holders = [post_holder("group_leader", town.units[code]) for code in codes]
    return give_task(town.engine, case, holders, assignee=account)


def _assignee(engine: Engine, task: UUID) -> UUID | None:
    with engine.read(SYSTEM) as tx:
        return tx.get(UserTask, task).assignee


def _first_post(engine: Engine, account: UUID) -> UUID:
    with engine.read(SYSTEM) as tx:
        return posts_of(tx, account)[0].appointment_id


def test_a_claimed_task_waits_for_the_post_again_and_history_says_so(engine: Engine) -> None:
    town = build_town(engine)
    leader = town.person("leader", "group_leader@jinxing-1")
    task = _claimed_task(town, leader, "jinxing-1")

    ended = _first_post(engine, leader)
    with engine.begin(SYSTEM) as tx:
        end_appointment(tx, ended)

    assert _assignee(engine, task) is None
    with engine.read(SYSTEM) as tx:
        told = tx.session.scalars(select(HistoryEvent).where(HistoryEvent.type == "user_task_released")).one()
        assert "appointment_ended" in told.payload


def test_a_task_that_another_post_of_the_person_may_do_stays(engine: Engine) -> None:
    town = build_town(engine)
    leader = town.person("leader", "group_leader@jinxing-1", "group_leader@jinxing-2")
    task = _claimed_task(town, leader, "jinxing-1", "jinxing-2")

    ended = _first_post(engine, leader)
    with engine.begin(SYSTEM) as tx:
        end_appointment(tx, ended)

    assert _assignee(engine, task) == leader


def test_a_task_claimed_in_another_post_stays(engine: Engine) -> None:
    town = build_town(engine)
    leader = town.person("leader", "group_leader@jinxing-1", "community_secretary@jinxing")
    task = _claimed_task(town, leader, "jinxing-1")

    secretary = _first_post(engine, leader)
    with engine.begin(SYSTEM) as tx:
        end_appointment(tx, secretary)

    assert _assignee(engine, task) == leader


def test_with_a_last_day_the_task_falls_back_after_it(engine: Engine, clock: FrozenClock) -> None:
    town = build_town(engine)
    leader = town.person("leader", "group_leader@jinxing-1")
    task = _claimed_task(town, leader, "jinxing-1")
    appointment = _first_post(engine, leader)
    with engine.begin(SYSTEM) as tx:
        end_appointment(tx, appointment, local_day(tx.now))

    kept = []
    for _ in range(2):
        with engine.begin(SYSTEM) as tx:
            review_ended_claims(tx)
        kept.append(_assignee(engine, task))
        clock.advance(days=1)

    assert kept == [leader, None]


def test_what_a_disabled_account_had_claimed_waits_for_the_post_again(engine: Engine) -> None:
    town = build_town(engine)
    leader = town.person("leader", "group_leader@jinxing-1")
    task = _claimed_task(town, leader, "jinxing-1")
    with engine.begin(SYSTEM) as tx:
        disable_account(tx, leader)
    assert _assignee(engine, task) is None


def test_what_somebody_has_done_meanwhile_stands(engine: Engine) -> None:
    """The list of what to look at was read without a lock: each task is looked at again under its own."""
    town = build_town(engine)
    leader = town.person("leader", "group_leader@jinxing-1")
    task = _claimed_task(town, leader, "jinxing-1")
    with engine.begin(SYSTEM) as tx:
        tx.get(UserTask, task).complete(leader, "岗位", tx.now)
        tx.session.flush()
        assert review_claims(tx, [leader], "appointment_ended") == []
    assert _assignee(engine, task) == leader


def test_only_who_manages_people_ends_an_appointment(engine: Engine) -> None:
    town = build_town(engine)
    leader = town.person("leader", "group_leader@jinxing-1")
    appointment = _first_post(engine, leader)
    with engine.read(SYSTEM) as tx:
        actor = load_actor(tx, leader)

    with engine.begin(actor) as tx, pytest.raises(NotAuthorized):
        end_appointment(tx, appointment)
