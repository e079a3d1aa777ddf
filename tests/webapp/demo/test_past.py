"""A new demo district has worked for a while: real processes, nobody refused, nothing broken, nothing in the future."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from engine import migrations
from engine.clock import TIMEZONE
from engine.database import Engine
from engine.district import Life
from engine.history.verify import verify_all
from engine.lifecycle import InstanceState
from engine.model.history import HistoryEvent
from engine.model.process import ProcessInstance
from engine.model.work import Incident, UserTask
from engine.people import SYSTEM
from tests import postgres
from tests.clock import START, FrozenClock
from webapp.demo import past

LENGTH = timedelta(days=21)


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def lived(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, Life]]:
    """Three weeks of the district, made once for all tests here, on each kind of database."""
    folder = tmp_path_factory.mktemp("past")
    url = f"sqlite:///{folder / 'wuji.db'}"
    if request.param == "postgres":
        server: postgres.Server = request.getfixturevalue("postgres_server")
        url = server.create(f"past_{uuid4().hex}")
    with Engine(url, clock=FrozenClock()) as engine:
        migrations.upgrade(engine)
        assert past.is_wanted(engine)
        yield engine, past.live_through(engine, folder, START, LENGTH)


@pytest.fixture
def district(lived: tuple[Engine, Life]) -> Engine:
    """The database as these weeks have left it."""
    return lived[0]


def test_people_do_what_scenarios_say_and_nothing_breaks(district: Engine, lived: tuple[Engine, Life]) -> None:
    assert lived[1].refusals == []
    with district.read(SYSTEM) as tx:
        assert [each.template for each in tx.session.scalars(select(Incident))] == []
        states = set(tx.session.scalars(select(ProcessInstance.state)))
    assert {InstanceState.ACTIVE, InstanceState.COMPLETED} <= states


def test_nothing_happens_before_the_beginning_or_after_now(district: Engine) -> None:
    with district.read(SYSTEM) as tx:
        moments = list(tx.session.scalars(select(HistoryEvent.at)))
    assert min(moments) >= START - LENGTH
    assert max(moments) <= START


def test_officials_work_in_office_hours(district: Engine) -> None:
    with district.read(SYSTEM) as tx:
        query = select(UserTask.completed_at).where(UserTask.lane == "社区", UserTask.completed_at.is_not(None))
        hours = [each.astimezone(TIMEZONE).time() for each in tx.session.scalars(query) if each]
    assert hours
    assert all(time(8, 30) <= hour <= time(18, 0) for hour in hours)


def test_history_of_those_weeks_can_be_proved(district: Engine) -> None:
    with district.read(SYSTEM) as tx:
        assert verify_all(tx).faults == []


def test_a_database_that_somebody_has_used_is_left_alone(district: Engine) -> None:
    assert not past.is_wanted(district)
