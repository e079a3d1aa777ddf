"""The organisation tree: places, ancestors, children, and when it is read anew."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest

from engine.database import Engine
from engine.errors import Conflict, InvalidState, InvalidVariables, NotAuthorized, NotFound
from engine.feel import FeelEvaluationError, compile
from engine.feel.environment import Environment
from engine.model.base import new_id
from engine.model.people import Level
from engine.people import ANONYMOUS, SYSTEM, org_tree, tree_functions
from engine.people.commands import add_position, add_unit, close_unit
from tests.engine.people.town import build_town


class _Failed(Exception):
    """Stands for whatever goes wrong in the middle of a command."""


def test_finds_the_unit_of_each_level_above(engine: Engine) -> None:
    town = build_town(engine)

    above = [town.tree.ancestor(town.units["jinxing-1"], level) for level in Level]

    assert [unit and unit.name for unit in above] == ["滨城区", "市中街道", "金星社区", "金星社区一组", None, None]


def test_calls_units_and_levels_by_their_names(engine: Engine) -> None:
    tree = build_town(engine).tree

    assert tree.called(["jinxing-1", "subdistrict", "别的"]) == ["金星社区一组", "街道", "别的"]
    assert tree.called(3) == 3


def test_lists_the_units_below_directly_or_at_a_level(engine: Engine) -> None:
    town = build_town(engine)
    subdistrict = town.units["shizhong"]

    assert [unit.code for unit in town.tree.children(subdistrict)] == ["chaoyang", "jinxing"]
    groups = town.tree.children(subdistrict, Level.GROUP)
    assert [unit.code for unit in groups] == ["chaoyang-1", "jinxing-1", "jinxing-2"]


def test_says_which_unit_does_not_exist(engine: Engine) -> None:
    unknown = new_id()

    with pytest.raises(NotFound, match=str(unknown)):
        build_town(engine).tree.unit(unknown)


def test_a_closed_unit_is_no_longer_among_the_children_but_can_still_be_named(engine: Engine) -> None:
    town = build_town(engine)

    with engine.begin(SYSTEM) as tx:
        close_unit(tx, town.units["jinxing-2"])

    assert [unit.code for unit in town.tree.children(town.units["jinxing"])] == ["jinxing-1"]
    assert town.tree.unit(town.units["jinxing-2"]).name == "金星社区二组"


def test_a_unit_with_active_units_below_cannot_be_closed(engine: Engine) -> None:
    town = build_town(engine)

    with engine.begin(SYSTEM) as tx, pytest.raises(InvalidState, match="金星社区一组"):
        close_unit(tx, town.units["jinxing"])


def test_is_kept_in_memory_until_something_changes(engine: Engine) -> None:
    town = build_town(engine)
    before = town.tree

    assert town.tree is before
    with engine.begin(SYSTEM) as tx:
        add_unit(tx, Level.GROUP, "jinxing-3", "金星社区三组", town.units["jinxing"])
    assert town.tree.by_code("jinxing-3") is not None


def test_another_process_sees_the_change_too(engine: Engine, reopen: Callable[[], Engine]) -> None:
    town, other = build_town(engine), reopen()
    with other.read(SYSTEM) as tx:
        assert org_tree(tx).by_code("jinxing-3") is None

    with engine.begin(SYSTEM) as tx:
        add_unit(tx, Level.GROUP, "jinxing-3", "金星社区三组", town.units["jinxing"])

    with other.read(SYSTEM) as tx:
        assert org_tree(tx).by_code("jinxing-3") is not None


def test_what_is_rolled_back_is_never_kept(engine: Engine) -> None:
    town = build_town(engine)

    with contextlib.suppress(_Failed), engine.begin(SYSTEM) as tx:
        add_unit(tx, Level.GROUP, "ghost", "没有提交的小组", town.units["jinxing"])
        assert org_tree(tx).by_code("ghost") is not None
        raise _Failed
    with engine.begin(SYSTEM) as tx:
        add_unit(tx, Level.GROUP, "jinxing-3", "金星社区三组", town.units["jinxing"])

    assert town.tree.by_code("ghost") is None
    assert town.tree.by_code("jinxing-3") is not None


def test_a_unit_hangs_only_below_a_level_that_fits(engine: Engine) -> None:
    town = build_town(engine)

    with engine.begin(SYSTEM) as tx, pytest.raises(InvalidState, match="“社区”不能设在“滨城区”之下"):
        add_unit(tx, Level.COMMUNITY, "new", "新社区", town.units["bincheng"])


def test_a_code_is_taken_once(engine: Engine) -> None:
    town = build_town(engine)

    with engine.begin(SYSTEM) as tx, pytest.raises(Conflict, match="jinxing-1"):
        add_unit(tx, Level.GROUP, "jinxing-1", "又一个一组", town.units["jinxing"])


@pytest.mark.parametrize("code", ["金星", "Jinxing", "", "1st", "group", "a" * 61])
def test_a_code_that_diagrams_could_not_use_is_refused(engine: Engine, code: str) -> None:
    town = build_town(engine)

    with engine.begin(SYSTEM) as tx, pytest.raises(InvalidVariables) as refused:
        add_unit(tx, Level.GROUP, code, "新小组", town.units["jinxing"])

    assert list(refused.value.errors) == ["code"]


def test_a_position_grants_only_permissions_that_exist(engine: Engine) -> None:
    with engine.begin(SYSTEM) as tx, pytest.raises(InvalidVariables, match=r"case\.fly"):
        add_position(tx, "pilot", "飞行员", Level.GROUP, ["case.fly"])


def test_only_who_manages_people_changes_the_tree(engine: Engine) -> None:
    with engine.begin(ANONYMOUS) as tx, pytest.raises(NotAuthorized, match="管理单位、岗位和账号"):
        add_unit(tx, Level.DISTRICT, "elsewhere", "别处")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("count(children(unit))", 2),
        ('count(下级单位(unit, "居民小组"))', 3),
        ('单位名称(上级单位(unit, "district"))', "滨城区"),
        ("unit name(children(unit)[1])", "朝阳社区"),
        ('unit name(unit by code("civil_affairs"))', "区民政局"),
        ('unit by code("nowhere")', None),
    ],
)
def test_expressions_ask_about_the_tree(engine: Engine, expression: str, expected: object) -> None:
    town = build_town(engine)
    feel = Environment(functions=tree_functions(town.tree))

    value = compile(expression, feel.functions).evaluate({"unit": str(town.units["shizhong"])}, feel)

    assert value == expected


@pytest.mark.parametrize("expression", ['children("nobody")', "children(12)", 'children(unit, "省")'])
def test_a_question_about_no_unit_is_answered_with_a_sentence(engine: Engine, expression: str) -> None:
    town = build_town(engine)
    feel = Environment(functions=tree_functions(town.tree))

    with pytest.raises(FeelEvaluationError, match=r"不是单位的编号|没有“省”这个层级"):
        compile(expression).evaluate({"unit": str(town.units["shizhong"])}, feel)
