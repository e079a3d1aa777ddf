"""Web sessions on the server: opened by a password, found again by a token, ended by time or by people."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select, update

from engine.database import Engine, Transaction
from engine.errors import N_, NotAuthenticated
from engine.history import record_system
from engine.model.people import WebSession
from engine.people.actor import SYSTEM, Actor
from engine.people.posts import Post, acting, load_actor

#: Writing down every request would make each page a write; minutes are exact enough against hours.
_SEEN_EVERY = timedelta(minutes=5)
#: So long a session that has run out is still told as such, and not as one that never was.
_KEPT_FOR = timedelta(days=30)


@dataclass(frozen=True)
class Limits:
    """How long a session lives without a request, and at most."""

    idle: timedelta = timedelta(hours=8)
    absolute: timedelta = timedelta(hours=24)


LIMITS = Limits()


@dataclass(frozen=True)
class Visit:
    """Who is signed in: the actor in the acting post, and all posts of the account."""

    actor: Actor
    posts: tuple[Post, ...]
    appointment_id: UUID | None


def open_session(tx: Transaction, account_id: UUID, client: str, limits: Limits) -> str:
    """A new session, acting in the account's first post. Returns its token (256 random bits), which is not stored."""
    token = secrets.token_urlsafe(32)
    _, posts = acting(tx, account_id, None)
    tx.add(
        WebSession(
            token_hash=_hash(token),
            account_id=account_id,
            appointment_id=posts[0].appointment_id if posts else None,
            created_at=tx.now,
            last_seen_at=tx.now,
            expires_at=tx.now + limits.absolute,
            client=client[:300],
        )
    )
    return token


def resume(engine: Engine, token: str, limits: Limits = LIMITS) -> Visit:
    """Who the session belongs to. When the acting post has ended, the account's first post takes its place.

    Raises NotAuthenticated when the session is unknown, ended or too old, or the account is disabled.
    """
    with engine.read(SYSTEM) as tx:
        row = _live(tx, token, limits)
        actor, posts = acting(tx, row.account_id, row.appointment_id)
        chosen = next((post for post in posts if _is(post, actor)), None)
        is_stale = tx.now - row.last_seen_at > _SEEN_EVERY
    if is_stale:
        with engine.begin(actor) as tx:
            tx.session.execute(
                update(WebSession).where(WebSession.token_hash == _hash(token)).values(last_seen_at=tx.now)
            )
    return Visit(actor, tuple(posts), chosen.appointment_id if chosen else None)


def sign_out(engine: Engine, token: str) -> None:
    """End the session; nothing happens when it has ended already."""
    with engine.begin(SYSTEM) as tx:
        row = tx.session.get(WebSession, _hash(token))
        if row is None or row.ended_at is not None:
            return
        row.ended_at = tx.now
        record_system(tx, "signed_out", {"account": str(row.account_id)})


def act_as(engine: Engine, token: str, appointment_id: UUID, limits: Limits = LIMITS) -> Actor:
    """Act in another of one's posts from now on. Raises NotAuthorized when the account does not hold it today."""
    with engine.begin(SYSTEM) as tx:
        row = _live(tx, token, limits)
        actor = load_actor(tx, row.account_id, appointment_id)
        row.appointment_id = appointment_id
        record_system(tx, "acting_post_changed", {"account": str(row.account_id), "post": actor.name})
    return actor


def open_sessions(tx: Transaction, account_id: UUID, limits: Limits = LIMITS) -> list[WebSession]:
    """The sessions of an account that would still be accepted, the latest first."""
    query = select(WebSession).where(
        WebSession.account_id == account_id,
        WebSession.ended_at.is_(None),
        WebSession.expires_at > tx.now,
        WebSession.last_seen_at > tx.now - limits.idle,
    )
    return list(tx.session.scalars(query.order_by(WebSession.last_seen_at.desc())))


def end_sessions(tx: Transaction, account_id: UUID, hashes: Collection[str] | None = None) -> int:
    """End all sessions of an account, or those named by their token hashes. Returns how many ended now."""
    query = select(WebSession).where(WebSession.account_id == account_id, WebSession.ended_at.is_(None))
    rows = [row for row in tx.session.scalars(query) if hashes is None or row.token_hash in hashes]
    for row in rows:
        row.ended_at = tx.now
    return len(rows)


def forget_old_sessions(tx: Transaction) -> None:
    """Delete sessions that nobody can use any more; who signed in and when stays in history."""
    tx.session.execute(delete(WebSession).where(WebSession.expires_at < tx.now - _KEPT_FOR))


def _live(tx: Transaction, token: str, limits: Limits) -> WebSession:
    row = tx.session.get(WebSession, _hash(token))
    if row is None or row.ended_at is not None:
        raise NotAuthenticated(N_("登录已失效，请重新登录。"))
    if tx.now >= row.expires_at or tx.now - row.last_seen_at >= limits.idle:
        raise NotAuthenticated(N_("登录已超时，请重新登录。"))
    return row


def _is(post: Post, actor: Actor) -> bool:
    return (post.position, post.unit_id) == (actor.position, actor.unit_id)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
