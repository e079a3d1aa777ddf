"""A start by the clock that is under way while somebody deploys, changes the policy, or switches it off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from contextlib import contextmanager
from threading import Event
from uuid import UUID

import pytest

from engine import definitions, jobs, overrides, schedules
from engine.people import SYSTEM
from tests.clock import FrozenClock
from tests.engine.commands.house import House
from tests.engine.commands.periodic import POLICY, due, due_jobs, meeting, started

#: Long enough for the other transaction to come to the lock at which it waits.
A_WHILE = 0.5


@pytest.fixture
def meetings(house: House, clock: FrozenClock) -> House:
    """A house in which both subdistricts meet now, this Monday at nine."""
    house.drain()
    house.deploy(meeting(), POLICY)
    clock.advance(days=6)
    return house


@contextmanager
def under_way(house: House, code: str = "shizhong") -> Iterator[None]:
    """Within the block a worker has begun the case of this unit, and not committed yet."""
    begun, go_on = Event(), Event()
    (job,) = [each for each in due_jobs(house.engine) if each.payload["unit"] == str(house.unit(code))]

    def work(job_id: UUID) -> None:
        with house.engine.begin(SYSTEM) as tx:
            assert jobs.run_inside(tx, job_id)
            tx.session.flush()
            begun.set()
            go_on.wait(30)

    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(work, job.id)
        assert begun.wait(30)
        try:
            yield
        finally:
            go_on.set()
        working.result(30)


def meanwhile(house: House, act: Callable[[], object]) -> None:
    """Do something that has to wait until the start is over."""
    with ThreadPoolExecutor(1) as pool:
        with under_way(house):
            acting: Future[object] = pool.submit(act)
            with pytest.raises(TookTooLong):
                acting.result(A_WHILE)
        acting.result(30)


def test_a_new_version_leaves_one_next_start_of_each_unit(meetings: House) -> None:
    def deploy() -> None:
        drawing = meeting("0 0 9 * * MON").xml().decode()
        with meetings.engine.begin(SYSTEM) as tx:
            assert definitions.deploy_file(tx, "p", drawing, POLICY)[0] == "published"

    meanwhile(meetings, deploy)
    assert started(meetings.engine) == ["shizhong"]
    assert sorted(due(meetings.engine)) == ["pengli", "shizhong"]
    assert len(due_jobs(meetings.engine)) == 2


def test_another_rhythm_counts_for_the_start_after_it(meetings: House) -> None:
    def change() -> None:
        with meetings.engine.begin(meetings.actor("admin")) as tx:
            overrides.override(tx, "p", "例会时间", meetings.unit("shizhong"), "0 0 9 * * TUE", "街道纪要")

    meanwhile(meetings, change)
    assert started(meetings.engine) == ["shizhong"]
    assert due(meetings.engine)["shizhong"] == "01 09"


def test_whoever_switches_it_off_hears_of_it_when_the_start_is_over(meetings: House) -> None:
    def switch_off() -> None:
        with meetings.engine.begin(meetings.actor("admin")) as tx:
            schedules.switch_off(tx, "p", "monday", meetings.unit("shizhong"), "汛期暂停")

    meanwhile(meetings, switch_off)
    assert started(meetings.engine) == ["shizhong"]
