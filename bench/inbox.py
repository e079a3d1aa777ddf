"""``python -m bench.inbox``: how long the server takes for a page of the inbox, among few tasks and among very many.

Each figure is a whole request to the application, without a network: session, permission, queries, page. The same
requests are made in databases of each size; the plans of their queries must read no growing table from end to end.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from bench.databases import PASSWORD, Databases, databases, kept_databases
from bench.filled import filled
from bench.measure import Step, interleave
from bench.plans import explained
from bench.report import table
from engine import people
from engine.database import Engine
from engine.model.inbox import InboxEntry
from engine.model.people import Account, Appointment
from engine.people import SYSTEM, post_holder
from engine.queries.worklist_page import place_of
from webapp import create_app

#: Milliseconds at the median, and how much slower the largest database may be than the smallest.
MOST_MS, MOST_RATIO = 30, 1.5
#: Where filled databases wait for the next run with ``--keep``; they may be deleted at any time.
KEPT = Path(tempfile.gettempdir()) / "wuji-bench-inbox"
#: Kinds of post, by how much work they have: a hundred tasks, thousands, tens of thousands.
WHO = {"group leader": "group_leader", "clerk": "community_clerk", "heavy post": "district_office"}
_SEARCHES = {
    "two characters": "油烟",
    "two rare characters": "蜂窝",
    "one character": "灯",
    "without hits": "没有这个词",
    "two words": "油烟 市场口",
    "a number": "SQ-2026-0000042",
}


@dataclass(frozen=True)
class Reader:
    """Somebody whose lists are measured, with places in the middle of the list to claim from and near its end."""

    login: str
    size: int
    middle: str
    far: str


def addresses(reader: Reader, unit: str) -> dict[str, dict[str, str]]:
    """What is asked for, by its name in the table."""
    claimable = {"tab": "open"}
    found = {f"tab {tab}": {"tab": tab} for tab in ("open", "mine", "done", "started")}
    found |= {"a middle page": {**claimable, "after": reader.middle}, "a far page": {**claimable, "after": reader.far}}
    found["the page before it"] = {**claimable, "before": reader.far}
    narrowed = {"process": "appeal", "level": "group", "unit": unit, "important": "1"}
    found |= {f"by {name}": {**claimable, name: value} for name, value in narrowed.items()}
    found["by level, none"] = {**claimable, "level": "party"}
    found |= {f"due {due}": {**claimable, "due": due} for due in ("overdue", "today", "week", "none")}
    found |= {f"{sort} first": {**claimable, "sort": sort} for sort in ("newest", "oldest")}
    found |= {f"search, {name}": {**claimable, "q": words} for name, words in _SEARCHES.items()}
    found["search among done"] = {"tab": "done", "q": "油烟"}
    return found


@dataclass(frozen=True)
class Opened:
    """One filled database and the application on it."""

    engine: Engine
    app: Flask


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and say by the status whether all promises are kept."""
    asked = _parser().parse_args(arguments)
    figures: dict[str, Any] = {}
    with _places(asked.keep, not asked.sqlite_only) as places:
        for kind in places.kinds:
            with ExitStack() as stack:
                opened = {size: _opened(stack, places, kind, size) for size in asked.tasks}
                figures[kind] = {who: measure(opened, position, asked.n) for who, position in WHO.items()}
    if asked.json:
        asked.json.write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return 0 if report(figures, asked.tasks) else 1


def _places(keep: bool, with_postgres: bool) -> AbstractContextManager[Databases]:
    return kept_databases(KEPT, with_postgres) if keep else databases(with_postgres)


def _opened(stack: ExitStack, places: Databases, kind: str, tasks: int) -> Opened:
    engine = stack.enter_context(filled(places, kind, tasks))
    return Opened(engine, create_app(engine, {"SECRET_KEY": "a key for one run", "WTF_CSRF_ENABLED": False}))


