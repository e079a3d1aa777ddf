"""From an account and one of its posts to the actor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, or_, select

from engine.clock import local_day
from engine.errors import N_, NotAuthenticated, NotAuthorized
from engine.model.people import Account, AccountKind, Appointment
from engine.model.settings import SettingsStamp
from engine.people.actor import Actor, account_holder, post_holder
from engine.people.standing_in import standing_in
from engine.people.tree import OrgTree, org_tree

if TYPE_CHECKING:
    from engine.database import Transaction


#: The permission to do tasks.
HANDLES = "task.handle"
_ACCOUNT = "account:"


@dataclass(frozen=True, slots=True)
class Post:
    """A post that somebody holds; ``name`` as people say it: 金星社区一组组长. ``ends_on`` is the last day."""

    appointment_id: UUID
    position: str
    unit_id: UUID
    name: str
    ends_on: date | None


def load_actor(tx: Transaction, account_id: UUID, appointment_id: UUID | None = None) -> Actor:
    """The account acting in this post, or in its first post when none is named. Costs one statement.

    Raises NotAuthenticated when the account does not exist or is disabled, NotAuthorized when the post is not held
    today.
    """
    account, appointments = _active_account(tx, account_id)
    tree = org_tree(tx)
    return _in_all_posts(tx, actor_of(tree, account, _choose(tree, appointments, appointment_id)), appointments)


def actors_of(tx: Transaction, account_id: UUID) -> list[Actor]:
    """The account in each post that it holds today, or without one; nobody when it is disabled."""
    account, appointments = _account(tx, account_id)
    if account is None or not account.active:
        return []
    tree = org_tree(tx)
    held: Sequence[Appointment | None] = appointments or [None]
    return [_in_all_posts(tx, actor_of(tree, account, each), appointments) for each in held]


def posts_of(tx: Transaction, account_id: UUID) -> list[Post]:
    """The posts that the account holds today, the highest rank first."""
    _, appointments = _account(tx, account_id)
    return _posts(org_tree(tx), appointments)


def acting(tx: Transaction, account_id: UUID, appointment_id: UUID | None) -> tuple[Actor, list[Post]]:
    """The actor and all posts of the account; the first post takes the place of one that is not held any more.

    Raises NotAuthenticated when the account does not exist or is disabled.
    """
    account, appointments = _active_account(tx, account_id)
    tree = org_tree(tx)
    held = {appointment.id for appointment in appointments}
    chosen = _choose(tree, appointments, appointment_id if appointment_id in held else None)
    return _in_all_posts(tx, actor_of(tree, account, chosen), appointments), _posts(tree, appointments)


def account_by_login(tx: Transaction, login: str) -> Account | None:
    """The account with this login, however it is typed."""
    return tx.session.scalar(select(Account).where(Account.login == login.strip().lower()))


def actor_of(tree: OrgTree, account: Account, appointment: Appointment | None) -> Actor:
    """Put an actor together. Without a post it may do nothing but what waits for this very account."""
    mine, is_official = account_holder(account.id), account.kind is AccountKind.OFFICIAL
    if appointment is None:
        return Actor(account.id, account.name, frozenset({mine}), locale=account.locale, is_official=is_official)
    unit = tree.unit(appointment.unit_id)
    kind = tree.positions[appointment.position_key]
    return Actor(
        account_id=account.id,
        name=tree.post_name(kind.key, unit.id) if is_official else account.name,
        holders=frozenset({mine, post_holder(kind.key, unit.id)}),
        permissions=kind.permissions,
        position=kind.key,
        unit_id=unit.id,
        unit_path=unit.path,
        locale=account.locale,
        is_official=is_official,
    )


def _in_all_posts(tx: Transaction, actor: Actor, appointments: Iterable[Appointment]) -> Actor:
    """The actor with all own posts, and those of others whose work the account does if the acting one handles any."""
    mine = frozenset(post_holder(each.position_key, each.unit_id) for each in appointments)
    others = standing_in(tx, actor.account_id) if actor.account_id and actor.may(HANDLES) else ()
    return replace(actor, posts=mine, standing_in=others)


def accounts_behind(tx: Transaction, holders: Iterable[str]) -> dict[UUID, str]:
    """The active accounts that holders stand for today, each once, with the name by which people know them there.

    Posts give whoever holds them today, in the order of the holders; ``account:…`` gives that account. Whoever holds
    several of the posts is named after the first.
    """
    tree, places = org_tree(tx), {holder: place for place, holder in enumerate(holders)}
    found: list[tuple[int, UUID, str]] = []
    for account, appointment in tx.session.execute(_holding(tx, places)):
        mine = places.get(account_holder(account.id), len(places))
        post = len(places)
        if appointment is not None:
            post = places.get(post_holder(appointment.position_key, appointment.unit_id), post)
        if min(mine, post) < len(places):
            found.append((min(mine, post), account.id, actor_of(tree, account, appointment).name))
    named: dict[UUID, str] = {}
    for _, account_id, name in sorted(found, key=lambda each: (each[0], each[2], each[1])):
        named.setdefault(account_id, name)
    return named


def _holding(tx: Transaction, holders: Iterable[str]) -> Select[Account, Appointment]:
    """Active accounts with the posts that they hold today, of those that may stand behind the holders."""
    posts = [holder.partition("@") for holder in holders if "@" in holder]
    held = and_(
        Appointment.position_key.in_({position for position, _, _ in posts}),
        Appointment.unit_id.in_({UUID(unit) for _, _, unit in posts}),
    )
    valid = and_(Appointment.account_id == Account.id, held_on(local_day(tx.now)))
    named = [UUID(each.removeprefix(_ACCOUNT)) for each in holders if each.startswith(_ACCOUNT)]
    query = select(Account, Appointment).outerjoin(Appointment, valid).where(Account.active.is_(True))
    return query.where(or_(held, Account.id.in_(named)))


def held_on(day: date | BindParameter[date]) -> ColumnElement[bool]:
    """The condition on Appointment that it is valid on a day."""
    return and_(Appointment.starts_on <= day, or_(Appointment.ends_on.is_(None), Appointment.ends_on >= day))


# Made once: every request asks. The settings stamp comes along, which saves another statement.
_WITH_POSTS = (
    select(Account, Appointment, select(SettingsStamp.value).scalar_subquery())
    .outerjoin(Appointment, and_(Appointment.account_id == Account.id, held_on(bindparam("day"))))
    .where(Account.id == bindparam("account"))
)


def _account(tx: Transaction, account_id: UUID) -> tuple[Account | None, list[Appointment]]:
    rows: list[Any] = list(tx.session.execute(_WITH_POSTS, {"account": account_id, "day": local_day(tx.now)}))
    if not rows:
        return None, []
    if not tx.settings_touched:
        tx.know_stamp(rows[0][2])
    return rows[0][0], [row[1] for row in rows if row[1] is not None]


def _active_account(tx: Transaction, account_id: UUID) -> tuple[Account, list[Appointment]]:
    account, appointments = _account(tx, account_id)
    if account is None or not account.active:
        raise NotAuthenticated(N_("账号不存在或已停用，请联系系统管理员。"))
    return account, appointments


def _posts(tree: OrgTree, appointments: list[Appointment]) -> list[Post]:
    return [
        Post(each.id, each.position_key, each.unit_id, tree.post_name(each.position_key, each.unit_id), each.ends_on)
        for each in _in_order(tree, appointments)
    ]


def _choose(tree: OrgTree, appointments: list[Appointment], wanted: UUID | None) -> Appointment | None:
    if wanted is None:
        return next(iter(_in_order(tree, appointments)), None)
    for appointment in appointments:
        if appointment.id == wanted:
            return appointment
    raise NotAuthorized(N_("您现在不担任这个岗位，请改用其他岗位，或联系系统管理员。"))


def _in_order(tree: OrgTree, appointments: list[Appointment]) -> list[Appointment]:
    return sorted(appointments, key=lambda each: (tree.positions[each.position_key].rank, each.starts_on, each.id))
