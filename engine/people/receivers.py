"""Which posts may be given work, or be asked for an opinion, and how they are found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select

from engine.clock import local_day
from engine.errors import N_, InvalidVariables
from engine.model.people import Account, Appointment, Level
from engine.people.actor import Actor, post_holder
from engine.people.posts import HANDLES, held_on
from engine.people.tree import OrgTree, Unit, org_tree

if TYPE_CHECKING:
    from engine.database import Transaction

_LEADS = "task.assign"
#: A list to choose from is no longer than this; the search finds the others.
MOST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Receiver:
    """A post (``position@unit``) or, with an account, one of those who hold it."""

    holder: str
    name: str
    account_id: UUID | None = None


def receiver(tx: Transaction, holder: str, account_id: UUID | None, barred: UUID | None) -> Receiver:
    """The post that is to take something over. ``barred`` is the account whose own matter it is.

    Raises InvalidVariables, under ``holder``, for a post that does not exist, handles no tasks, or that nobody with an
    active account holds today but the one who is barred.
    """
    tree = org_tree(tx)
    position, unit = _post(tree, holder)
    name = tree.post_name(position, unit.id)
    query = (
        select(Account.id)
        .join(Appointment, Appointment.account_id == Account.id)
        .where(Appointment.position_key == position, Appointment.unit_id == unit.id)
        .where(held_on(local_day(tx.now)), Account.active.is_(True))
    )
    there = set(tx.session.scalars(query))
    if account_id is not None and account_id not in there:
        raise InvalidVariables.at("holder", N_("所选的人现在不担任{who}，请重新选择。"), who=name)
    if not there:
        raise InvalidVariables.at("holder", N_("{who}现在没有人任职，请选择其他岗位。"), who=name)
    if account_id == barred is not None or there == {barred}:
        raise InvalidVariables.at("holder", N_("这是{who}本人提出的事项，按回避要求请选择其他岗位。"), who=name)
    return Receiver(post_holder(position, unit.id), name, account_id)


def leads(tx: Transaction, actor: Actor, candidates: Iterable[str]) -> bool:
    """Whether the acting post leads (``task.assign``) the unit of one of the candidates, or one above it."""
    if not actor.may(_LEADS) or not actor.unit_path:
        return False
    tree = org_tree(tx)
    units = (tree.unit(UUID(each.partition("@")[2])) for each in candidates if "@" in each)
    return any(unit.path.startswith(actor.unit_path) for unit in units)


def receivers(tx: Transaction, unit_id: UUID | None, search: str = "", but: UUID | None = None) -> list[Receiver]:
    """Posts to choose from: with a search all whose name holds its words, else those near the actor and the case.

    Near are the actor's own unit, those on the path of ``unit_id`` and those right below. A post with several holders
    is followed by each of them. ``but`` is left out. At most ``MOST_SHOWN``.
    """
    found: list[Receiver] = []
    for post, name, there in _held(tx, unit_id, search, but):
        holder = post_holder(*post)
        found.append(Receiver(holder, name))
        if len(there) > 1:
            found += [Receiver(holder, f"{name}（{called}）", account) for account, called in there]
    return found[:MOST_SHOWN]


def colleagues(tx: Transaction, unit_id: UUID | None, search: str = "", but: UUID | None = None) -> list[Receiver]:
    """The same posts, each with everybody who holds it; whoever holds several comes once."""
    found: dict[UUID, Receiver] = {}
    for post, name, there in _held(tx, unit_id, search, but):
        for account, called in there:
            shown = name if called == name else f"{name}（{called}）"
            found.setdefault(account, Receiver(post_holder(*post), shown, account))
    return list(found.values())[:MOST_SHOWN]


def _wanted(tx: Transaction, unit_id: UUID | None, search: str) -> dict[tuple[str, UUID], str]:
    """The posts that handle tasks, near or as searched for, with their names."""
    tree, words = org_tree(tx), search.split()
    units = list(tree) if words else _near(tree, tx.actor.unit_id, unit_id)
    posts = {
        (kind.key, unit.id): tree.post_name(kind.key, unit.id)
        for unit in units
        if unit.active and unit.level is not Level.PARTY
        for kind in tree.positions.values()
        if kind.level is unit.level and HANDLES in kind.permissions
    }
    return {post: name for post, name in posts.items() if all(word in name for word in words)}


def names_of(tx: Transaction, holders: Iterable[str]) -> str:
    """What people call some posts, one after the other."""
    tree = org_tree(tx)
    posts = (each.partition("@") for each in sorted(holders) if "@" in each)
    return N_("、").join(tree.post_name(position, UUID(unit)) for position, _, unit in posts)


def _near(tree: OrgTree, own: UUID | None, of_case: UUID | None) -> list[Unit]:
    found: dict[UUID, Unit] = {}
    if own is not None:
        found[own] = tree.unit(own)
    for start in (of_case, own):
        above = tree.unit(start) if start is not None else None
        while above is not None:
            found.setdefault(above.id, above)
            above = tree.unit(above.parent_id) if above.parent_id else None
    if own is not None:
        found.update({unit.id: unit for unit in tree.children(own)})
    return list(found.values())


def _held(
    tx: Transaction, unit_id: UUID | None, search: str, but: UUID | None
) -> Iterator[tuple[tuple[str, UUID], str, list[tuple[UUID, str]]]]:
    """Those posts that somebody holds today, in their order, with their names and who holds them."""
    posts = _wanted(tx, unit_id, search)
    query = (
        select(Appointment.position_key, Appointment.unit_id, Account.id, Account.name)
        .join(Account, Account.id == Appointment.account_id)
        .where(Appointment.unit_id.in_({unit for _, unit in posts}), held_on(local_day(tx.now)))
        .where(Account.active.is_(True))
        .order_by(Account.name, Account.id)
    )
    people: dict[tuple[str, UUID], list[tuple[UUID, str]]] = {}
    for position, unit, account, name in tx.session.execute(query):
        if account != but:
            people.setdefault((position, unit), []).append((account, name))
    for post, name in posts.items():
        if post in people:
            yield post, name, people[post]


def _post(tree: OrgTree, holder: str) -> tuple[str, Unit]:
    position, _, place = holder.partition("@")
    try:
        unit = next((each for each in tree if each.id == UUID(place)), None)
    except ValueError:
        unit = None
    kind = tree.positions.get(position)
    if unit is None or kind is None or kind.level is not unit.level or not unit.active:
        raise InvalidVariables.at("holder", N_("请选择岗位。"))
    if HANDLES not in kind.permissions or unit.level is Level.PARTY:
        raise InvalidVariables.at(
            "holder", N_("{who}不办理环节，请选择其他岗位。"), who=tree.post_name(position, unit.id)
        )
    return position, unit
