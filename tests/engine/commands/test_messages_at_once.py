"""Senders and cases at the same moment: a message is taken once, and never waits beside somebody who waits for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from threading import Barrier
from typing import TypeVar
from uuid import UUID

import pytest
from sqlalchemy import func, select

from engine import definitions, instances, messages
from engine.database import Transaction
from engine.errors import Conflict
from engine.messages import Outcome, Published
from engine.model.message import Message
from engine.model.process import ProcessInstance
from engine.people import SYSTEM
from tests.bpmn_xml import event, extension, message, properties
from tests.engine.commands.house import Drawing, House, process

MESSAGE = event("message", messageRef="m")
ROUNDS = 8
T = TypeVar("T")


def at_once(*acts: Callable[[], T]) -> list[T]:
    """Do all at the same moment; an act that met a conflict is done again, as its sentence says."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], T]) -> T:
        barrier.wait(10)
        for _ in range(20):
            try:
                return act()
            except Conflict:
                continue
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def while_open(first: Callable[[Transaction], T], second: Callable[[], object], house: House) -> T:
    """Let ``second`` begin while the transaction of ``first`` is still open, and end when it likes."""
    with ThreadPoolExecutor(1) as pool:
        with house.engine.begin(SYSTEM) as tx:
            result = first(tx)
            tx.session.flush()
            running = pool.submit(second)
            wait([running], timeout=0.3)  # long enough to end, unless it has to wait for us
        running.result()
    return result


def publish(house: House, key: str, message_id: str | None = None) -> Callable[[], Published]:
    def act() -> Published:
        with house.engine.begin(SYSTEM) as tx:
            return messages.publish(tx, "补充材料", key, message_id=message_id)

    return act


def start(house: House, key: str) -> Callable[[], UUID]:
    unit = house.unit("jinxing-1")

    def act() -> UUID:
        with house.engine.begin(SYSTEM) as tx:
            return instances.start(tx, "p", {"意见": key}, unit).instance.id

    return act


@pytest.fixture
def waiting(house: House) -> House:
    """Cases of this process wait for a message with the key that they are given."""
    house.deploy(process(start_form=True).catch("wait", MESSAGE).user_task().end().root(message(key="=意见")))
    return house


def left(house: House) -> int:
    with house.reading() as tx:
        return tx.session.scalar(select(func.count()).select_from(Message).where(Message.taken_at.is_(None))) or 0


def test_a_case_and_its_message_never_miss_each_other(waiting: House) -> None:
    for number in range(ROUNDS):
        case, _ = at_once(start(waiting, f"k{number}"), publish(waiting, f"k{number}"))
        waiting.drain()
        assert waiting.open(case) == ["a"], number
    assert left(waiting) == 0


def test_a_message_that_is_sent_while_a_case_begins_to_wait(waiting: House) -> None:
    unit = waiting.unit("jinxing-1")

    def begin(tx: Transaction) -> UUID:
        return instances.start(tx, "p", {"意见": "甲"}, unit).instance.id

    case = while_open(begin, publish(waiting, "甲"), waiting)
    waiting.drain()
    assert (waiting.open(case), left(waiting)) == (["a"], 0)


def test_a_case_that_begins_to_wait_while_a_message_is_kept(waiting: House) -> None:
    cases: list[UUID] = []
    while_open(lambda tx: messages.publish(tx, "补充材料", "甲"), lambda: cases.append(start(waiting, "甲")()), waiting)
    waiting.drain()
    assert (waiting.open(cases[0]), left(waiting)) == (["a"], 0)


def test_a_process_that_is_published_while_a_message_is_kept(house: House) -> None:
    starting = Drawing("p", process_inner=extension(properties(startUnit="jinxing-1"))).start("told", MESSAGE)
    starting.user_task().end().root(message(key=None))

    def deploy() -> None:
        with house.engine.begin(SYSTEM) as tx:
            definitions.deploy_file(tx, "p", starting.xml().decode(), "")

    while_open(lambda tx: messages.publish(tx, "补充材料", "甲"), deploy, house)
    house.drain()
    assert left(house) == 0


def test_two_messages_go_to_two_cases(waiting: House) -> None:
    for number in range(ROUNDS):
        cases = [start(waiting, f"k{number}")() for _ in range(2)]
        found = at_once(publish(waiting, f"k{number}"), publish(waiting, f"k{number}"))
        waiting.drain()
        assert [waiting.open(case) for case in cases] == [["a"], ["a"]], found
    assert left(waiting) == 0


def test_of_two_messages_for_one_case_the_other_is_kept(waiting: House) -> None:
    for number in range(ROUNDS):
        case = start(waiting, f"k{number}")()
        found = at_once(publish(waiting, f"k{number}"), publish(waiting, f"k{number}"))
        waiting.drain()
        assert Counter(each.outcome for each in found) == {Outcome.DELIVERED: 1, Outcome.KEPT: 1}
        assert waiting.events(case).count("message_received") == 1
    assert left(waiting) == ROUNDS


def test_of_two_with_one_id_one_is_a_duplicate(waiting: House) -> None:
    for number in range(ROUNDS):
        found = at_once(*(publish(waiting, f"k{number}", "单") for _ in range(2)))
        assert sorted(each.outcome for each in found) == [Outcome.DUPLICATE, Outcome.KEPT]
    assert left(waiting) == ROUNDS


def test_two_messages_of_one_key_start_one_case_at_a_time(house: House) -> None:
    starting = Drawing("p", process_inner=extension(properties(startUnit="jinxing-1"))).start("told", MESSAGE)
    house.deploy(starting.user_task().end().root(message(key=None)))
    for number in range(ROUNDS):
        found = at_once(*(publish(house, f"k{number}") for _ in range(2)))
        assert Counter(each.outcome for each in found) == {Outcome.STARTED: 1, Outcome.KEPT: 1}
        with house.reading() as tx:
            query = select(ProcessInstance.id).where(ProcessInstance.correlation_key == f"k{number}")
            (first,) = tx.session.scalars(query)
        house.complete(first)
        house.drain()
        with house.reading() as tx:
            assert len(tx.session.scalars(query).all()) == 2
    assert left(house) == 0
