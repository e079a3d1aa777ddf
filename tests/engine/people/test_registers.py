"""Registers to choose from in forms: units, posts, and who holds them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.clock import local_day
from engine.database import Engine
from engine.execution import feel_environment
from engine.feel import FeelEvaluationError, compile
from engine.model.people import AccountKind
from engine.people import SYSTEM
from engine.people.commands import appoint, close_unit
from tests.clock import FrozenClock
from tests.engine.people.town import Town, build_town


def options(engine: Engine, expression: str, **values: str) -> list[dict[str, str]]:
    """What an expression gives as of now."""
    with engine.read(SYSTEM) as tx:
        env = feel_environment(tx)
    found = compile(expression, env.functions).evaluate(values, env)
    assert isinstance(found, list)
    return found


def labels(engine: Engine, expression: str, **values: str) -> list[str]:
    """How its options are called."""
    return [option["label"] for option in options(engine, expression, **values)]


def unit(town: Town, code: str) -> str:
    """The id of a unit, as expressions have it."""
    return str(town.units[code])


def test_units_of_a_level_everywhere_or_below_one(engine: Engine) -> None:
    town = build_town(engine)

    assert labels(engine, 'units("社区")') == ["朝阳社区", "金星社区"]
    assert labels(engine, '单位名录("group", unit)', unit=unit(town, "jinxing")) == ["金星社区一组", "金星社区二组"]
    assert options(engine, 'units("街道")')[0]["value"] == unit(town, "shizhong")


def test_closed_units_are_not_offered(engine: Engine) -> None:
    town = build_town(engine)

    with engine.begin(SYSTEM) as tx:
        close_unit(tx, town.units["jinxing-2"])

    assert "金星社区二组" not in labels(engine, 'units("居民小组")')


def test_posts_of_a_unit_and_of_those_below_it(engine: Engine) -> None:
    town = build_town(engine)

    [secretary] = options(engine, "posts(unit)", unit=unit(town, "jinxing"))
    assert secretary == {"value": f"community_secretary@{unit(town, 'jinxing')}", "label": "金星社区书记"}
    below = labels(engine, '岗位名录(unit, "居民小组")', unit=unit(town, "chaoyang"))
    assert below == ["朝阳社区一组组长", "朝阳社区一组居民"]


def test_people_of_a_post_by_its_key_or_its_name(engine: Engine) -> None:
    town = build_town(engine)
    first = town.person("first", "group_leader@jinxing-1")
    town.person("second", "group_leader@jinxing-2")
    town.person("neighbour", "resident@jinxing-1", kind=AccountKind.RESIDENT)

    found = options(engine, '任职人员("组长", unit)', unit=unit(town, "jinxing-1"))

    assert found == [{"value": str(first), "label": "账号first（金星社区一组组长）"}]
    assert len(options(engine, 'people of post("group_leader")')) == 2
    assert options(engine, 'people of post("居民")') == []


def test_a_post_is_held_from_its_first_day_to_its_last(engine: Engine, clock: FrozenClock) -> None:
    town = build_town(engine)
    account = town.person("later")
    tomorrow = local_day(clock.now) + timedelta(days=1)
    with engine.begin(SYSTEM) as tx:
        appoint(tx, account, "group_leader", town.units["jinxing-1"], tomorrow, tomorrow)

    counts = []
    for _day in range(3):
        counts.append(len(options(engine, 'people of post("组长")')))
        clock.advance(days=1)

    assert counts == [0, 1, 0]


@pytest.mark.parametrize("expression", ['people of post("市长")', 'units("省")', 'posts("nowhere")'])
def test_a_question_that_makes_no_sense_is_answered_with_a_sentence(engine: Engine, expression: str) -> None:
    build_town(engine)
    with pytest.raises(FeelEvaluationError, match=r"没有“.*”|不是单位的编号"):
        options(engine, expression)
