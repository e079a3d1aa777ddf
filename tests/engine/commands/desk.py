"""Acts of officials on one task, as tests say them."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from engine import consultations, people, substitutions, tasks
from engine.model.consultation import Consultation, ConsultationKind, Opinion
from engine.model.people import Account
from engine.people import Actor, post_holder
from tests.engine.commands.house import CLERK, Drawing, House, process
from webapp.demo.organisation import read_organisation

SECRETARY = "jinxing-secretary"
MEDIATOR = "shizhong-mediator"
LEADER = "jinxing-1-leader"
OFFICIALS = [each.login for each in read_organisation().accounts if each.kind == "official"]


def appeal(key: str = "p", **more: str) -> Drawing:
    """A process that anybody may start, with two steps of the community."""
    return process(key, starters="public", **more).user_task().user_task("b").end()


def post(house: House, login: str) -> str:
    """The holder string of somebody's first post."""
    actor = house.actor(login)
    assert actor.position is not None
    assert actor.unit_id is not None
    return post_holder(actor.position, actor.unit_id)


def account(house: House, login: str) -> UUID:
    """The id of an account."""
    found = house.actor(login).account_id
    assert found is not None
    return found


def task_id(house: House, case: UUID) -> UUID:
    """The first open task of a case."""
    return house.tasks(case)[0].id


def able(house: House, case: UUID) -> dict[str, set[str]]:
    """By step, everybody among all officials who could do it now, as the engine's guard says."""
    found: dict[str, set[str]] = {}
    with house.reading() as tx:
        accounts = {each.login: each.id for each in tx.session.query(Account).filter(Account.login.in_(OFFICIALS))}
        actors = {login: people.load_actor(tx, id) for login, id in accounts.items()}
    for each in house.tasks(case):
        candidates = house.candidates(each.id)
        rights = {login: people.rights_to(actor, each, "", candidates) for login, actor in actors.items()}
        found[each.element_id] = {login for login in actors if people.right_now(actors[login], each, rights[login])}
    return found


def claim(house: House, case: UUID, by: str | Actor = CLERK) -> None:
    """Claim it."""
    with house.at(by) as tx:
        tasks.claim(tx, task_id(house, case))


def hand_on(house: House, case: UUID, to: str, by: str | Actor = CLERK, reason: str = "对方更熟悉") -> None:
    """Hand the task on to somebody's post."""
    holder = post(house, to)
    with house.at(by) as tx:
        tasks.reassign(tx, task_id(house, case), holder, reason)


def ask(
    house: House, case: UUID, of: str, kind: ConsultationKind = ConsultationKind.COUNTERSIGN, by: str | Actor = CLERK
) -> UUID:
    """Ask somebody's post; the id of the question."""
    holder = post(house, of)
    with house.at(by) as tx:
        (row,) = consultations.ask(tx, task_id(house, case), kind, [holder], "这样处理是否可行")
        return row.id


def answer(
    house: House, question: UUID, by: str | Actor, opinion: Opinion = Opinion.AGREE, words: str = "可以"
) -> None:
    """Answer it."""
    with house.at(by) as tx:
        consultations.answer(tx, question, opinion, words)


def consultation(house: House, question: UUID) -> Consultation:
    """The row of a question."""
    with house.reading() as tx:
        return tx.get(Consultation, question)


def substitute(
    house: House,
    principal: str,
    *delegates: str,
    days: int = 3,
    starts_in: int = 0,
    processes: tuple[str, ...] = (),
    by: str | None = None,
) -> UUID:
    """Let delegates stand in for somebody from today, or some days on; the id of the substitution."""
    first = house.clock.now.date() + timedelta(days=starts_in)
    last: date = first + timedelta(days=days - 1)
    chosen = [account(house, each) for each in delegates]
    principal_id = account(house, principal)
    with house.at(by or principal) as tx:
        return substitutions.set_up(tx, principal_id, chosen, first, last, "休假", process_keys=processes).id


def refused(error: type[Exception], match: str):  # type: ignore[no-untyped-def] # pytest's own type says no more
    """That something is refused with this sentence."""
    return pytest.raises(error, match=match)
