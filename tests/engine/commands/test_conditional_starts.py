"""Processes that start when facts from outside make a condition true."""

from __future__ import annotations

from sqlalchemy import select

from engine import messages
from engine.model.history import SYSTEM_CHAIN, HistoryEvent
from tests.bpmn_xml import event, extension, properties
from tests.engine.commands.house import Drawing, House


def flood(condition: str, key: str = "p") -> Drawing:
    start = event("conditional", f"<bpmn:condition>{condition}</bpmn:condition>")
    inner = extension(properties(startUnit="jinxing"))
    return Drawing(key, process_inner=inner).start("rising", start).user_task("a").end()


def tell(house: House, **facts: object) -> list[object]:
    with house.at() as tx:
        return list(messages.tell(tx, facts))


def test_a_case_starts_with_the_facts_that_made_the_condition_true(house: House) -> None:
    house.deploy(flood("=水位 &gt; 5"))
    assert tell(house, 水位=3) == []
    (case,) = tell(house, 水位=6)
    assert house.open(case) == ["a"]
    assert house.variables(case) == {"水位": 6}


def test_telling_again_starts_again_and_only_the_newest_version_listens(house: House) -> None:
    house.deploy(flood("=水位 &gt; 5"))
    house.deploy(flood("=水位 &gt; 50"))
    assert tell(house, 水位=6) == []
    assert len(tell(house, 水位=60)) == len(tell(house, 水位=60)) == 1


def test_a_condition_that_fails_keeps_no_other_process_from_starting(house: House) -> None:
    house.deploy(flood("=水位 &gt; 5", "q"))
    house.deploy(flood("=for i in 1..10**9 return i", "p"))
    assert len(tell(house, 水位=6)) == 1
    with house.reading() as tx:
        query = select(HistoryEvent.type).where(HistoryEvent.chain_id == SYSTEM_CHAIN)
        assert "start_failed" in tx.session.scalars(query).all()
