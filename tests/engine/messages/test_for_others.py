"""Substitutes hear of the work that they do for others: while they do it, as they wish, and marked as such."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from engine import instances, notifications, substitutions
from engine.errors import NotFound
from engine.lifecycle import DeliveryState
from engine.notifications import Outside
from engine.people import SYSTEM
from engine.queries import bell
from tests.clock import FrozenClock
from tests.engine.messages.outside import World, subscribe
from tests.engine.messages.readers import CLERK, Readers
from tests.webapp.official import APPEAL, file_appeal, report_solved

AWAY = CLERK
DELEGATE = "chaoyang-clerk"
POST_OF_OTHERS = "金星社区工作人员"


def substitute(readers: Readers, *processes: str, starts_in: int = 0, days: int = 2) -> UUID:
    """Let the delegate do the clerk's work."""
    ids = [readers.actor(login).account_id for login in (AWAY, DELEGATE)]
    with readers.at(AWAY) as tx:
        first = tx.now.date() + timedelta(days=starts_in)
        last = first + timedelta(days=days - 1)
        return substitutions.set_up(tx, ids[0], [ids[1]], first, last, "休假", process_keys=processes).id  # type: ignore[arg-type] # both have accounts


def heard(readers: Readers) -> list[tuple[str, str]]:
    """What the delegate has not read of what others are told, and for whom."""
    return [(each.text, each.for_whom) for each in readers.messages(DELEGATE, unread_only=True) if each.for_whom]


def test_what_comes_meanwhile_is_heard_and_marked(readers: Readers, clock: FrozenClock) -> None:
    readers.tell("早先的")
    clock.advance(days=1)
    substitute(readers, days=2)
    told = readers.tell("按岗位", readers.post)
    readers.tell("按姓名", readers.holder(AWAY), kind="returned")
    readers.tell("两样都有", readers.post, readers.holder(AWAY))
    readers.tell("与工作无关", readers.post, kind="mentioned")
    assert sorted(heard(readers)) == [(text, POST_OF_OTHERS) for text in ("两样都有", "按姓名", "按岗位")]
    # what the delegate reads is still new to whoever is away
    with readers.at(DELEGATE) as tx:
        notifications.mark_one_read(tx, told)
    assert len(heard(readers)) == 2
    assert readers.count(AWAY) == 5
    with readers.at(DELEGATE) as tx:
        notifications.mark_all_read(tx)
    assert (readers.count(DELEGATE), readers.count(AWAY)) == (0, 5)
    # and afterwards nothing is left of it
    clock.advance(days=2)
    readers.tell("后来的")
    assert [each for each in readers.messages(DELEGATE) if each.for_whom or each.text == "后来的"] == []
    with pytest.raises(NotFound), readers.engine.read(readers.actor(DELEGATE)) as tx:
        bell.place_of(tx, told)


def test_only_the_chosen_processes_and_never_a_matter_of_ones_own(readers: Readers) -> None:
    case = file_appeal(readers.engine)
    with readers.at(DELEGATE) as tx:
        own = instances.start(tx, "appeal", APPEAL, case.unit_id, own_matter=True).instance
    substitute(readers, "appeal")
    with readers.engine.begin(SYSTEM) as tx:
        for each, text in ((case, "别人的"), (own, "自己的")):
            notifications.tell(tx, "urged", [readers.post], each, text)
    readers.tell("不属于任何事项")
    assert heard(readers) == [("别人的", POST_OF_OTHERS)]
    (message,) = [each for each in readers.messages(DELEGATE) if each.for_whom]
    with readers.engine.read(readers.actor(DELEGATE)) as tx:
        assert bell.place_of(tx, message.id).instance_id == case.id


def test_it_goes_out_as_the_substitute_wishes(readers: Readers, world: World) -> None:
    receiver = subscribe(readers, DELEGATE, {"returned": Outside.OFF, "substitution": Outside.OFF})
    substitute(readers)
    told = readers.tell("甲", readers.post, readers.holder(AWAY))
    readers.tell("乙", kind="returned")
    world.until_quiet()
    assert [messages for _, messages in world.arrived[receiver]] == [{told}]


def test_what_waits_for_the_digest_is_dropped_once_it_is_over(
    readers: Readers, world: World, clock: FrozenClock
) -> None:
    receiver = subscribe(readers, DELEGATE, {"urged": Outside.DIGEST, "substitution": Outside.OFF}, digest_hour=8)
    id = substitute(readers)
    readers.tell("甲")
    world.round()
    with readers.at(AWAY) as tx:
        substitutions.end(tx, id, "提前返岗")
    clock.advance(days=1)
    world.until_quiet()
    assert receiver not in world.arrived
    dropped = [each for each in world.deliveries() if each.state is DeliveryState.DROPPED]
    assert [each.template for each in dropped] == ["接收人不再负责这项工作。"]


def test_a_new_task_of_the_post_is_told_to_the_substitute(readers: Readers, world: World, clock: FrozenClock) -> None:
    receiver = subscribe(readers, DELEGATE, {"substitution": Outside.OFF})
    substitute(readers)
    world.round()
    report_solved(readers.engine, "楼道堆放纸箱")
    clock.advance(minutes=5)
    world.until_quiet()
    assert receiver in world.arrived
