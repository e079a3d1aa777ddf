"""Changing accounts: passwords, enabling and disabling, ending sessions."""

from __future__ import annotations

from uuid import UUID

from engine.accounts.passwords import ensure_acceptable, hash_password, is_right
from engine.accounts.sessions import end_sessions
from engine.database import Engine, Transaction
from engine.errors import N_, InvalidVariables, NotAuthenticated
from engine.history import record_system
from engine.model.people import Account
from engine.people.actor import Actor
from engine.people.handover import review_claims


def change_password(engine: Engine, actor: Actor, current: str, new: str) -> None:
    """Give oneself a new password; all sessions of the account end, this one too.

    Raises InvalidVariables (paths ``current`` and ``password``) when the current one is wrong or the new one is not
    acceptable.
    """
    account = _read(engine, actor)
    if not is_right(account.password_hash, current):
        raise InvalidVariables.at("current", N_("当前密码不正确。"))
    ensure_acceptable(new, account.login)
    new_hash = hash_password(new)
    with engine.begin(actor) as tx:
        _replace(tx, account.id, new_hash)


def set_password(engine: Engine, actor: Actor, account_id: UUID, new: str) -> None:
    """Give another account a new password; all its sessions end. Needs the permission people.manage."""
    actor.require("people.manage")
    with engine.read(actor) as tx:
        login = tx.get(Account, account_id, N_("账号")).login
    ensure_acceptable(new, login)
    new_hash = hash_password(new)
    with engine.begin(actor) as tx:
        _replace(tx, account_id, new_hash)


def disable_account(tx: Transaction, account_id: UUID) -> Account:
    """Let the account sign in no more; all its sessions end at once. Needs the permission people.manage.

    What it had claimed waits for its candidates again.
    """
    tx.actor.require("people.manage")
    account = tx.get(Account, account_id, N_("账号"))
    account.active = False
    ended = end_sessions(tx, account_id)
    review_claims(tx, [account_id], "account_disabled")
    record_system(tx, "account_disabled", {"account": str(account_id), "sessions_ended": ended})
    return account


def enable_account(tx: Transaction, account_id: UUID) -> Account:
    """Let a disabled account sign in again. Needs the permission people.manage."""
    tx.actor.require("people.manage")
    account = tx.get(Account, account_id, N_("账号"))
    account.active = True
    record_system(tx, "account_enabled", {"account": str(account_id)})
    return account


def _read(engine: Engine, actor: Actor) -> Account:
    if actor.account_id is None:
        raise NotAuthenticated(N_("请先登录，再修改密码。"))
    with engine.read(actor) as tx:
        return tx.get(Account, actor.account_id, N_("账号"))


def _replace(tx: Transaction, account_id: UUID, new_hash: str) -> None:
    tx.get(Account, account_id, N_("账号")).password_hash = new_hash
    ended = end_sessions(tx, account_id)
    record_system(tx, "password_changed", {"account": str(account_id), "sessions_ended": ended})
