"""Different acts on one case at the same moment: one takes place, the slower hears why, nothing is done twice."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from engine import returns, tasks, transfers
from engine.errors import AlreadyDone, EngineError
from engine.lifecycle import UserTaskState
from engine.people import Actor
from tests.engine.commands.desk import MEDIATOR, SECRETARY, account, post, task_id
from tests.engine.commands.house import CLERK, GIVEN, House, process
from tests.engine.commands.test_two_at_once import at_once

ROUNDS = 3
BOTH = "community_clerk@community,community_secretary@community"
Act = Callable[[], object]


def act(house: House, by: Actor, deed: Callable[..., object], *given: object) -> Act:
    """A command in a transaction of its own; that it is refused is told like that somebody was faster."""

    def do() -> None:
        try:
            with house.engine.begin(by) as tx:
                deed(tx, *given)
        except EngineError as error:
            if error.code == "conflict":
                raise
            raise AlreadyDone(error.template, **error.params) from error

    return do


@pytest.fixture
def desk(house: House) -> House:
    """Three steps in a row; the middle one is for two posts."""
    house.deploy(process(starters="public").user_task().user_task("b", groups=BOTH).user_task("c").end())
    return house


def at_b(house: House) -> UUID:
    """A case of which the first step is done."""
    case = house.start()
    house.complete(case)
    return case


def one_wins(*acts: Act) -> int:
    """Which of the acts took place; exactly one does."""
    results = at_once(*acts)
    assert results.count("done") == 1, results
    return results.index("done")


def test_a_claim_and_a_hand_on(desk: House) -> None:
    clerk, secretary = desk.actor(CLERK), desk.actor(SECRETARY)
    mediator = post(desk, MEDIATOR)
    both = {post(desk, CLERK), post(desk, SECRETARY)}
    for _ in range(ROUNDS):
        case = at_b(desk)
        task = task_id(desk, case)
        first = one_wins(
            act(desk, secretary, tasks.claim, task), act(desk, clerk, tasks.reassign, task, mediator, "对方更熟悉")
        )
        expected = [(secretary.account_id, both), (None, {mediator})]
        assert (desk.tasks(case)[0].assignee, desk.candidates(task)) == expected[first]


def test_two_transfers_to_different_units(desk: House) -> None:
    clerk, secretary = desk.actor(CLERK), desk.actor(SECRETARY)
    units = [desk.unit("chaoyang-1"), desk.unit("chaoyang-2")]
    holder = f"community_clerk@{desk.unit('chaoyang')}"
    for _ in range(ROUNDS):
        case = desk.start()
        first = one_wins(
            act(desk, clerk, transfers.transfer, case, units[0], "地址在那里"),
            act(desk, secretary, transfers.transfer, case, units[1], "地址在那里"),
        )
        assert desk.case(case).unit_id == units[first]
        assert desk.candidates(task_id(desk, case)) == {holder}
        assert desk.events(case).count("instance_transferred") == 1


def test_two_returns_to_different_steps(desk: House) -> None:
    clerk = desk.actor(CLERK)
    for _ in range(ROUNDS):
        case = at_b(desk)
        desk.complete(case, "b")
        task = task_id(desk, case)
        first = one_wins(*(act(desk, clerk, returns.return_to, task, step, "材料不全") for step in ("a", "b")))
        assert desk.open(case) == [("a", "b")[first]]
        assert desk.events(case).count("user_task_returned") == 1


def test_taking_back_and_completing_what_follows(desk: House) -> None:
    clerk, secretary = desk.actor(CLERK), desk.actor(SECRETARY)
    for _ in range(ROUNDS):
        case = at_b(desk)
        (done,), (task,) = desk.tasks(case, UserTaskState.COMPLETED), desk.tasks(case)
        first = one_wins(
            act(desk, clerk, returns.recall, done.id), act(desk, secretary, tasks.complete, task.id, GIVEN)
        )
        assert desk.open(case) == [("a", "c")[first]]
        assert desk.tasks(case)[0].assignee == (account(desk, CLERK) if first == 0 else None)
