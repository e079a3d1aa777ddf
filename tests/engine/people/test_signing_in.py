"""Signing in: honest to people, silent about which accounts exist."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from functools import cache
from uuid import UUID

import pytest
from sqlalchemy import select

from engine import accounts
from engine.accounts import passwords
from engine.database import Engine
from engine.errors import InvalidVariables, NotAuthenticated
from engine.model.history import HistoryEvent
from engine.model.people import Account, LoginFailures, WebSession
from engine.people import SYSTEM
from tests.clock import FrozenClock
from tests.engine.people.town import PASSWORD, Town, build_town


@cache
def _hash() -> str:
    return accounts.hash_password(PASSWORD)


def _town_with_leader(engine: Engine) -> tuple[Town, UUID]:
    town = build_town(engine)
    return town, town.person("leader", "group_leader@jinxing-1", password_hash=_hash())


def _events(engine: Engine) -> list[str]:
    with engine.read(SYSTEM) as tx:
        return list(tx.session.scalars(select(HistoryEvent.type).order_by(HistoryEvent.seq)))


def test_the_right_password_opens_a_session_in_the_first_post(engine: Engine) -> None:
    _town_with_leader(engine)

    token = accounts.sign_in(engine, " Leader ", PASSWORD, "Firefox")

    assert accounts.resume(engine, token).actor.name == "金星社区一组组长"
    assert _events(engine)[-1] == "signed_in"


def test_the_database_holds_neither_password_nor_token(engine: Engine) -> None:
    _, account = _town_with_leader(engine)

    token = accounts.sign_in(engine, "leader", PASSWORD, "Firefox")

    with engine.read(SYSTEM) as tx:
        session = tx.session.scalars(select(WebSession)).one()
        assert session.token_hash != token
        assert PASSWORD not in tx.get(Account, account).password_hash
    with pytest.raises(NotAuthenticated):
        accounts.resume(engine, session.token_hash)


@pytest.mark.parametrize("login", ["leader", "nobody"])
def test_an_unknown_login_reads_like_a_wrong_password(engine: Engine, login: str) -> None:
    _town_with_leader(engine)

    with pytest.raises(NotAuthenticated) as refused:
        accounts.sign_in(engine, login, "wrong-password", "Firefox")

    assert str(refused.value) == "登录名或密码不正确。再错 4 次，这个登录名将锁定 15 分钟。"
    assert _events(engine)[-1] == "sign_in_failed"


@pytest.mark.parametrize("login", ["leader", "nobody"])
def test_an_unknown_login_costs_a_comparison_too(engine: Engine, login: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _town_with_leader(engine)
    compared: list[str] = []
    hasher = passwords._HASHER

    class Counting:
        def hash(self, password: str) -> str:
            return hasher.hash(password)

        def verify(self, hash: str, password: str) -> bool:
            compared.append(hash.split("$")[3])
            return hasher.verify(hash, password)

    monkeypatch.setattr(passwords, "_HASHER", Counting())

    with pytest.raises(NotAuthenticated):
        accounts.sign_in(engine, login, "wrong-password", "Firefox")

    assert compared == ["m=19456,t=2,p=1"]


@pytest.mark.parametrize("login", ["leader", "nobody"])
def test_five_failures_lock_a_login_for_a_quarter_of_an_hour(engine: Engine, clock: FrozenClock, login: str) -> None:
    _town_with_leader(engine)
    sentences = []
    for _ in range(5):
        with pytest.raises(NotAuthenticated) as refused:
            accounts.sign_in(engine, login, "wrong-password", "Firefox")
        sentences.append(str(refused.value))

    assert sentences[-1] == "登录失败次数过多，请在 15 分钟后再试。"
    clock.advance(minutes=14)
    with pytest.raises(NotAuthenticated, match="请在 1 分钟后再试"):
        accounts.sign_in(engine, login, PASSWORD, "Firefox")


def test_after_the_lock_the_right_password_works_and_counting_starts_anew(engine: Engine, clock: FrozenClock) -> None:
    _town_with_leader(engine)
    for _ in range(5):
        with pytest.raises(NotAuthenticated):
            accounts.sign_in(engine, "leader", "wrong-password", "Firefox")
    clock.advance(minutes=15)

    accounts.sign_in(engine, "leader", PASSWORD, "Firefox")

    with pytest.raises(NotAuthenticated, match="再错 4 次"):
        accounts.sign_in(engine, "leader", "wrong-password", "Firefox")


def test_a_lock_set_while_the_password_was_compared_holds(
    engine: Engine, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    _town_with_leader(engine)

    def right_but_late(password_hash: str | None, password: str) -> bool:
        with engine.begin(SYSTEM) as tx:
            hashed = hashlib.sha256(b"leader").hexdigest()
            locked = clock() + timedelta(minutes=15)
            tx.add(LoginFailures(login_hash=hashed, count=0, last_at=clock(), locked_until=locked))
        return True

    monkeypatch.setattr("engine.accounts.signing_in.is_right", right_but_late)

    with pytest.raises(NotAuthenticated, match="登录失败次数过多"):
        accounts.sign_in(engine, "leader", PASSWORD, "Firefox")


def test_a_disabled_account_is_told_so_only_with_the_right_password(engine: Engine) -> None:
    _, account = _town_with_leader(engine)
    with engine.begin(SYSTEM) as tx:
        accounts.disable_account(tx, account)

    with pytest.raises(NotAuthenticated, match="已停用"):
        accounts.sign_in(engine, "leader", PASSWORD, "Firefox")
    with pytest.raises(NotAuthenticated, match="登录名或密码不正确"):
        accounts.sign_in(engine, "leader", "wrong-password", "Firefox")


def test_old_counts_are_forgotten(engine: Engine, clock: FrozenClock) -> None:
    with pytest.raises(NotAuthenticated):
        accounts.sign_in(engine, "nobody", "wrong-password", "Firefox")
    clock.advance(days=2, minutes=1)

    with engine.begin(SYSTEM) as tx:
        accounts.forget_old_failures(tx)

    with engine.read(SYSTEM) as tx:
        assert tx.session.scalars(select(LoginFailures)).all() == []


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("short-1", "至少要有 8 个字符"),
        ("x" * 129, "最多 128 个字符"),
        ("Woaini1314", "太常见"),
        ("leader-login", "不能与登录名相同"),
    ],
)
def test_refuses_a_password_that_is_easily_guessed(password: str, sentence: str) -> None:
    with pytest.raises(InvalidVariables, match=sentence) as refused:
        accounts.ensure_acceptable(password, "leader-login")

    assert list(refused.value.errors) == ["password"]


@pytest.mark.parametrize("password", ["eight888", "x" * 128, "夜里开窗有油烟味", "correct horse battery staple"])
def test_asks_for_no_digits_capitals_or_signs(password: str) -> None:
    accounts.ensure_acceptable(password, "leader")


def test_the_same_password_from_another_keyboard_is_the_same() -> None:
    full_width = "ｐｌｕｍ－ｒｉｖｅｒ－ｓｅｖｅｎ"

    assert passwords.is_right(_hash(), full_width)
