"""A start by the clock that is under way while somebody deploys, changes the policy, or switches it off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from contextlib import contextmanager
from functools import partial
from threading import Event
from time import sleep
from uuid import UUID

import pytest

from engine import definitions, jobs, overrides, schedules
from engine.model.history import SYSTEM_CHAIN, HistoryChain
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


def deploy(house: House) -> None:
    with house.engine.begin(SYSTEM) as tx:
        drawing = meeting("0 0 9 * * MON").xml().decode()
        assert definitions.deploy_file(tx, "p", drawing, POLICY)[0] == "published"


def change(house: House) -> None:
    with house.engine.begin(house.actor("admin")) as tx:
        overrides.override(tx, "p", "例会时间", house.unit("shizhong"), "0 0 9 * * TUE", "街道纪要")


def switch_off(house: House) -> None:
    with house.engine.begin(house.actor("admin")) as tx:
        schedules.switch_off(tx, "p", "monday", house.unit("shizhong"), "汛期暂停")


def switch_on(house: House) -> None:
    with house.engine.begin(house.actor("admin")) as tx:
        schedules.switch_on(tx, "p", "monday", house.unit("shizhong"))


def test_a_new_version_leaves_one_next_start_of_each_unit(meetings: House) -> None:
    meanwhile(meetings, partial(deploy, meetings))
    assert started(meetings.engine) == ["shizhong"]
    assert sorted(due(meetings.engine)) == ["pengli", "shizhong"]
    assert len(due_jobs(meetings.engine)) == 2


def test_another_rhythm_counts_for_the_start_after_it(meetings: House) -> None:
    meanwhile(meetings, partial(change, meetings))
    assert started(meetings.engine) == ["shizhong"]
    assert due(meetings.engine)["shizhong"] == "01 09"


def test_whoever_switches_it_off_hears_of_it_when_the_start_is_over(meetings: House) -> None:
    meanwhile(meetings, partial(switch_off, meetings))
    assert started(meetings.engine) == ["shizhong"]


@pytest.mark.parametrize("act", [deploy, switch_off, switch_on])
def test_who_changes_starts_and_who_changes_the_policy_take_turns(
    meetings: House, act: Callable[[House], None]
) -> None:
    """Both need the platform's own history and the jobs; in one order, they never wait for each other."""
    if act is switch_on:
        switch_off(meetings)
    with ThreadPoolExecutor(2) as pool:
        with meetings.engine.begin(SYSTEM) as tx:
            tx.session.get_one(HistoryChain, SYSTEM_CHAIN, with_for_update=True)
            acting = []
            for each in (change, act):
                acting.append(pool.submit(each, meetings))
                sleep(A_WHILE)
        for each in acting:
            each.result(30)
