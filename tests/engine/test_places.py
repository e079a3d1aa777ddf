"""Finding one's group by what people call the place where they live; keeping and importing such names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import places
from engine.database import Engine
from engine.errors import InvalidState, InvalidVariables, NotAuthorized
from engine.model.place import PlaceKind
from engine.people import ANONYMOUS, SYSTEM, org_tree
from engine.queries.places import MOST_FOUND, find_groups, places_of, step_down


@pytest.fixture(scope="module")
def known(furnished_sqlite: Path) -> Iterator[Engine]:
    """The demo organisation with its places, only to be read."""
    with Engine(f"sqlite:///{furnished_sqlite}") as engine:
        yield engine


def codes(engine: Engine, text: str) -> list[str]:
    with engine.read(ANONYMOUS) as tx:
        return [each.unit.code for each in find_groups(tx, text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("金星家园", ["jinxing-1"]),
        ("金星家园3号楼2单元501", ["jinxing-1"]),
        ("３号楼 金星家园", ["jinxing-1"]),
        ("金星社区一组", ["jinxing-1"]),
        ("金星一组", ["jinxing-1"]),
        ("市中街道金星社区二组", ["jinxing-2"]),
        ("供电局", ["jinxing-3"]),
        ("金星社区", ["jinxing-1", "jinxing-2", "jinxing-3"]),
        ("金星路", ["jinxing-1", "jinxing-2", "jinxing-3"]),
        ("金星路26号", ["jinxing-2"]),
        ("清风雅居小区", ["qingfeng-1"]),
        ("没有这个地方", []),
        ("", []),
        ("，。", []),
        ("x" * 10_000, []),
    ],
)
def test_groups_are_found_by_what_people_write(known: Engine, text: str, expected: list[str]) -> None:
    assert codes(known, text) == expected


def test_what_is_found_says_where_it_is_and_by_what(known: Engine) -> None:
    with known.read(ANONYMOUS) as tx:
        [found] = find_groups(tx, "金星家园")
        assert (found.unit.name, found.path, found.place) == ("金星社区一组", ("市中街道", "金星社区"), "金星家园")
        assert len(find_groups(tx, "街道")) == MOST_FOUND


def test_who_finds_nothing_steps_down(known: Engine) -> None:
    with known.read(ANONYMOUS) as tx:
        top = step_down(tx, "")
        assert [unit.name for unit in top.units] == ["彭李街道", "市中街道"]
        assert [unit.name for unit in step_down(tx, "shizhong").units] == ["朝阳社区", "金星社区", "文汇社区"]
        last = step_down(tx, "jinxing")
        assert [each.unit.code for each in last.groups] == ["jinxing-1", "jinxing-2", "jinxing-3"]
        assert [unit.name for unit in last.path] == ["滨城区", "市中街道", "金星社区"]
        assert step_down(tx, "jinxing-1") == step_down(tx, "no-such-unit") == top


def test_names_of_a_unit_are_set_and_found_at_once(platform: Engine) -> None:
    with platform.read(SYSTEM) as tx:
        unit = org_tree(tx).by_code("jinxing-1")
    assert unit is not None
    assert codes(platform, "金星家园") == ["jinxing-1"]
    with platform.begin(SYSTEM) as tx:
        names = {PlaceKind.ESTATE: [" 锦绣  华城 ", "", "锦绣 华城"], PlaceKind.STREET: ["锦绣路"]}
        places.set_places(tx, unit.id, names)
    assert codes(platform, "锦绣华城") == ["jinxing-1"]
    with platform.read(ANONYMOUS) as tx:
        found = places_of(tx, unit.id)
        assert (found[PlaceKind.ESTATE], found[PlaceKind.HOUSE]) == (["锦绣 华城"], [])
    with pytest.raises(NotAuthorized), platform.begin(ANONYMOUS) as tx:
        places.set_places(tx, unit.id, {})
    with pytest.raises(InvalidVariables), platform.begin(SYSTEM) as tx:
        places.set_places(tx, unit.id, {PlaceKind.ESTATE: ["长" * 61]})
    with pytest.raises(InvalidState), platform.begin(SYSTEM) as tx:
        places.set_places(tx, next(iter(org_tree(tx))).id, {PlaceKind.ESTATE: ["全区"]})


def test_a_file_is_imported_whole_or_not_at_all(platform: Engine) -> None:
    good = "jinxing-1,小区,锦绣华城\n\njinxing-2,village,前村\njinxing-1,小区,锦绣华城\n"
    with platform.begin(SYSTEM) as tx:
        assert places.import_places(tx, good.encode("gb18030")) == 2
    with platform.begin(SYSTEM) as tx:
        assert places.import_places(tx, ("\ufeff" + good).encode()) == 0, "all of it is there"
    assert codes(platform, "前村") == ["jinxing-2"]
    for bad in ("shizhong,小区,西城", "jinxing-1,城市,西城", "jinxing-1,小区,", "jinxing-1,小区"):
        with pytest.raises(InvalidVariables, match="第 2 行"), platform.begin(SYSTEM) as tx:
            places.import_places(tx, f"jinxing-1,小区,东城\n{bad}".encode())
    assert codes(platform, "东城") == []
