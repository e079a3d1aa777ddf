"""Who acts in a scenario: from what stands after ``starter`` and ``by`` to an actor; and at which unit."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import bindparam, select

from engine import people
from engine.clock import local_day
from engine.database import Transaction
from engine.errors import N_
from engine.model.people import Appointment, Level
from engine.model.process import ProcessInstance
from engine.people import ANONYMOUS, Actor
from engine.people.posts import held_on
from engine.scenarios.failure import ScenarioFailed

APPLICANT = "applicant"


def unit_at(tx: Transaction, place: str) -> UUID:
    """The unit with a code; for a level the first unit of it. Raises ScenarioFailed."""
    tree = people.org_tree(tx)
    found = next((unit for unit in tree if unit.level == place), None) if place in set(Level) else tree.by_code(place)
    if found is None:
        raise ScenarioFailed(N_("没有代码或层级是“{place}”的单位。"), place=place)
    return found.id


def starter_of(tx: Transaction, who: str, unit: UUID | None) -> Actor:
    """Who starts a case at a unit: a login, ``anonymous``, a position, or ``position@place``."""
    if who == "anonymous":
        return ANONYMOUS
    if "@" in who:
        return _holder_of(tx, who, unit)
    account = people.account_by_login(tx, who)
    if account is not None:
        return people.load_actor(tx, account.id)
    if who in people.org_tree(tx).positions:
        return _nearest_holder(tx, who, unit)
    raise ScenarioFailed(N_("没有登录名或岗位是“{who}”的人。"), who=who)


def performer_of(tx: Transaction, by: str, instance: ProcessInstance, unit: UUID | None) -> Actor:
    """Who does something in a case: ``applicant``, a login, or ``position@place`` as seen from ``unit``."""
    return applicant_of(tx, instance) if by == APPLICANT else starter_of(tx, by, unit)


def applicant_of(tx: Transaction, instance: ProcessInstance) -> Actor:
    """Whoever filed the case, or the one that called it; without an account by number and code."""
    if instance.started_by is None:
        return people.receipt_actor(instance.id)
    return people.load_actor(tx, instance.started_by)


def _holder_of(tx: Transaction, group: str, unit: UUID | None) -> Actor:
    """Whoever holds the post today. Raises StepFailed for a place or position that does not exist."""
    (holder,) = people.resolve_holders(people.org_tree(tx), [group], unit)
    position, _, place = holder.partition("@")
    post = _post(tx, position, [UUID(place)])
    if post is None:
        raise ScenarioFailed(N_("现在没有人担任“{post}”。"), post=group)
    return people.load_actor(tx, post.account_id, post.id)


def _nearest_holder(tx: Transaction, position: str, unit: UUID | None) -> Actor:
    """Whoever holds the position at the unit, else above it, else below it, else anywhere."""
    tree = people.org_tree(tx)
    level = tree.positions[position].level
    above = tree.ancestor(unit, level) if unit else None
    near = [above.id] if above else [each.id for each in tree.children(unit, level)] if unit else []
    post = _post(tx, position, near) or _post(tx, position, [each.id for each in tree if each.level is level])
    if post is None:
        raise ScenarioFailed(N_("现在没有人担任“{post}”。"), post=position)
    return people.load_actor(tx, post.account_id, post.id)


def _post(tx: Transaction, position: str, units: list[UUID]) -> Appointment | None:
    """Today's first appointment to a position, in the order of the units."""
    posts = list(tx.session.scalars(_POSTS, {"position": position, "units": units, "day": local_day(tx.now)}))
    return min(posts, key=lambda post: units.index(post.unit_id), default=None)


# Made once: building a statement costs more than running it, and nearly every step asks.
_POSTS = (
    select(Appointment)
    .where(Appointment.position_key == bindparam("position"))
    .where(Appointment.unit_id.in_(bindparam("units", expanding=True)))
    .where(held_on(bindparam("day")))
    .order_by(Appointment.id)
)