def measure(opened: Mapping[int, Opened], position: str, rounds: int) -> dict[str, Any]:
    """All requests of whoever has the most to do in a kind of post, in databases of all sizes in turns."""
    steps: dict[str, Any] = {}
    found: dict[str, Any] = {"claimable": {}, "bytes": {}, "read from end to end": {}}
    for size, each in opened.items():
        reader, unit = _reader(each.engine, position)
        found["claimable"][str(size)] = reader.size
        client = each.app.test_client()
        client.post("/login", data={"login": reader.login, "password": PASSWORD})
        for name, address in addresses(reader, unit).items():
            with explained(each.engine) as plans:
                text = _get(client, address)
            key = f"{name} | {size}"
            found["bytes"][key] = len(gzip.compress(text))
            if plans.whole_tables:
                found["read from end to end"][key] = plans.whole_tables
            steps[key] = repeat(_step(client, address))
    found["times"] = {key: series.summary() for key, series in interleave(steps, rounds, min(3, rounds - 1)).items()}
    return found


def _step(client: FlaskClient, address: Mapping[str, str]) -> Step:
    return lambda: _get(client, address)


def _get(client: FlaskClient, address: Mapping[str, str]) -> bytes:
    answer = client.get(f"/tasks?{urlencode(address)}")
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status}")
    return answer.data


def _reader(engine: Engine, position: str) -> tuple[Reader, str]:
    """The holder of the post of this kind that has the most to claim, and a unit below to narrow by."""
    with engine.read(SYSTEM) as tx:
        like = InboxEntry.owner.like(f"{position}@%")
        number = func.count()
        busiest = select(InboxEntry.owner, number).where(like).group_by(InboxEntry.owner).order_by(number.desc())
        owner, size = tx.session.execute(busiest.limit(1)).one()
        query = select(Account.login, Appointment.unit_id, Appointment.position_key)
        rows = tx.session.execute(query.join(Appointment, Appointment.account_id == Account.id))
        login, unit_id = next((row[0], row[1]) for row in rows if post_holder(row[2], row[1]) == owner)
        below = people.org_tree(tx).children(unit_id)
        middle, far = (_place(tx, owner, int(size * share)) for share in (0.5, 0.95))
    return Reader(login, size, middle, far), str(random.Random(1).choice(below).id if below else unit_id)


def _place(tx: Any, owner: str, number: int) -> str:
    query = select(InboxEntry.urgency, InboxEntry.subject_id).where(InboxEntry.owner == owner)
    row = tx.session.execute(query.order_by(InboxEntry.urgency, InboxEntry.subject_id).offset(number).limit(1)).one()
    return place_of(row.urgency, row.subject_id)


def report(figures: Mapping[str, Any], sizes: Sequence[int]) -> bool:
    """Print the medians side by side; whether all are as short and as equal as promised."""
    kept, few, many = True, min(sizes), max(sizes)
    for kind, who in ((kind, who) for kind in figures for who in WHO):
        found = figures[kind][who]
        rows: list[tuple[str, ...]] = [("", str(few), str(many), "p95", "ratio", "")]
        for name in (key.removesuffix(f" | {many}") for key in found["times"] if key.endswith(f" | {many}")):
            before, after = (found["times"][f"{name} | {size}"] for size in (few, many))
            ratio = after["wall_median"] / before["wall_median"]
            fine = after["wall_median"] <= MOST_MS and ratio <= MOST_RATIO
            kept &= fine
            cells = (before["wall_median"], after["wall_median"], after["wall_p95"])
            rows.append((name, *(f"{cell:.1f}" for cell in cells), f"{ratio:.2f}", "" if fine else "!"))
        print(f"\n{kind}, {who}: {found['claimable'][str(few)]} → {found['claimable'][str(many)]} to claim; ms")
        print("\n".join(table(rows)))
        for name, steps in found["read from end to end"].items():
            if name.endswith(f" | {many}"):
                kept = False
                print(f"  {name} reads from end to end: {steps}")
        print(f"  no page has more than {max(found['bytes'].values())} bytes, compressed")
    return kept


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.inbox", description=__doc__)
    parser.add_argument(
        "--tasks", type=lambda text: [int(part) for part in text.split(",")], default=[1_000, 1_000_000]
    )
    parser.add_argument("--n", type=int, default=30, help="每种请求的次数 · requests of each kind")
    parser.add_argument("--keep", action="store_true", help=f"保留数据库供下次使用 · keep the databases in {KEPT}")
    parser.add_argument("--sqlite-only", action="store_true", help="不量 PostgreSQL · leave PostgreSQL out")
    parser.add_argument("--json", type=Path, metavar="FILE", help="把全部数字写入文件 · write all figures")
    return parser


if __name__ == "__main__":
    sys.exit(main())
