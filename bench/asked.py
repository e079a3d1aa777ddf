"""What is asked for when lists are measured: every tab, page, condition and search, alone and in pairs."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product
from typing import Any

from sqlalchemy import func, select

from engine import people, watching
from engine.database import Engine, Transaction
from engine.model.inbox import InboxEntry, ListNumber
from engine.model.people import Account, Appointment
from engine.people import SYSTEM, load_actor, post_holder
from engine.queries import list_numbers
from engine.queries.worklist_order import place_of
from engine.queries.worklist_wish import PAGE_SIZE

#: Kinds of post, by how much work they have: a hundred tasks, a thousand, thousands, tens of thousands.
WHO = {
    "group leader": "group_leader",
    "clerk": "community_clerk",
    "department": "officer",
    "heavy post": "district_office",
}
#: Who looks at the cases and at the units below.
ABOVE = {"district": "district_office", "subdistrict": "subdistrict_leader", "community": "community_secretary"}
_WATCHED = 30
_SEARCHES = {
    "two characters": "油烟",
    "two rare characters": "蜂窝",
    "one character": "灯",
    "one rare character": "蜂",
    "without hits": "没有这个词",
    "common pairs, never together": "油烟 路灯",
    "two words": "油烟 市场口",
    "a number": "SQ-2026-0000042",
}
_TOGETHER = {
    "process": ("", "appeal"),
    "level": ("", "group"),
    "due": ("", "overdue", "week"),
    "important": ("", "1"),
    "sort": ("", "newest", "oldest"),
    "q": ("", "油烟", "蜂窝", "油烟 路灯"),
}


@dataclass(frozen=True)
class Asked:
    """One request: who sends it, where to, with which conditions; with a form it is sent as one."""

    login: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Reader:
    """Who has the most to claim in a kind of post, with places in the middle of the list and near its end."""

    login: str
    unit: people.Unit
    owner: str
    size: int
    middle: str
    far: str
    page: tuple[str, ...]


def of_post(engine: Engine, position: str) -> tuple[int, dict[str, Asked]]:
    """How much whoever has the most can claim in a kind of post, and what is asked for, by its name in the table."""
    with engine.read(SYSTEM) as tx:
        reader = _busiest(tx, position)
        below = people.org_tree(tx).children(reader.unit.id)
    _watch(engine, reader)
    unit = str(random.Random(1).choice(below).id if below else reader.unit.id)
    lists = {name: Asked(reader.login, "/tasks", query) for name, query in _lists(reader, unit)}
    chosen = Asked(reader.login, "/tasks/bulk/hand-on", form={"task": list(reader.page), "back": "/tasks"})
    return reader.size, {**lists, "handing a page of them on": chosen, "my work": Asked(reader.login, "/work")}


def from_above(engine: Engine) -> dict[str, Asked]:
    """What is asked for of all cases, and of the units below a post."""
    with engine.read(SYSTEM) as tx:
        logins = {name: _holder_of(tx, position) for name, position in ABOVE.items()}
        tree = people.org_tree(tx)
        group, street = tree.by_code("s0c0g0"), tree.by_code("s0")
        assert group is not None
        assert street is not None
    found = {f"work of a {name}": Asked(login, "/work") for name, login in logins.items()}
    found |= {f"cases below a {name}": Asked(login, "/cases/below") for name, login in logins.items()}
    narrowed = {
        "all cases": {},
        "page 40 of the cases": {"page": "40"},
        "cases by process": {"process": "appeal"},
        "cases of a group": {"unit": str(group.id)},
        "cases of a group with two characters": {"unit": str(group.id), "q": "油烟"},
        "cases of a subdistrict": {"unit": str(street.id)},
        "cases, oldest first": {"sort": "oldest"},
        **{f"cases {state}": {"state": state} for state in ("active", "completed", "overdue", "failed")},
        **{f"cases with {name}": {"q": words} for name, words in _SEARCHES.items()},
        "cases with two characters, by process": {"q": "油烟", "process": "appeal"},
    }
    return found | {name: Asked("admin", "/cockpit/cases", query) for name, query in narrowed.items()}


def _lists(reader: Reader, unit: str) -> Iterator[tuple[str, dict[str, str]]]:
    claimable = {"tab": "open"}
    for tab in ("open", "mine", "done", "started", "watched"):
        yield f"tab {tab}", {"tab": tab}
    yield "all of a page selected", {**claimable, "all": "1"}
    yield "a middle page", {**claimable, "after": reader.middle}
    yield "a far page", {**claimable, "after": reader.far}
    yield "the page before it", {**claimable, "before": reader.far}
    for name, value in {"process": "appeal", "level": "group", "unit": unit, "important": "1"}.items():
        yield f"by {name}", {**claimable, name: value}
    yield "by level, none", {**claimable, "level": "party"}
    for due in ("overdue", "today", "week", "none"):
        yield f"due {due}", {**claimable, "due": due}
    for sort in ("newest", "oldest"):
        yield f"{sort} first", {**claimable, "sort": sort}
    for name, words in _SEARCHES.items():
        yield f"search, {name}", {**claimable, "q": words}
    for tab in ("mine", "done", "started", "watched"):
        yield f"search among {tab}", {"tab": tab, "q": "油烟"}
    for number, query in enumerate(pairwise(_TOGETHER), 1):
        yield f"together {number}: {' '.join(filter(None, query.values()))}", {**claimable, **query}


def pairwise(factors: Mapping[str, Sequence[str]]) -> Iterator[dict[str, str]]:
    """Few combinations in which every two values of different factors come together at least once."""
    every = [dict(zip(factors, values, strict=True)) for values in product(*factors.values())]
    missing = {pair for one in every for pair in combinations(one.items(), 2)}
    while missing:
        best = max(every, key=lambda one: len(missing.intersection(combinations(one.items(), 2))))
        missing.difference_update(combinations(best.items(), 2))
        yield best


def _busiest(tx: Transaction, position: str) -> Reader:
    number = func.count()
    busiest = select(ListNumber.name, number).join_from(InboxEntry, ListNumber, ListNumber.id == InboxEntry.list_no)
    busiest = busiest.where(ListNumber.name.like(f"{position}@%"))
    query = busiest.group_by(ListNumber.name).order_by(number.desc()).limit(1)
    owner, size = tx.session.execute(query).one()
    login, unit_id = _holders(tx)[owner]
    middle, far = (_places(tx, owner, int(size * share), 1)[0] for share in (0.5, 0.95))
    page = tuple(place.partition(".")[2] for place in _places(tx, owner, 0, PAGE_SIZE))
    return Reader(login, people.org_tree(tx).unit(unit_id), owner, size, middle, far, page)


def _holder_of(tx: Transaction, position: str) -> str:
    every = [login for owner, (login, _unit) in _holders(tx).items() if owner.startswith(f"{position}@")]
    return next((login for login in every if login.startswith("s0")), every[0])


def _holders(tx: Transaction) -> dict[str, tuple[str, Any]]:
    """Who holds which post, and where."""
    query = select(Account.login, Appointment.unit_id, Appointment.position_key)
    rows = tx.session.execute(query.join(Appointment, Appointment.account_id == Account.id))
    return {post_holder(row.position_key, row.unit_id): (row.login, row.unit_id) for row in rows}


def _places(tx: Transaction, owner: str, number: int, size: int) -> list[str]:
    query = select(InboxEntry.urgency, InboxEntry.subject_id)
    query = query.where(InboxEntry.list_no == list_numbers.of_list(tx, owner))
    query = query.order_by(InboxEntry.urgency, InboxEntry.subject_id).offset(number).limit(size)
    return [place_of(row.urgency, row.subject_id) for row in tx.session.execute(query)]


def _watch(engine: Engine, reader: Reader) -> None:
    """Let them watch some of the cases whose tasks they can claim."""
    with engine.read(SYSTEM) as tx:
        account = tx.session.scalar(select(Account.id).where(Account.login == reader.login))
        actor = load_actor(tx, account) if account else SYSTEM
        cases = select(InboxEntry.instance_id).order_by(InboxEntry.urgency)
        cases = cases.where(InboxEntry.list_no == list_numbers.of_list(tx, reader.owner))
        ids = list(tx.session.scalars(cases.limit(_WATCHED)))
    with engine.begin(actor) as tx:
        for id in ids:
            watching.watch(tx, id)
