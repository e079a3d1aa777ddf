"""The demo organisation: complete, told once and again, with a password that is in no source."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import func, select

from engine import accounts
from engine.database import Engine
from engine.model.history import HistoryEvent
from engine.model.people import Account, Appointment, Level
from engine.people import SYSTEM, org_tree, resolve_holders, vacant_posts
from engine.workdays import calendar
from tests.clock import FrozenClock
from webapp.demo import Demo, load_demo

DEPARTMENTS = {
    "organization": "区委组织部",
    "housing": "区住房和城乡建设局",
    "housing_service": "区房屋管理服务中心",
    "natural_resources": "区自然资源局",
    "admin_approval": "区行政审批服务局",
    "civil_affairs": "区民政局",
    "human_resources": "区人力资源和社会保障局",
    "urban_management": "综合行政执法局",
}


@dataclass(frozen=True)
class Loaded:
    """A database with the demo, loaded once for all tests that only look."""

    engine: Engine
    folder: Path
    demo: Demo


@pytest.fixture(scope="module")
def loaded(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    folder = tmp_path_factory.mktemp("demo")
    shutil.copyfile(sqlite_template, folder / "wuji.db")
    with Engine(f"sqlite:///{folder / 'wuji.db'}", clock=FrozenClock()) as engine:
        yield Loaded(engine, folder, load_demo(engine, folder))


def test_has_five_levels_and_the_departments_of_appendix_a(loaded: Loaded) -> None:
    with loaded.engine.read(SYSTEM) as tx:
        units = list(org_tree(tx))

    counts = {level: sum(unit.level is level for unit in units) for level in Level}
    assert counts == {
        Level.DISTRICT: 1,
        Level.SUBDISTRICT: 2,
        Level.COMMUNITY: 5,
        Level.GROUP: 12,
        Level.DEPARTMENT: 8,
        Level.PARTY: 1,
    }
    assert {unit.code: unit.name for unit in units if unit.level is Level.DEPARTMENT} == DEPARTMENTS


def test_every_group_finds_somebody_at_every_level_and_department(loaded: Loaded) -> None:
    asked = [
        "group_leader@group",
        "community_clerk@community",
        "community_secretary@community",
        "subdistrict_officer@subdistrict",
        "subdistrict_leader@subdistrict",
        "district_office@district",
        "district_leader@district",
        *(f"officer@{code}" for code in DEPARTMENTS),
    ]

    with loaded.engine.read(SYSTEM) as tx:
        tree = org_tree(tx)
        for group in (unit for unit in tree if unit.level is Level.GROUP):
            holders = resolve_holders(tree, asked, group.id)
            assert vacant_posts(tx, holders) == ()


def test_everybody_signs_in_with_the_password_that_is_told(loaded: Loaded) -> None:
    engine, demo = loaded.engine, loaded.demo

    names = [
        accounts.resume(engine, accounts.sign_in(engine, login, demo.password, "test")).actor.name
        for login in ("jinxing-1-leader", "qingfeng-secretary", "resident-1", "civil-affairs", "auditor")
    ]

    assert len(demo.accounts) >= 40
    assert names == [
        "金星社区一组组长",
        "清风社区书记",
        "金星社区一组3号楼居民",
        "区民政局经办人",
        "滨城区审计员",
    ]
    assert "清风社区书记、清风社区三组组长" in demo.table


def test_a_second_start_tells_the_same_and_changes_nothing(engine: Engine, tmp_path: Path, clock: FrozenClock) -> None:
    def counts() -> list[int | None]:
        with engine.read(SYSTEM) as tx:
            rows = (Account, Appointment, HistoryEvent)
            return [tx.session.scalar(select(func.count()).select_from(row)) for row in rows]

    first, before = load_demo(engine, tmp_path), counts()
    clock.advance(days=1)

    assert load_demo(engine, tmp_path) == first
    assert counts() == before


def test_the_password_file_is_for_its_owner_only(loaded: Loaded) -> None:
    path = loaded.folder / "demo-password"

    assert path.read_text().strip() == loaded.demo.password
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_lost_password_file_gives_everybody_a_new_password(sqlite_url: str, tmp_path: Path) -> None:
    with Engine(sqlite_url, clock=FrozenClock()) as engine:
        first = load_demo(engine, tmp_path)
        (tmp_path / "demo-password").unlink()

        second = load_demo(engine, tmp_path)

        assert second.password != first.password
        accounts.sign_in(engine, "jinxing-clerk", second.password, "test")


def test_deadlines_can_be_counted_at_once(loaded: Loaded) -> None:
    with loaded.engine.read(SYSTEM) as tx:
        assert calendar(tx).due_after(tx.now, 60).year == 2027
