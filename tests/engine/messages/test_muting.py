"""What somebody does not wish to hear of rings no bell and is not mailed; what is old is forgotten."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from engine import muting, notifications
from engine.errors import EngineError, NotFound
from engine.lifecycle import DeliveryState
from engine.people import SYSTEM
from engine.queries import bell
from engine.worker import Worker
from tests.clock import FrozenClock
from tests.engine.messages.outside import World, subscribe
from tests.engine.messages.readers import CLERK, SECOND, Readers
from tests.webapp.official import file_appeal


def test_a_muted_kind_is_not_counted_but_found(readers: Readers) -> None:
    readers.tell("有了进展", kind="watched")
    with readers.at(CLERK) as tx:
        muting.mute_kinds(tx, ["watched", "urged", "gossip"])
    readers.tell("请尽快", kind="urged")  # asks for an act, and can't be muted
    assert (readers.unread(CLERK), readers.unread(SECOND)) == (["请尽快"], ["请尽快", "有了进展"])
    assert [each.text for each in readers.messages(CLERK)] == ["请尽快", "有了进展"]
    with readers.at(CLERK) as tx:
        muting.mute_kinds(tx, [])
    assert readers.count(CLERK) == 2


def test_a_muted_case_is_silent_for_one_person_until_there_is_something_to_do(readers: Readers, world: World) -> None:
    case = file_appeal(readers.engine)

    def tell(kind: str, text: str) -> UUID:
        with readers.engine.begin(SYSTEM) as tx:
            return notifications.tell(tx, kind, [readers.post], case, text)

    receiver = subscribe(readers, CLERK)
    told = tell("process", "期限快到了")
    for _pressed_twice in range(2):
        with readers.at(CLERK) as tx:
            muting.mute_case_of(tx, told)
    assert (readers.count(CLERK), readers.count(SECOND)) == (0, 1)
    world.round()
    assert (world.arrived, world.states()) == ({}, {DeliveryState.DROPPED})
    urged = tell("urged", "请尽快")
    world.round()
    assert readers.unread(CLERK) == ["请尽快"]
    assert [messages for _, messages in world.arrived[receiver]] == [{urged}]
    with readers.at(CLERK) as tx:
        assert [each.id for each in bell.muted_cases(tx)] == [case.id]
        muting.unmute_case(tx, case.id)
    assert readers.count(CLERK) == 2


def test_only_a_message_to_oneself_mutes_its_case(readers: Readers) -> None:
    case = file_appeal(readers.engine)
    with readers.engine.begin(SYSTEM) as tx:
        told = notifications.tell(tx, "process", [readers.post], case, "期限快到了")
    of_no_case = readers.tell("没有事项")
    for login, message in (("chaoyang-secretary", told), (CLERK, of_no_case)):
        with readers.at(login) as tx, pytest.raises(NotFound):
            muting.mute_case_of(tx, message)


def test_old_messages_are_forgotten_unread_ones_later_and_those_to_applicants_never(
    readers: Readers, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(notifications.KEEP, "30")
    case = file_appeal(readers.engine)
    with readers.at(CLERK) as tx:
        notifications.tell(tx, "process", [f"receipt:{case.id}"], case, "不予受理")
    read = readers.tell("读过")
    readers.tell("没有读过")

    def kept() -> list[str]:
        assert Worker(readers.engine).drain() >= 0
        return sorted(each.text for each in readers.messages(SECOND) if "读过" in each.text)

    with readers.at(CLERK) as tx:
        notifications.mark_one_read(tx, read)
    clock.advance(days=30)
    assert kept() == ["没有读过", "读过"]
    clock.advance(days=1)
    assert kept() == ["没有读过"]
    clock.advance(days=30)
    assert kept() == []
    with readers.engine.read(SYSTEM) as tx:
        assert bell.of_case(tx, case.id, frozenset({f"receipt:{case.id}"}))[0].text == "不予受理"


def test_many_are_forgotten_a_few_at_a_time(readers: Readers, clock: FrozenClock) -> None:
    for text in ("甲", "乙", "丙"):
        readers.tell(text)
    with readers.at(CLERK) as tx:
        notifications.mark_all_read(tx)
    clock.advance(days=400)
    counts = []
    for _ in range(3):
        with readers.engine.begin(SYSTEM) as tx:
            counts.append(notifications.forget_old(tx, timedelta(days=180), most=2))
    assert counts == [2, 1, 0]


@pytest.mark.parametrize("text", ["0", "-1", "bald", "1.5", "99999"])
def test_how_long_is_a_number_of_days(text: str) -> None:
    with pytest.raises(EngineError, match="WUJI_KEEP_MESSAGES"):
        notifications.kept_for({notifications.KEEP: text})
