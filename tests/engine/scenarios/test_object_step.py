"""The step of scenarios with which people object to a public notice."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from engine.model.notice import Notice, Objection
from engine.scenarios import ScenarioFailed
from tests.engine.commands.house import House, io, process
from tests.engine.commands.noticing import INPUTS, collecting, publishing, whole
from tests.engine.scenarios.playing import play


def objections(house: House) -> list[Objection]:
    with house.reading() as tx:
        return list(tx.session.scalars(select(Objection).order_by(Objection.seq)))


def test_people_object_with_and_without_an_account_until_the_period_is_over(house: House) -> None:
    house.deploy(whole())
    play(
        house,
        """
        - object: 车位挡住消防通道。
          by: resident-1
        - object: 太吵
          name: 王某
          phone: 0543-3361234
        - expect: {open: []}
        - advance: P7D
        - expect: {open: [a], variables: {异议数: 2}}
        - object: 太晚
          refused: true
          because: 不能再提出异议
        - complete: a
          by: community_clerk@community
          values: {意见: 异议不成立}
        - expect: {state: completed}
        """,
    )
    first, second = objections(house)
    resident = house.actor("resident-1")
    assert (first.account_id, first.name) == (resident.account_id, resident.name)
    assert (second.account_id, second.name, second.phone) == (None, "王某", "0543-3361234")


def test_the_notice_of_another_case_is_named_by_its_process(house: House) -> None:
    house.deploy(publishing(to=None).user_task().end())
    house.deploy(process("q").user_task().end())
    play(
        house,
        """
        - start: p
        - object: 太吵
          in: p
        """,
        key="q",
    )
    assert [each.text for each in objections(house)] == ["太吵"]


def test_of_several_notices_the_newest_is_meant(house: House) -> None:
    drawing = publishing()
    drawing.service("again", "publish_notice", io(inputs={**INPUTS, "title": '="第二次公示"'}))
    house.deploy(drawing.user_task().end())
    play(house, "- object: 太吵")
    with house.reading() as tx:
        query = select(Notice.title).join(Objection, Objection.notice_id == Notice.id)
        assert tx.session.scalars(query).all() == ["第二次公示"]


def test_a_notice_that_is_over_refuses(house: House) -> None:
    house.deploy(collecting(publishing()).end())
    with pytest.raises(ScenarioFailed, match="公示期满"):
        play(house, "- object: 太吵")


def test_a_case_without_a_notice_has_nothing_to_object_to(house: House) -> None:
    house.deploy(process().user_task().end())
    with pytest.raises(ScenarioFailed, match="还没有发布公示"):
        play(house, "- object: 太吵")


def test_an_objection_that_says_nothing_fails(house: House) -> None:
    house.deploy(publishing().user_task().end())
    with pytest.raises(ScenarioFailed, match="请填写异议内容"):
        play(house, "- object: ''")
