"""Messages that come early, late, twice or for nobody: each is told what became of it, and is taken once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from engine import messages
from engine.errors import InvalidVariables
from engine.messages import Outcome, Published
from engine.model.message import Message
from engine.people import SYSTEM
from engine.worker import Worker
from tests.bpmn_xml import event, message
from tests.engine.commands.house import Drawing, House, process

MESSAGE = event("message", messageRef="m")
#: The correlation key is a variable that the case starts with.
ROOT = message(key="=意见")


def catching() -> Drawing:
    return process(start_form=True).catch("wait", MESSAGE).user_task().end().root(ROOT)


def publish(house: House, key: str, payload: dict[str, Any] | None = None, **more: Any) -> Published:
    with house.at() as tx:
        return messages.publish(tx, "补充材料", key, payload, **more)


def start(house: House, key: str) -> UUID:
    return house.start(values={"意见": key})


def rows(house: House) -> int:
    with house.reading() as tx:
        return tx.session.scalar(select(func.count()).select_from(Message)) or 0


def test_whoever_waits_gets_it_at_once(house: House) -> None:
    house.deploy(catching())
    case = start(house, "甲")
    assert publish(house, "甲", {"附言": "已寄"}) == Published(Outcome.DELIVERED, case)
    assert (house.open(case), house.variables(case)["附言"], rows(house)) == (["a"], "已寄", 0)


def test_an_early_message_waits_for_its_case(house: House) -> None:
    house.deploy(catching())
    assert publish(house, "甲", {"附言": "早到"}).outcome is Outcome.KEPT
    other = start(house, "乙")
    case = start(house, "甲")
    assert house.drain() == 1
    assert (house.open(case), house.open(other)) == (["a"], [])
    assert house.variables(case)["附言"] == "早到"
    assert house.events(case).count("message_received") == 1


def test_early_messages_are_taken_in_the_order_in_which_they_came(house: House) -> None:
    house.deploy(catching())
    for number in range(3):
        publish(house, "甲", {"次": number})
    taken = []
    for _ in range(3):
        case = start(house, "甲")
        house.drain()
        taken.append(house.variables(case)["次"])
    assert taken == [0, 1, 2]


def test_of_several_that_wait_the_first_gets_it(house: House) -> None:
    house.deploy(catching())
    first = start(house, "甲")
    house.clock.advance(seconds=1)
    second = start(house, "甲")
    assert publish(house, "甲").instance_id == first
    assert publish(house, "甲").instance_id == second


def test_a_message_whose_time_is_over_is_taken_by_nobody(house: House) -> None:
    house.deploy(catching())
    publish(house, "甲", ttl=timedelta(minutes=10))
    house.clock.advance(minutes=10)
    case = start(house, "甲")
    house.drain()
    assert house.open(case) == []
    house.clock.advance(days=1)
    Worker(house.engine).drain()  # house is kept once a day
    assert rows(house) == 0
    assert [data for row, data in house.history() if row.type == "messages_expired"] == [
        {"name": "补充材料", "count": 1}
    ]


def test_a_late_message_is_kept_for_whoever_comes_next(house: House) -> None:
    house.deploy(catching())
    first = start(house, "甲")
    house.cancel(first)
    assert publish(house, "甲").outcome is Outcome.KEPT
    second = start(house, "甲")
    house.drain()
    assert house.open(second) == ["a"]


def test_what_is_not_to_be_kept_is_unwanted(house: House) -> None:
    house.deploy(catching())
    assert publish(house, "甲", ttl=timedelta()) == Published(Outcome.UNWANTED)
    case = start(house, "甲")
    house.drain()
    assert (house.open(case), rows(house)) == ([], 0)


def test_a_second_message_of_the_same_id_is_a_duplicate_until_its_time_is_over(house: House) -> None:
    house.deploy(catching())
    first, second = start(house, "甲"), start(house, "甲")
    taken = publish(house, "甲", message_id="单-1", ttl=timedelta(hours=2))
    assert taken.outcome is Outcome.DELIVERED
    assert taken.instance_id in (first, second)
    assert publish(house, "甲", message_id="单-1") == Published(Outcome.DUPLICATE, taken.instance_id)
    assert publish(house, "乙", message_id="单-1").outcome is Outcome.KEPT  # another key is another message
    assert publish(house, "乙", message_id="单-1") == Published(Outcome.DUPLICATE)
    house.clock.advance(hours=2)
    assert publish(house, "甲", message_id="单-1").outcome is Outcome.DELIVERED
    assert (house.open(first), house.open(second)) == (["a"], ["a"])


def test_an_id_outlives_the_taking_of_an_early_message(house: House) -> None:
    house.deploy(catching())
    publish(house, "甲", {"附言": "早到"}, message_id="单-1")
    case = start(house, "甲")
    house.drain()
    assert publish(house, "甲", message_id="单-1") == Published(Outcome.DUPLICATE, case)
    with house.reading() as tx:
        assert tx.session.scalars(select(Message.payload)).all() == [{}]  # what the case has is not kept twice


@pytest.mark.parametrize(
    ("name", "key", "id"), [("", "甲", None), ("n" * 201, "", None), ("n", "k" * 201, None), ("n", "k", "i" * 201)]
)
def test_texts_that_no_column_holds_are_refused(house: House, name: str, key: str, id: str | None) -> None:
    with pytest.raises(InvalidVariables), house.engine.begin(SYSTEM) as tx:
        messages.publish(tx, name, key, message_id=id)


def test_a_cycle_of_catching_takes_one_message_each_time(house: House) -> None:
    drawing = process(start_form=True).gateway("exclusive", "again").catch("wait", MESSAGE)
    drawing.script("count", "=if 次 = null then 1 else 次 + 1", "次").gateway("exclusive", "enough", default="back")
    drawing.when("=次 >= 3").user_task().end().flow("enough", "again", flow_id="back").root(ROOT)
    house.deploy(drawing)
    for _ in range(4):
        publish(house, "甲")
    case = start(house, "甲")
    house.drain()
    assert (house.open(case), house.variables(case)["次"]) == (["a"], 3)
    with house.reading() as tx:
        assert len(tx.session.scalars(select(Message).where(Message.taken_at.is_(None))).all()) == 1
