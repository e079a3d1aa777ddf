"""Joining at the same moment as others join, or as the lead ends: nobody hangs, and no case rests for ever."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from engine import joining, tasks
from engine.errors import AlreadyDone, Conflict, InvalidState
from engine.lifecycle import InstanceState
from tests.engine.commands.desk import task_id
from tests.engine.commands.house import CLERK, GIVEN, House, process
from tests.engine.commands.test_two_at_once import at_once

ROUNDS = 4


def joins(house: House, lead: UUID, other: UUID) -> Callable[[], object]:
    task, clerk = task_id(house, lead), house.actor(CLERK)

    def act() -> None:
        try:
            with house.engine.begin(clerk) as tx:
                joining.join(tx, task, [other], "同一件事")
        except InvalidState as error:
            raise AlreadyDone(error.template, **error.params) from error

    return act


def completes(house: House, case: UUID) -> Callable[[], object]:
    task, clerk = task_id(house, case), house.actor(CLERK)

    def act() -> None:
        with house.engine.begin(clerk) as tx:
            tasks.complete(tx, task, GIVEN)

    return act


def test_two_cases_that_would_each_lead_the_other(house: House) -> None:
    house.deploy(process(starters="public").user_task().end())
    for _ in range(ROUNDS):
        one, other = house.start(), house.start()
        assert sorted(at_once(joins(house, one, other), joins(house, other, one))) == ["AlreadyDone", "done"]
        assert {house.case(one).state, house.case(other).state} == {InstanceState.ACTIVE, InstanceState.JOINED}


def test_a_lead_that_ends_meanwhile_takes_along_whoever_joined(house: House) -> None:
    house.deploy(process(starters="public").user_task().end())
    for _ in range(ROUNDS):
        lead, other = house.start(), house.start()
        complete = completes(house, lead)
        joined, ended = at_once(joins(house, lead, other), complete)
        if ended == Conflict.__name__:
            complete()  # trying again is safe
        house.drain()
        expected = InstanceState.COMPLETED if joined == "done" else InstanceState.ACTIVE
        assert (house.case(lead).state, house.case(other).state) == (InstanceState.COMPLETED, expected)
