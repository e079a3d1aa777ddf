"""How work finds people: position@place becomes holders."""

from __future__ import annotations

import pytest

from engine.database import Engine
from engine.errors import StepFailed
from engine.model.base import new_id
from engine.people import SYSTEM, account_holder, post_holder, receipt_holder, resolve_holders, vacant_posts
from engine.people.commands import close_unit
from tests.engine.people.town import build_town


def test_a_level_is_the_unit_above_the_case_at_that_level(engine: Engine) -> None:
    town = build_town(engine)

    holders = resolve_holders(
        town.tree, ["group_leader@group", "community_secretary@community"], town.units["jinxing-2"]
    )

    assert holders == (
        post_holder("group_leader", town.units["jinxing-2"]),
        post_holder("community_secretary", town.units["jinxing"]),
    )


def test_a_department_goes_by_its_code(engine: Engine) -> None:
    town = build_town(engine)

    holders = resolve_holders(town.tree, ["officer@civil_affairs"], town.units["jinxing-1"])

    assert holders == (post_holder("officer", town.units["civil_affairs"]),)


def test_an_expression_may_give_the_id_of_a_unit_and_several_groups_in_one_text(engine: Engine) -> None:
    town = build_town(engine)
    elsewhere = town.units["chaoyang-1"]

    holders = resolve_holders(town.tree, [f"group_leader@{elsewhere}, officer@civil_affairs"], None)

    assert holders == (post_holder("group_leader", elsewhere), post_holder("officer", town.units["civil_affairs"]))


def test_the_applicant_is_reached_by_account_and_by_receipt(engine: Engine) -> None:
    town = build_town(engine)
    applicant = (account_holder(new_id()), receipt_holder(new_id()))

    assert resolve_holders(town.tree, ["@applicant"], None, applicant) == applicant


def test_each_holder_counts_once(engine: Engine) -> None:
    town = build_town(engine)

    holders = resolve_holders(town.tree, ["group_leader@group", "group_leader@jinxing-1"], town.units["jinxing-1"])

    assert holders == (post_holder("group_leader", town.units["jinxing-1"]),)


@pytest.mark.parametrize(
    ("group", "place", "sentence"),
    [
        ("group_leader@group", "jinxing", "“金星社区”的上级中没有“居民小组”这一级"),
        ("group_leader@nowhere", "jinxing-1", "“nowhere”不是层级"),
        ("mayor@group", "jinxing-1", "没有“mayor”这个岗位"),
        ("group_leader@community", "jinxing-1", "岗位“组长”只设在“居民小组”一级"),
        ("group_leader", "jinxing-1", "应写成“岗位@地点”"),
        ("@group", "jinxing-1", "应写成“岗位@地点”"),
        ("@applicant", "jinxing-1", "没有申请人"),
        ("group_leader@group", None, "事项没有所属单位"),
    ],
)
def test_says_what_cannot_be_found(engine: Engine, group: str, place: str | None, sentence: str) -> None:
    town = build_town(engine)

    with pytest.raises(StepFailed, match=sentence):
        resolve_holders(town.tree, [group], town.units[place] if place else None)


def test_a_closed_unit_gets_no_more_work(engine: Engine) -> None:
    town = build_town(engine)
    with engine.begin(SYSTEM) as tx:
        close_unit(tx, town.units["jinxing-2"])

    with pytest.raises(StepFailed, match="“金星社区二组”已停用"):
        resolve_holders(town.tree, ["group_leader@group"], town.units["jinxing-2"])


def test_a_vacant_post_gets_work_all_the_same_and_is_named(engine: Engine) -> None:
    town = build_town(engine)
    town.person("leader", "group_leader@jinxing-1")
    one, two = town.units["jinxing-1"], town.units["jinxing-2"]

    holders = resolve_holders(town.tree, [f"group_leader@{one}", f"group_leader@{two}"], None)

    with engine.read(SYSTEM) as tx:
        assert vacant_posts(tx, (*holders, account_holder(new_id()))) == (post_holder("group_leader", two),)
