"""Results of settled cases: which are published, what of them, and taking one back."""

from __future__ import annotations

from uuid import UUID

import pytest

from engine import results
from engine.errors import AlreadyDone, InvalidVariables, NotAuthorized
from engine.people import ANONYMOUS
from engine.queries.results import Line, Wish, published
from engine.queries.story import story, story_for_resident
from tests.engine.commands.house import House, process

SHOWN = '={类别: 结果, 结果: "已解决", 摘要: 意见}'
WHEN = '=结果 = "同意"'
ADMIN = "admin"


def settle(house: House, days: int = 0, unit: str = "jinxing-1", **answers: str) -> UUID:
    """A case of this unit that is settled with these answers."""
    case = house.start(unit=unit)
    house.clock.advance(days=days)
    values = {"意见": "路灯已经装好", "结果": "同意", **answers}
    house.complete(case, values=values, by="jinxing-clerk" if unit.startswith("jinxing") else "chaoyang-clerk")
    return case


def read(house: House, **wish: str) -> list[Line]:
    """What somebody finds who has not signed in."""
    with house.engine.read(ANONYMOUS) as tx:
        return published(tx, Wish(**wish)).items


def deploy(house: House, shown: str = SHOWN, **facts: str) -> None:
    house.deploy(process(publishedResult=shown, publishedWhen=WHEN, **facts).user_task(form="f").end())


def test_a_settled_case_is_published_under_its_community_without_what_is_personal(house: House) -> None:
    deploy(house)
    case = settle(house, days=12, 电话="张家小店", 意见="张家小店门前的路灯已经装好，问 138 0000 0000。")
    (line,) = read(house)
    assert (line.unit, line.row.category, line.row.outcome, line.row.days) == ("金星社区", "同意", "已解决", 12)
    assert line.row.summary == "＊＊＊门前的路灯已经装好，问 ＊＊＊。"
    with house.reading() as tx:
        told = [each.type for each in story_for_resident(tx, house.case(case))]
    assert told[-2:] == ["instance_completed", "result_published"]


@pytest.mark.parametrize("reason", ["another answer", "confidential", "no declaration"])
def test_what_is_not_declared_stays_where_it_is(house: House, reason: str) -> None:
    deploy(
        house,
        SHOWN if reason != "no declaration" else "",
        **{"confidential": "true"} if reason == "confidential" else {},
    )
    settle(house, 结果="不同意" if reason == "another answer" else "同意")
    assert read(house) == []


def test_an_entry_that_reads_personal_data_is_never_published(house: House) -> None:
    deploy(house, '={类别: 结果, 结果: 电话, 摘要: "请拨打" + 电话}')
    settle(house, 电话="0543-3361234")
    (line,) = read(house)
    assert (line.row.category, line.row.outcome, line.row.summary) == ("同意", "", "")


def test_results_are_found_by_words_and_by_unit(house: House) -> None:
    deploy(house)
    settle(house)
    settle(house, unit="chaoyang-1", 意见="垃圾桶换了位置")
    assert [line.unit for line in read(house, search="垃圾桶 同意")] == ["朝阳社区"]
    assert [line.unit for line in read(house, search="金星")] == ["金星社区"]
    assert [line.unit for line in read(house, unit="shizhong")] == ["朝阳社区", "金星社区"]
    assert read(house, unit="pengli") == read(house, search="油烟") == []


def test_an_admin_takes_a_result_back_with_a_reason(house: House) -> None:
    deploy(house)
    case = settle(house)
    (line,) = read(house)
    for by, reason, error in (("jinxing-clerk", "写错", NotAuthorized), (ADMIN, " ", InvalidVariables)):
        with pytest.raises(error), house.at(by) as tx:
            results.withdraw(tx, line.row.id, reason)
    with house.at(ADMIN) as tx:
        results.withdraw(tx, line.row.id, "摘要写到了人")
    assert read(house) == []
    with pytest.raises(AlreadyDone), house.at(ADMIN) as tx:
        results.withdraw(tx, line.row.id, "再来一次")
    with house.reading() as tx:
        last = story(tx, house.case(case))[-1]
    assert (last.type, last.notes) == ("result_withdrawn", (("原因", "摘要写到了人"),))
