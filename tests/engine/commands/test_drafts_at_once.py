"""Saving, discarding and completing at the same moment: one wins, the other hears it, and nothing comes back."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import select

from engine import tasks
from engine.lifecycle import InstanceState
from engine.model.draft import TaskDraft
from engine.people import Actor
from tests.engine.commands.house import CLERK, House, process
from tests.engine.commands.test_two_at_once import at_once, complete

ROUNDS = 4


def save(house: House, task: UUID, who: Actor, text: str, known: int = 0) -> Callable[[], object]:
    def act() -> None:
        with house.engine.begin(who) as tx:
            tasks.save_draft(tx, task, {"意见": [text]}, "", known)

    return act


def discard(house: House, task: UUID, who: Actor) -> Callable[[], object]:
    def act() -> None:
        with house.engine.begin(who) as tx:
            tasks.discard_draft(tx, task)

    return act


def texts(house: House) -> list[list[str]]:
    with house.reading() as tx:
        return sorted(each.raw.get("意见", []) for each in tx.session.scalars(select(TaskDraft)))


def test_of_two_windows_one_saves_and_the_other_is_told(house: House) -> None:
    house.deploy(process().user_task(groups="community_clerk@community,community_secretary@community").end())
    clerk, secretary = house.actor(CLERK), house.actor("jinxing-secretary")
    for _ in range(ROUNDS):
        case = house.start()
        (task,) = house.tasks(case)
        both = [
            save(house, task.id, clerk, "一"),
            save(house, task.id, clerk, "二"),
            save(house, task.id, secretary, "三"),
        ]
        results = at_once(*both)
        # somebody else is in nobody's way
        assert sorted(results[:2]) == ["DraftConflict", "done"]
        assert results[2] == "done"
        assert texts(house) == sorted([["一" if results[0] == "done" else "二"], ["三"]])
        house.complete(case)
        assert texts(house) == []


def test_what_is_saved_while_it_is_completed_or_discarded_does_not_come_back(house: House) -> None:
    house.deploy(process().user_task().end())
    clerk = house.actor(CLERK)
    for _ in range(ROUNDS):
        case = house.start()
        (task,) = house.tasks(case)
        save(house, task.id, clerk, "一")()
        results = at_once(discard(house, task.id, clerk), save(house, task.id, clerk, "二", 1))
        assert results[0] == "done"
        assert results[1] in {"done", "DraftConflict"}
        assert texts(house) == [[]]
        results = at_once(complete(house, task.id, clerk, {"意见": "三"}), save(house, task.id, clerk, "四", 9))
        assert results[0] == "done"
        assert results[1] in {"AlreadyDone", "DraftConflict"}
        assert texts(house) == []
        assert house.case(case).state is InstanceState.COMPLETED
