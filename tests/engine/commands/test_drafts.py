"""Drafts: each person's own, found again by nobody else, never overwritten unasked, gone when the task is done."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from engine import tasks
from engine.drafts import DraftConflict
from engine.errors import AlreadyDone, NotAuthorized
from engine.model.draft import TaskDraft
from engine.people import receipt_actor
from engine.queries import inbox
from tests.engine.commands.house import CLERK, House, process

COLLEAGUE = "jinxing-secretary"
TYPED = {"意见": ["写到一"], "数量": ["abc"]}


@pytest.fixture
def case(house: House) -> UUID:
    """A case that waits for the clerk or the secretary of the community."""
    groups = "community_clerk@community, community_secretary@community"
    house.deploy(process().user_task("a", form="f", groups=groups).end())
    return house.start()


def save(house: House, case: UUID, by: str, raw: dict[str, list[str]], known: int = 0) -> int:
    with house.at(by) as tx:
        return tasks.save_draft(tx, house.tasks(case)[0].id, raw, "digest", known).version


def draft(house: House, case: UUID, by: str) -> dict[str, list[str]] | None:
    with house.engine.read(house.actor(by)) as tx:
        found = inbox.work(tx, house.tasks(case)[0].id).draft
        return found.raw if found else None


def all_drafts(house: House) -> list[TaskDraft]:
    with house.reading() as tx:
        return list(tx.session.scalars(select(TaskDraft)))


def test_what_is_wrong_or_missing_is_kept_as_it_was_typed(house: House, case: UUID) -> None:
    # when somebody saves what no form would accept
    save(house, case, CLERK, TYPED)
    # then it is there, nobody has claimed anything, and history knows nothing of it
    assert draft(house, case, CLERK) == TYPED
    assert house.tasks(case)[0].assignee is None
    assert house.events(case)[-1] == "user_task_created"


def test_each_person_has_an_own_one(house: House, case: UUID) -> None:
    save(house, case, CLERK, TYPED)
    assert draft(house, case, COLLEAGUE) is None
    save(house, case, COLLEAGUE, {"意见": ["我的"]})
    assert draft(house, case, CLERK) == TYPED
    assert draft(house, case, COLLEAGUE) == {"意见": ["我的"]}


def test_it_is_found_again_when_the_task_comes_back(house: House, case: UUID) -> None:
    # given a draft of the clerk, who gives the task back
    (task,) = house.tasks(case)
    with house.at(CLERK) as tx:
        tasks.claim(tx, task.id)
    save(house, case, CLERK, TYPED)
    with house.at(CLERK) as tx:
        tasks.release(tx, task.id)
    # when a colleague has it for a while, and meanwhile the clerk can save nothing
    with house.at(COLLEAGUE) as tx:
        tasks.claim(tx, task.id)
    with pytest.raises(AlreadyDone):
        save(house, case, CLERK, {"意见": ["改了"]}, known=1)
    with house.at(COLLEAGUE) as tx:
        tasks.release(tx, task.id)
    # then the clerk goes on where the clerk was
    assert draft(house, case, CLERK) == TYPED
    assert save(house, case, CLERK, {"意见": ["改了"]}, known=1) == 2


def test_another_window_is_not_overwritten(house: House, case: UUID) -> None:
    # given two windows that begin with the same version
    save(house, case, CLERK, {"意见": ["一"]})
    save(house, case, CLERK, {"意见": ["电脑上写的"]}, known=1)
    # when the other one saves something else, then both are known and nothing is changed
    with pytest.raises(DraftConflict) as refused:
        save(house, case, CLERK, {"意见": ["手机上写的"]}, known=1)
    assert refused.value.stored.raw == {"意见": ["电脑上写的"]}
    assert draft(house, case, CLERK) == {"意见": ["电脑上写的"]}
    # and whoever has seen it may choose
    assert save(house, case, CLERK, {"意见": ["手机上写的"]}, known=2) == 3


def test_the_same_words_are_no_conflict_and_no_new_version(house: House, case: UUID) -> None:
    save(house, case, CLERK, {"意见": ["一"]})
    house.clock.now += timedelta(minutes=5)
    assert save(house, case, CLERK, {"意见": ["一"], "数量": [""]}, known=7) == 1


def test_all_of_them_go_with_the_completion(house: House, case: UUID) -> None:
    save(house, case, CLERK, TYPED)
    save(house, case, COLLEAGUE, TYPED)
    house.complete(case)
    assert all_drafts(house) == []


def test_only_who_may_do_the_task_saves_one(house: House, case: UUID) -> None:
    with pytest.raises(NotAuthorized):
        save(house, case, "chaoyang-clerk", TYPED)
    house.deploy(process("q").user_task(groups="@applicant").end())
    other = house.start("q")
    with pytest.raises(NotAuthorized), house.at(receipt_actor(other)) as tx:
        tasks.save_draft(tx, house.tasks(other)[0].id, TYPED)
    assert all_drafts(house) == []
