"""From an account to the actor: one post at a time, only while it is held."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event

from engine.clock import local_day
from engine.database import Engine
from engine.errors import InvalidState, NotAuthenticated, NotAuthorized
from engine.model.base import new_id
from engine.model.people import AccountKind
from engine.people import SYSTEM, account_holder, load_actor, post_holder, posts_of, receipt_actor
from engine.people.commands import appoint, end_appointment
from tests.clock import FrozenClock
from tests.engine.people.town import build_town


def test_acts_in_the_post_of_the_highest_rank_and_is_called_by_it(engine: Engine) -> None:
    town = build_town(engine)
    account = town.person("both", "group_leader@jinxing-1", "community_secretary@jinxing")

    with engine.read(SYSTEM) as tx:
        actor = load_actor(tx, account)

    assert actor.name == "金星社区书记"
    assert actor.holders == {account_holder(account), post_holder("community_secretary", town.units["jinxing"])}
    assert actor.unit_path == town.tree.unit(town.units["jinxing"]).path


def test_acts_in_one_post_at_a_time(engine: Engine) -> None:
    town = build_town(engine)
    account = town.person("both", "group_leader@jinxing-1", "community_secretary@jinxing")

    with engine.read(SYSTEM) as tx:
        secretary, leader = posts_of(tx, account)
        actor = load_actor(tx, account, leader.appointment_id)

    assert [secretary.name, leader.name] == ["金星社区书记", "金星社区一组组长"]
    assert actor.name == "金星社区一组组长"
    assert post_holder("community_secretary", town.units["jinxing"]) not in actor.holders


def test_has_the_permissions_of_the_acting_post_only(engine: Engine) -> None:
    town = build_town(engine)
    account = town.person("both", "admin@bincheng", "resident@jinxing-1")

    with engine.read(SYSTEM) as tx:
        admin, resident = posts_of(tx, account)
        assert load_actor(tx, account, admin.appointment_id).may("people.manage")
        assert not load_actor(tx, account, resident.appointment_id).may("people.manage")


def test_a_resident_goes_by_the_name_of_the_account(engine: Engine) -> None:
    town = build_town(engine)
    account = town.person("neighbour", "resident@jinxing-1", kind=AccountKind.RESIDENT)

    with engine.read(SYSTEM) as tx:
        assert load_actor(tx, account).name == "账号neighbour"


def test_without_a_post_may_nothing_but_answer_for_itself(engine: Engine) -> None:
    town = build_town(engine)
    account = town.person("newcomer")

    with engine.read(SYSTEM) as tx:
        actor = load_actor(tx, account)

    assert actor.holders == {account_holder(account)}
    assert not actor.permissions


def test_a_post_counts_from_its_first_to_its_last_day(engine: Engine, clock: FrozenClock) -> None:
    town = build_town(engine)
    account = town.person("temp")
    tomorrow = local_day(clock()) + timedelta(days=1)
    with engine.begin(SYSTEM) as tx:
        appoint(tx, account, "group_leader", town.units["jinxing-1"], tomorrow, tomorrow)

    held = []
    for _ in range(3):
        with engine.read(SYSTEM) as tx:
            held.append(len(posts_of(tx, account)))
        clock.advance(days=1)

    assert held == [0, 1, 0]


def test_nobody_acts_in_a_post_of_somebody_else(engine: Engine) -> None:
    town = build_town(engine)
    leader, other = town.person("leader", "group_leader@jinxing-1"), town.person("other", "group_leader@jinxing-2")

    with engine.read(SYSTEM) as tx:
        theirs = posts_of(tx, leader)[0].appointment_id
        with pytest.raises(NotAuthorized, match="不担任这个岗位"):
            load_actor(tx, other, theirs)


def test_an_unknown_account_is_nobody(engine: Engine) -> None:
    with engine.read(SYSTEM) as tx, pytest.raises(NotAuthenticated):
        load_actor(tx, new_id())


def test_an_appointment_taken_back_on_its_first_day_was_never_held(engine: Engine) -> None:
    town = build_town(engine)
    account = town.person("mistake", "group_leader@jinxing-1")

    with engine.begin(SYSTEM) as tx:
        end_appointment(tx, posts_of(tx, account)[0].appointment_id)

    with engine.read(SYSTEM) as tx:
        assert posts_of(tx, account) == []


def test_an_appointment_ends_once(engine: Engine) -> None:
    town = build_town(engine)
    account = town.person("leader", "group_leader@jinxing-1")
    with engine.begin(SYSTEM) as tx:
        appointment = posts_of(tx, account)[0].appointment_id
        end_appointment(tx, appointment)

    with engine.begin(SYSTEM) as tx, pytest.raises(InvalidState, match="已于"):
        end_appointment(tx, appointment)


def test_a_position_is_held_only_at_its_level(engine: Engine) -> None:
    town = build_town(engine)
    account = town.person("leader")

    with engine.begin(SYSTEM) as tx, pytest.raises(InvalidState, match="不能任命到“金星社区”"):
        appoint(tx, account, "group_leader", town.units["jinxing"])


def test_whoever_shows_number_and_code_acts_for_that_case_only() -> None:
    case = new_id()

    actor = receipt_actor(case)

    assert actor.holders == {f"receipt:{case}"}
    assert actor.account_id is None


def test_costs_one_statement_while_nothing_changes(engine: Engine) -> None:
    town = build_town(engine)
    account = town.person("leader", "group_leader@jinxing-1")
    with engine.read(SYSTEM) as tx:
        load_actor(tx, account)
    statements: list[str] = []
    event.listen(engine.sql, "before_cursor_execute", lambda *args: statements.append(args[2]))

    with engine.read(SYSTEM) as tx:
        load_actor(tx, account)

    assert len([text for text in statements if text != "BEGIN"]) == 1
