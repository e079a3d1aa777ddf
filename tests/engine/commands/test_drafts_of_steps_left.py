"""A case that leaves a step and comes to it again: what somebody typed there the time before is offered."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from engine import drafts, returns, tasks
from engine.drafts import DraftConflict
from engine.errors import AlreadyDone
from engine.lifecycle import UserTaskState
from engine.model.draft import TaskDraft
from engine.queries import inbox
from tests.bpmn_xml import timer
from tests.engine.commands.house import CLERK, Drawing, House, process
from tests.engine.commands.test_fan_out import loop

SECRETARY = "jinxing-secretary"
TO_SECRETARY = "community_secretary@community"
TYPED = {"意见": ["写到一半"]}


def two() -> Drawing:
    """A step of the clerk, then one of the secretary."""
    return process().user_task().user_task("b", groups=TO_SECRETARY).end()


def task(house: House, case: UUID, element: str = "b") -> UUID:
    return next(each.id for each in house.tasks(case) if each.element_id == element)


def save(house: House, case: UUID, raw: dict[str, list[str]] = TYPED, element: str = "b", by: str = SECRETARY) -> UUID:
    with house.at(by) as tx:
        return tasks.save_draft(tx, task(house, case, element), raw).task_id


def offered(house: House, case: UUID, element: str = "b", by: str = SECRETARY) -> TaskDraft | None:
    with house.engine.read(house.actor(by)) as tx:
        work = inbox.work(tx, task(house, case, element))
        return drafts.earlier(tx, work.release.repeated, work.task)


def send_back(house: House, case: UUID, element: str = "b") -> None:
    with house.at(SECRETARY) as tx:
        returns.return_to(tx, task(house, case, element), "a", "金额没有写清楚")


def take_over(house: House, case: UUID, known: int = 0) -> TaskDraft:
    with house.at(SECRETARY) as tx:
        return tasks.take_over_draft(tx, task(house, case), known)


@pytest.fixture
def case(house: House) -> UUID:
    """A case that waits for the secretary."""
    house.deploy(two())
    case = house.start()
    house.complete(case)
    return case


def test_sent_back_and_come_again_it_is_taken_over_once(house: House, case: UUID) -> None:
    # given somebody who typed, then sent the case back
    before = save(house, case)
    send_back(house, case)
    assert offered(house, case, "a", CLERK) is None
    # when it comes again, then it is offered to this person alone, and taken over with one press
    house.complete(case)
    found = offered(house, case)
    assert found is not None
    assert (found.task_id, found.raw) == (before, TYPED)
    assert offered(house, case, by=CLERK) is None
    assert take_over(house, case).raw == TYPED
    assert offered(house, case) is None
    with pytest.raises(AlreadyDone, match="已经接着填写"):
        take_over(house, case)
    # and it goes on from there: left once more, it is offered once more
    send_back(house, case)
    house.complete(case)
    found = offered(house, case)
    assert found is not None
    # until it is discarded
    with house.at(SECRETARY) as tx:
        tasks.discard_draft(tx, found.task_id)
    assert offered(house, case) is None


def test_what_was_typed_since_is_not_overwritten_unasked(house: House, case: UUID) -> None:
    save(house, case)
    with house.at(CLERK) as tx:
        returns.recall(tx, house.tasks(case, UserTaskState.COMPLETED)[0].id)
    house.complete(case)
    save(house, case, {"意见": ["已经另写"]})
    with pytest.raises(DraftConflict) as told:
        take_over(house, case)
    assert take_over(house, case, told.value.stored.version).raw == TYPED


def test_once_somebody_has_completed_the_step_it_is_history(house: House) -> None:
    # given a draft for a step that was left, then completed without it
    house.deploy(process().user_task().user_task("b", groups=TO_SECRETARY).user_task("c", groups=TO_SECRETARY).end())
    case = house.start()
    house.complete(case)
    save(house, case)
    send_back(house, case, "b")
    house.clock.advance(minutes=5)
    house.complete(case)
    assert offered(house, case) is not None
    house.complete(case, "b", by=SECRETARY)
    # when the case comes there again, then it is not offered, and the day after it is gone
    send_back(house, case, "c")
    house.complete(case)
    assert offered(house, case) is None
    house.drain()
    house.clock.advance(days=1)
    house.drain()
    with house.reading() as tx:
        assert tx.session.scalars(select(TaskDraft)).all() == []


def test_moved_on_by_a_timer_it_is_offered_for_the_same_unit_only(house: House) -> None:
    # given a step of every group at once, which the case leaves and comes back to
    groups = "group_leader@group,community_clerk@community"
    body = loop(outputCollection="各组意见", outputElement="=意见")
    drawing = process().gateway("exclusive", "again").user_task("b", groups=groups, inner=body).end()
    house.deploy(drawing.boundary("late", "b", timer("Duration", "PT1H")).user_task("a").flow("a", "again"))
    case = house.start(unit="jinxing")
    first, second = (house.unit(f"jinxing-{group}") for group in (1, 2))

    def of(unit: UUID) -> UUID:
        return next(each.id for each in house.tasks(case) if each.unit_id == unit)

    with house.at(CLERK) as tx:
        tasks.save_draft(tx, of(first), TYPED)
    house.clock.advance(hours=2)
    house.drain()
    house.complete(case)
    # then what somebody typed for one group is not offered for another
    found = {}
    for unit in (first, second):
        with house.engine.read(house.actor(CLERK)) as tx:
            work = inbox.work(tx, of(unit))
            found[unit] = drafts.earlier(tx, work.release.repeated, work.task)
    assert found[second] is None
    assert found[first] is not None
