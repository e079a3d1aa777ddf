"""Messages leave the platform as each person wishes: once, at the right time, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from engine import instances
from engine.deliveries import retry
from engine.lifecycle import DeliveryState
from engine.notifications import Outside
from engine.people import SYSTEM
from tests.clock import START, FrozenClock
from tests.engine.messages.outside import World, robot, subscribe
from tests.engine.messages.readers import CLERK, SECOND, Readers
from tests.webapp.official import file_appeal, open_task


def test_each_of_a_post_is_told_as_wished(readers: Readers, world: World) -> None:
    first, second = subscribe(readers, CLERK), subscribe(readers, SECOND, {"urged": Outside.OFF})
    told = readers.tell("甲")
    world.until_quiet()
    assert [messages for _, messages in world.arrived[first]] == [{told}]
    assert second not in world.arrived
    assert world.round() == 0


def test_who_holds_two_of_the_posts_is_told_once(readers: Readers, world: World) -> None:
    receiver = subscribe(readers, CLERK)
    told = readers.tell("甲", readers.post, readers.holder(CLERK))
    world.until_quiet()
    assert [messages for _, messages in world.arrived[receiver]] == [{told}]


def test_a_robot_speaks_for_its_post_only(readers: Readers, world: World) -> None:
    post, unit = robot(readers), robot(readers, position=None)
    told = readers.tell("甲", readers.post, f"supervisor@{readers.unit}")
    world.until_quiet()
    assert {name: [each for _, each in found] for name, found in world.arrived.items()} == {
        post: [{told}],
        unit: [{told}],
    }
    readers.tell("乙", f"supervisor@{readers.unit}")
    world.until_quiet()
    assert (len(world.arrived[post]), len(world.arrived[unit])) == (1, 2)


def test_quiet_hours_hold_back_until_they_are_over(readers: Readers, world: World, clock: FrozenClock) -> None:
    receiver = subscribe(readers, CLERK, quiet=(21, 7))
    clock.move_to(START.replace(hour=23))
    readers.tell("甲")
    clock.advance(hours=3)
    readers.tell("乙")
    world.round()
    assert world.arrived == {}
    clock.move_to(START.replace(day=25, hour=7))
    world.round()
    assert [len(messages) for _, messages in world.arrived[receiver]] == [2]


@pytest.mark.parametrize(("workdays_only", "day"), [(False, 28), (True, 30)])
def test_a_digest_comes_at_its_hour_on_its_days(
    readers: Readers, world: World, clock: FrozenClock, workdays_only: bool, day: int
) -> None:
    wishes = {"urged": Outside.DIGEST, "mentioned": Outside.DIGEST}
    receiver = subscribe(readers, CLERK, wishes, digest_hour=9, workdays_only=workdays_only)
    clock.move_to(START.replace(day=27, hour=15))  # a Friday
    readers.tell("甲", kind="urged")
    readers.tell("乙", kind="mentioned")
    world.round()
    clock.move_to(START.replace(day=day, hour=8, minute=59))
    world.round()
    assert world.arrived == {}
    clock.move_to(START.replace(day=day, hour=9))
    world.round()
    assert [len(messages) for _, messages in world.arrived[receiver]] == [2]


def test_a_new_task_and_its_deadlines_are_told_until_it_is_done(
    readers: Readers, world: World, clock: FrozenClock
) -> None:
    leader = subscribe(readers, "jinxing-1-leader")
    world.round()  # from here on the courier looks
    case = file_appeal(readers.engine)
    clock.advance(minutes=5)
    world.round()
    assert len(world.arrived[leader]) == 1
    task = open_task(readers.engine, case.id)
    assert task.due_at is not None
    for moment in (task.due_at.replace(day=task.due_at.day - 1), task.due_at):
        clock.move_to(moment)
        clock.advance(minutes=5)
        world.round()
    assert len(world.arrived[leader]) == 3
    clock.advance(minutes=5)
    world.round()
    assert len(world.arrived[leader]) == 3


def test_what_was_done_before_the_digest_is_left_out(readers: Readers, world: World, clock: FrozenClock) -> None:
    leader = subscribe(readers, "jinxing-1-leader", {})
    world.round()
    case = file_appeal(readers.engine)
    clock.advance(minutes=5)
    world.round()
    with readers.engine.begin(SYSTEM) as tx:
        instances.cancel(tx, case.id, "重复")
    clock.advance(days=1)
    world.round()
    assert leader not in world.arrived
    assert world.states() == {DeliveryState.DROPPED}


def test_nobody_who_wishes_nothing_costs_a_row(readers: Readers, world: World, clock: FrozenClock) -> None:
    world.round()
    file_appeal(readers.engine)
    clock.advance(minutes=5)
    world.round()
    assert world.deliveries() == []
    assert readers.messages("jinxing-1-leader") == []


def test_old_news_stay_inside(readers: Readers, world: World, clock: FrozenClock) -> None:
    subscribe(readers, CLERK)
    readers.tell("甲")
    clock.advance(days=3)
    world.round()
    assert world.deliveries() == []


def test_what_is_refused_for_long_is_given_up_and_can_be_sent_again(
    readers: Readers, world: World, clock: FrozenClock
) -> None:
    receiver = subscribe(readers, CLERK)
    world.fate = lambda: "refused"
    readers.tell("甲")
    world.until_quiet()
    (row,) = world.deliveries()
    assert (row.state, row.attempt, row.template) == (DeliveryState.FAILED, 5, "refused")
    world.fate = lambda: "arrives"
    with readers.at("admin") as tx:
        retry(tx, row.id)
    world.until_quiet()
    assert len(world.arrived[receiver]) == 1


def test_a_chat_that_never_answers_is_told_twice_at_most(readers: Readers, world: World) -> None:
    receiver = robot(readers)
    world.fate = lambda: "no answer"
    readers.tell("甲")
    world.until_quiet()
    assert len(world.arrived[receiver]) == 2
    assert world.states() == {DeliveryState.FAILED}


def test_what_one_courier_has_no_other_takes(readers: Readers, world: World) -> None:
    receiver, other = subscribe(readers, CLERK), World(readers.engine, world.clock)
    readers.tell("甲")
    meanwhile: list[int] = []

    def look() -> str:
        meanwhile.append(other.round())
        return "arrives"

    world.fate = look
    assert (world.round(), meanwhile) == (1, [0])
    assert (len(world.arrived[receiver]), len(other.arrived)) == (1, 0)


def test_a_courier_that_comes_too_late_changes_nothing(readers: Readers, world: World, clock: FrozenClock) -> None:
    receiver, other = subscribe(readers, CLERK), World(readers.engine, clock)
    readers.tell("甲")

    def dawdle() -> str:
        clock.advance(minutes=3)
        assert other.round() == 1
        return "refused"

    world.fate = dawdle
    assert world.round() == 0
    (row,) = world.deliveries()
    assert (row.state, row.attempt, row.template) == (DeliveryState.SENT, 2, None)
    assert len(other.arrived[receiver]) == 1


FATES = ("arrives", "refused", "dies before", "dies after", "no answer")


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fates=some.lists(some.sampled_from(FATES), max_size=8), gap=some.integers(0, 2))
def test_every_message_reaches_every_receiver_once(
    readers: Readers, clock: FrozenClock, fates: list[str], gap: int
) -> None:
    """A mail may be handed over twice, but with one Message-ID; a chat shows a second copy, and never a third."""
    world = World(readers.engine, clock)
    if not world.deliveries():
        for login in (CLERK, SECOND):
            subscribe(readers, login)
        robot(readers)
    ahead = iter(fates)
    world.fate = lambda: next(ahead, "arrives")
    told = set()
    for number in range(3):
        told.add(readers.tell(str(number)))
        if number == gap:
            world.round()
            clock.advance(minutes=3)
    world.until_quiet()
    with_failure = {row.receiver for row in world.deliveries() if row.state is DeliveryState.FAILED}
    for receiver, found in world.arrived.items():
        parcels = {message: {id for id, messages in found if message in messages} for message in told}
        if receiver.startswith("mail:"):
            assert all(len(ids) == 1 for ids in parcels.values())
        else:
            copies = [sum(message in messages for _, messages in found) for message in told]
            assert max(copies) <= 2
            assert min(copies) >= 1 or receiver in with_failure
    assert len(world.arrived) == 3 or with_failure
