"""Signing in: read, compare outside of any transaction, write what came of it."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from engine.accounts.passwords import hash_password, is_outdated, is_right
from engine.accounts.sessions import LIMITS, Limits, open_session
from engine.database import Engine, Transaction
from engine.errors import N_, NotAuthenticated
from engine.history import record_system
from engine.model.people import Account, LoginFailures
from engine.people.actor import ANONYMOUS, SYSTEM
from engine.people.posts import account_by_login, load_actor

#: So many failures in a row lock a login for a while, whether or not there is such an account.
MOST_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)
#: Counts of any kind matter no longer than this; the longest wait that others impose is a day.
_KEPT_FOR = timedelta(days=2)


@dataclass(frozen=True)
class _Claim:
    """What is known of a login before its password has been compared."""

    account_id: UUID | None
    password_hash: str | None
    active: bool


def sign_in(engine: Engine, login: str, password: str, client: str, limits: Limits = LIMITS) -> str:
    """Compare the password and open a session. Returns its token.

    An unknown login takes as long and reads the same as a wrong password. Raises NotAuthenticated, also while the
    login is locked after too many failures, and for an account that is disabled.
    """
    login = login.strip()
    claim = _look_up(engine, login)
    if not is_right(claim.password_hash, password) or claim.account_id is None:
        raise _count_failure(engine, login, claim, client)
    if not claim.active:
        raise NotAuthenticated(N_("这个账号已停用，请联系系统管理员。"))
    fresh_hash = hash_password(password) if is_outdated(claim.password_hash or "") else None
    return _open(engine, login, claim.account_id, fresh_hash, client, limits)


def forget_old_failures(tx: Transaction) -> None:
    """Delete the counts that no longer matter."""
    for row in tx.session.scalars(select(LoginFailures).where(LoginFailures.last_at < tx.now - _KEPT_FOR)):
        tx.session.delete(row)


def _look_up(engine: Engine, login: str) -> _Claim:
    with engine.read(SYSTEM) as tx:
        _ensure_unlocked(tx.session.get(LoginFailures, _hash(login)), tx.now)
        account = account_by_login(tx, login)
    if account is None:
        return _Claim(None, None, False)
    return _Claim(account.id, account.password_hash, account.active)


def _open(engine: Engine, login: str, account_id: UUID, fresh_hash: str | None, client: str, limits: Limits) -> str:
    with engine.read(SYSTEM) as tx:
        actor = load_actor(tx, account_id)
    with engine.begin(actor) as tx:
        failures = tx.session.get(LoginFailures, _hash(login))
        _ensure_unlocked(failures, tx.now)  # guesses sent at the same time must not get round the lock
        if failures is not None:
            tx.session.delete(failures)
        account = tx.get(Account, account_id)
        account.last_login_at = tx.now
        account.password_hash = fresh_hash or account.password_hash
        record_system(tx, "signed_in", {"account": str(account_id), "client": client[:300]})
        return open_session(tx, account_id, client, limits)


def _count_failure(engine: Engine, login: str, claim: _Claim, client: str) -> NotAuthenticated:
    with engine.begin(ANONYMOUS) as tx:
        row = tx.session.get(LoginFailures, _hash(login), with_for_update=True)
        if row is None:
            row = tx.add(LoginFailures(login_hash=_hash(login), count=0, last_at=tx.now))
        if tx.now - row.last_at > LOCKED_FOR:
            row.count = 0
        row.count, row.last_at = row.count + 1, tx.now
        data = {"account": str(claim.account_id) if claim.account_id else None, "client": client[:300]}
        record_system(tx, "sign_in_failed", {**data, "count": row.count})
        if row.count < MOST_FAILURES:
            return NotAuthenticated(
                N_("登录名或密码不正确。再错 {left} 次，这个登录名将锁定 {minutes} 分钟。"),
                left=MOST_FAILURES - row.count,
                minutes=_minutes(LOCKED_FOR),
            )
        row.count, row.locked_until = 0, tx.now + LOCKED_FOR
        return _locked(LOCKED_FOR)


def _ensure_unlocked(row: LoginFailures | None, now: datetime) -> None:
    if row is not None and row.locked_until is not None and now < row.locked_until:
        raise _locked(row.locked_until - now)


def _locked(left: timedelta) -> NotAuthenticated:
    return NotAuthenticated(N_("登录失败次数过多，请在 {minutes} 分钟后再试。"), minutes=_minutes(left))


def _minutes(span: timedelta) -> int:
    return math.ceil(span / timedelta(minutes=1))


def _hash(login: str) -> str:
    return hashlib.sha256(login.lower().encode()).hexdigest()
