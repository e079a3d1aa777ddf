"""Web sessions end by time, by people and with the account."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from uuid import UUID

import pytest
from sqlalchemy import select

from engine import accounts
from engine.database import Engine
from engine.errors import InvalidVariables, NotAuthenticated, NotAuthorized
from engine.model.people import WebSession
from engine.people import SYSTEM, posts_of
from engine.people.commands import end_appointment
from tests.clock import FrozenClock
from tests.engine.people.town import PASSWORD, build_town


@cache
def _hash() -> str:
    return accounts.hash_password(PASSWORD)


def _signed_in(engine: Engine, *posts: str) -> tuple[UUID, str]:
    account = build_town(engine).person("leader", *posts, password_hash=_hash())
    return account, accounts.sign_in(engine, "leader", PASSWORD, "Firefox")


def test_another_process_knows_the_session(engine: Engine, reopen: Callable[[], Engine]) -> None:
    _, token = _signed_in(engine, "group_leader@jinxing-1")

    assert accounts.resume(reopen(), token).actor.name == "金星社区一组组长"


def test_ends_after_eight_hours_without_a_request(engine: Engine, clock: FrozenClock) -> None:
    _, token = _signed_in(engine, "group_leader@jinxing-1")
    clock.advance(hours=7, minutes=59)
    accounts.resume(engine, token)
    clock.advance(hours=7, minutes=59)
    accounts.resume(engine, token)
    clock.advance(hours=8)

    with pytest.raises(NotAuthenticated, match="登录已超时"):
        accounts.resume(engine, token)


def test_ends_after_a_day_however_busy(engine: Engine, clock: FrozenClock) -> None:
    _, token = _signed_in(engine, "group_leader@jinxing-1")
    for _ in range(3):
        clock.advance(hours=7, minutes=50)
        accounts.resume(engine, token)
    clock.advance(minutes=30)

    with pytest.raises(NotAuthenticated, match="登录已超时"):
        accounts.resume(engine, token)


def test_ends_when_people_sign_out(engine: Engine) -> None:
    _, token = _signed_in(engine, "group_leader@jinxing-1")

    accounts.sign_out(engine, token)
    accounts.sign_out(engine, token)

    with pytest.raises(NotAuthenticated, match="登录已失效"):
        accounts.resume(engine, token)


def test_a_made_up_token_is_nobody(engine: Engine) -> None:
    with pytest.raises(NotAuthenticated):
        accounts.resume(engine, "made-up")


def test_ends_at_once_when_the_account_is_disabled(engine: Engine) -> None:
    account, token = _signed_in(engine, "group_leader@jinxing-1")

    with engine.begin(SYSTEM) as tx:
        accounts.disable_account(tx, account)
        accounts.enable_account(tx, account)

    with pytest.raises(NotAuthenticated):
        accounts.resume(engine, token)


def test_a_new_password_ends_all_sessions_and_is_the_one_that_counts(engine: Engine) -> None:
    _, token = _signed_in(engine, "group_leader@jinxing-1")
    actor = accounts.resume(engine, token).actor

    accounts.change_password(engine, actor, PASSWORD, "window-open-at-night")

    with pytest.raises(NotAuthenticated):
        accounts.resume(engine, token)
    accounts.sign_in(engine, "leader", "window-open-at-night", "Firefox")
    with pytest.raises(NotAuthenticated):
        accounts.sign_in(engine, "leader", PASSWORD, "Firefox")


def test_a_new_password_needs_the_current_one(engine: Engine) -> None:
    _, token = _signed_in(engine, "group_leader@jinxing-1")
    actor = accounts.resume(engine, token).actor

    with pytest.raises(InvalidVariables) as refused:
        accounts.change_password(engine, actor, "something-else", "window-open-at-night")

    assert list(refused.value.errors) == ["current"]
    assert accounts.resume(engine, token).actor == actor


def test_only_who_manages_people_sets_the_password_of_another(engine: Engine) -> None:
    account, token = _signed_in(engine, "group_leader@jinxing-1")
    leader = accounts.resume(engine, token).actor

    with pytest.raises(NotAuthorized):
        accounts.set_password(engine, leader, account, "window-open-at-night")
    accounts.set_password(engine, SYSTEM, account, "window-open-at-night")

    accounts.sign_in(engine, "leader", "window-open-at-night", "Firefox")


def test_acts_in_another_post_from_then_on(engine: Engine) -> None:
    _, token = _signed_in(engine, "community_secretary@jinxing", "group_leader@jinxing-1")
    leader = accounts.resume(engine, token).posts[1]

    accounts.act_as(engine, token, leader.appointment_id)

    visit = accounts.resume(engine, token)
    assert (visit.actor.name, visit.appointment_id) == ("金星社区一组组长", leader.appointment_id)


def test_when_the_acting_post_ends_the_next_one_takes_its_place(engine: Engine) -> None:
    _, token = _signed_in(engine, "community_secretary@jinxing", "group_leader@jinxing-1")
    acting = accounts.resume(engine, token).appointment_id
    assert acting is not None

    with engine.begin(SYSTEM) as tx:
        end_appointment(tx, acting)

    assert accounts.resume(engine, token).actor.name == "金星社区一组组长"


def test_nobody_acts_in_a_post_that_is_not_theirs(engine: Engine) -> None:
    town = build_town(engine)
    town.person("leader", "group_leader@jinxing-1", password_hash=_hash())
    other = town.person("other", "group_leader@jinxing-2")
    token = accounts.sign_in(engine, "leader", PASSWORD, "Firefox")
    with engine.read(SYSTEM) as tx:
        theirs = posts_of(tx, other)[0].appointment_id

    with pytest.raises(NotAuthorized):
        accounts.act_as(engine, token, theirs)


def test_sessions_that_ran_out_long_ago_are_deleted(engine: Engine, clock: FrozenClock) -> None:
    account, _ = _signed_in(engine, "group_leader@jinxing-1")
    clock.advance(days=20)
    accounts.sign_in(engine, "leader", PASSWORD, "Phone")
    clock.advance(days=12)

    with engine.begin(SYSTEM) as tx:
        accounts.forget_old_sessions(tx)

    with engine.read(SYSTEM) as tx:
        kept = tx.session.scalars(select(WebSession.client).where(WebSession.account_id == account))
        assert list(kept) == ["Phone"]


def test_lists_and_ends_the_open_sessions_of_an_account(engine: Engine, clock: FrozenClock) -> None:
    account, first = _signed_in(engine, "group_leader@jinxing-1")
    clock.advance(minutes=10)
    second = accounts.sign_in(engine, "leader", PASSWORD, "Phone")

    with engine.begin(SYSTEM) as tx:
        found = accounts.open_sessions(tx, account)
        assert [row.client for row in found] == ["Phone", "Firefox"]
        accounts.end_sessions(tx, account, {found[1].token_hash})

    accounts.resume(engine, second)
    with pytest.raises(NotAuthenticated):
        accounts.resume(engine, first)
