"""A district as large as one gets: thousands of posts, and tasks that lie very unevenly among them.

Rows are written past the commands, straight into the tables: it is the reading that is measured. Everybody is called
by the post; titles are put together from places and troubles.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, select

from bench import databases
from bench.loading import Row, loading
from engine import accounts
from engine.database import Engine
from engine.model.base import new_id
from engine.model.inbox import IMPRINT
from engine.model.people import Account, AccountKind, Appointment, Level, OrgUnit
from engine.model.process import ProcessDefinition
from engine.people import SYSTEM, post_holder
from engine.search import grams, imprint

_CHUNK = 5_000
#: Cases have begun within so many minutes.
_SPAN = 90_000
#: With so many tasks everybody has some.
_FULL = 1_000_000
_SUBDISTRICTS, _COMMUNITIES, _GROUPS = 20, 10, 15
_KEYS = ("appeal", "grid_loop", "one_window", "deliberation", "disclosure", "supervision")
#: What is common comes often; the last ones nobody would find by looking.
_TROUBLES = (
    *("油烟直排", "路灯不亮", "井盖破损", "楼道堆物", "夜间噪声", "污水外溢", "乱停车辆", "垃圾清运") * 12,
    *("树木遮光", "电梯故障", "外墙脱落", "管道渗漏", "健身器材损坏", "充电桩不足", "宠物扰民") * 4,
    "蜂窝筑巢",
    "围挡倾斜",
)
_PLACES = ("东区", "西区", "南门", "北门", "幼儿园旁", "市场口", "广场边", "河沿")
#: Share of all tasks, by kind of post; within a kind they lie evenly.
_SHARES: Mapping[str, float] = {
    "district_office": 0.05,
    "officer": 0.05,
    "subdistrict_officer": 0.1,
    "community_clerk": 0.3,
    "group_leader": 0.3,
    "grid_worker": 0.2,
}
_POSTS = {
    Level.SUBDISTRICT: ("subdistrict_leader", "subdistrict_officer", "mediator"),
    Level.COMMUNITY: ("community_secretary", *("community_clerk",) * 3, "supervisor"),
    Level.GROUP: ("group_leader", "resident_deputy", "grid_worker"),
}


@dataclass
class Town:
    """The posts by kind, each with its holder and an account, and the units that cases come from."""

    posts: dict[str, list[tuple[str, UUID]]] = field(default_factory=dict)
    groups: list[tuple[UUID, str, str]] = field(default_factory=list)

    def post(self, kind: str, holder: str, account: UUID) -> None:
        """Note a post."""
        self.posts.setdefault(kind, []).append((holder, account))


def fill(engine: Engine, tasks: int, seed: int = 5) -> int:
    """Fill a furnished database with a town and this many waiting tasks; the number of accounts."""
    random = Random(seed)
    with loading(engine) as loader:
        town = _people(loader.connection, engine.clock())
        definition = loader.connection.scalar(select(ProcessDefinition.id).limit(1))
        assert definition is not None
        words = _Words()
        made = _cases(town, tasks, definition.hex, engine.clock(), random)
        while chunk := list(islice(made, _CHUNK)):
            loader.write("process_instance", _CASE, (each.case for each in chunk))
            loader.write("user_task", _TASK, (each.task for each in chunk))
            loader.write("task_candidate", ("task_id", "holder"), (each.candidate for each in chunk))
            for each in chunk:
                words.note(each.id, each.grams)
        loader.write("search_gram", ("gram", "instance_id"), words.rows())
    with engine.begin(SYSTEM) as tx:
        tx.touch_settings()
    return sum(len(posts) for posts in town.posts.values())


def _people(connection: Connection, now: datetime) -> Town:
    town, hashed = Town(), accounts.hash_password(databases.PASSWORD)
    top = connection.execute(select(OrgUnit).where(OrgUnit.level == Level.DISTRICT)).one()
    units: list[dict[str, Any]] = []

    def unit(level: Level, code: str, name: str, parent_id: UUID, path: str) -> tuple[UUID, str]:
        id = new_id()
        row = {"id": id, "parent_id": parent_id, "level": level, "code": code, "name": name, "active": True}
        units.append({**row, "path": f"{path}{id.hex}/"})
        return id, units[-1]["path"]

    for s in range(_SUBDISTRICTS):
        street = unit(Level.SUBDISTRICT, f"s{s}", f"第{s + 1}街道", top.id, top.path)
        for c in range(_COMMUNITIES):
            community = unit(Level.COMMUNITY, f"s{s}c{c}", f"第{s + 1}街道{c + 1}社区", *street)
            for g in range(_GROUPS):
                group = unit(Level.GROUP, f"s{s}c{c}g{g}", f"{c + 1}社区{g + 1}组", *community)
                town.groups.append((group[0], group[1], f"第{s + 1}街道{c + 1}社区"))
    connection.execute(insert(OrgUnit), units)
    posts = [(kind, row["id"], row["code"]) for row in units for kind in _POSTS[row["level"]]]
    people, held = [], []
    for number, (kind, unit_id, code) in enumerate(posts):
        account = {"id": new_id(), "login": f"{code}-{kind}-{number}", "password_hash": hashed, "name": kind}
        people.append({**account, "kind": AccountKind.OFFICIAL, "active": True, "locale": "zh-CN", "created_at": now})
        held.append(_appointment(account["id"], kind, unit_id, now))
        town.post(kind, post_holder(kind, unit_id), account["id"])
    connection.execute(insert(Account), people)
    connection.execute(insert(Appointment), held)
    known = select(Appointment).where(Appointment.position_key.in_(("officer", "district_office")))
    for row in connection.execute(known):
        town.post(row.position_key, post_holder(row.position_key, row.unit_id), row.account_id)
    return town


def _appointment(account_id: UUID, kind: str, unit_id: UUID, now: datetime) -> dict[str, Any]:
    begins = (now - timedelta(days=30)).date()
    return {"id": new_id(), "account_id": account_id, "position_key": kind, "unit_id": unit_id, "starts_on": begins}


@dataclass(frozen=True)
class _Made:
    """The rows of one case, and the entries of the search index that it is found by."""

    id: str
    case: Row
    task: Row
    candidate: Row
    grams: frozenset[int]


_CASE = (
    "id", "definition_id", "process_key", "business_key", "title", "unit_id", "unit_path", "state", "confidential",
    "started_at", "started_by", "started_by_name", "token_state", "variables", "incidents", "history_seq",
    "history_head", "lock_version", "search_text", *IMPRINT,
)  # fmt: skip
_TASK = (
    "id", "instance_id", "element_id", "name", "lane", "scope", "state", "created_at", "assignee", "completed_at",
    "completed_by", "due_at", "priority",
)  # fmt: skip


def _cases(town: Town, tasks: int, definition: str, now: datetime, random: Random) -> Iterator[_Made]:
    """One case after the other; of each twenty, one task is claimed, and two more are completed."""
    kinds, weights = list(_SHARES), list(_SHARES.values())
    # Few tasks lie with few posts, so that lists are as full as among many and pages of the same size are compared.
    busy = {kind: posts[: max(1, round(len(posts) * tasks / _FULL))] for kind, posts in town.posts.items()}
    begun = [_moment(now - timedelta(minutes=minute)) for minute in range(min(_SPAN, tasks + tasks // 10))]
    today = now.replace(hour=9, minute=30, second=0, microsecond=0)
    dues = [_moment(today + timedelta(days=day)) for day in range(-10, 40)]
    for number in range(tasks + tasks // 10):
        holder, account_id = random.choice(busy[random.choices(kinds, weights)[0]])
        account, (group, path, place) = account_id.hex, random.choice(town.groups)
        title = f"{place}{random.choice(_PLACES)}{random.randrange(1, 90)}号楼{random.choice(_TROUBLES)}"
        key, at, id, task_id = f"SQ-2026-{number:07d}", begun[number % _SPAN], new_id().hex, new_id().hex
        text = f"{title}\n{key}\n居民"
        found = grams(text)
        case = (
            id, definition, random.choice(_KEYS), key, title, group.hex, path, "active", 0, at,
            account if number % 10 == 0 else None, "居民", b"", b"", 0, 0, b"", 1, text, *imprint(found),
        )  # fmt: skip
        due, priority = None if random.random() < 0.15 else random.choice(dues), 80 if random.random() < 0.1 else 50
        over = number >= tasks
        task = (
            task_id, id, "handle", "办理", "", "", "completed" if over else "created", at,
            account if over or number % 20 == 0 else None, at if over else None, account if over else None, due,
            priority,
        )  # fmt: skip
        yield _Made(id, case, task, (task_id, holder), found)


def _moment(moment: datetime) -> str:
    """As SQLite keeps it; PostgreSQL reads it as UTC, which is the time zone of the session."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


class _Words:
    """The entries of the search index, sorted as the index is; a few bytes for each."""

    def __init__(self) -> None:
        self._cases: list[str] = []
        self._found: dict[int, array[int]] = {}

    def note(self, case_id: str, grams: frozenset[int]) -> None:
        """Keep the entries of one case."""
        number, found = len(self._cases), self._found
        self._cases.append(case_id)
        for gram in grams:
            if gram in found:
                found[gram].append(number)
            else:
                found[gram] = array("I", (number,))

    def rows(self) -> Iterator[Row]:
        """All entries in their order."""
        for gram in sorted(self._found):
            for case_id in sorted(map(self._cases.__getitem__, self._found[gram])):
                yield gram, case_id
