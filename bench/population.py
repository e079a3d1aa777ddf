"""A district as large as one gets: thousands of posts, and tasks that lie very unevenly among them.

Rows are written past the commands, straight into the tables: it is the reading that is measured. Everybody is called
by the post; titles are put together from places and troubles.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Connection, MetaData, Table, Uuid, insert, select

from bench import databases
from engine import accounts
from engine.database import Engine
from engine.lifecycle import InstanceState, UserTaskState
from engine.migrations.entries import create_entry_triggers, drop_entry_triggers, write_all_entries
from engine.model.base import new_id
from engine.model.inbox import SearchGram
from engine.model.people import Account, AccountKind, Appointment, Level, OrgUnit
from engine.model.process import ProcessDefinition, ProcessInstance
from engine.model.work import TaskCandidate, UserTask
from engine.people import SYSTEM, post_holder
from engine.search import grams

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
    Level.COMMUNITY: ("community_secretary", "community_clerk", "community_clerk", "supervisor"),
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
    with engine.sql.begin() as connection:
        drop_entry_triggers(connection)
        town = _people(connection, engine.clock())
        definition = connection.scalar(select(ProcessDefinition.id).limit(1))
        assert definition is not None
        _without_index(connection)
        rows = _cases(town, tasks, definition, engine.clock(), random)
        while chunk := [row for _, row in zip(range(_CHUNK), rows, strict=False)]:
            for model in (ProcessInstance, UserTask, TaskCandidate, SearchGram):
                _load(connection, model.__table__, [row for group in chunk for row in group.get(model, ())])
        _with_index(connection)
        write_all_entries(connection)
        create_entry_triggers(connection)
    with engine.begin(SYSTEM) as tx:
        tx.touch_settings()
    with engine.sql.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE" if engine.is_sqlite else "VACUUM ANALYZE")
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
    _load(connection, OrgUnit.__table__, units)
    posts = [(kind, row["id"], row["code"]) for row in units for kind in _POSTS[row["level"]]]
    people, held = [], []
    for number, (kind, unit_id, code) in enumerate(posts):
        account = {"id": new_id(), "login": f"{code}-{kind}-{number}", "password_hash": hashed, "name": kind}
        people.append({**account, "kind": AccountKind.OFFICIAL, "active": True, "locale": "zh-CN", "created_at": now})
        held.append(_appointment(account["id"], kind, unit_id, now))
        town.post(kind, post_holder(kind, unit_id), account["id"])
    _load(connection, Account.__table__, people)
    _load(connection, Appointment.__table__, held)
    known = select(Appointment).where(Appointment.position_key.in_(("officer", "district_office")))
    for row in connection.execute(known):
        town.post(row.position_key, post_holder(row.position_key, row.unit_id), row.account_id)
    return town


def _appointment(account_id: UUID, kind: str, unit_id: UUID, now: datetime) -> dict[str, Any]:
    begins = (now - timedelta(days=30)).date()
    return {"id": new_id(), "account_id": account_id, "position_key": kind, "unit_id": unit_id, "starts_on": begins}


def _cases(
    town: Town, tasks: int, definition: UUID, now: datetime, random: Random
) -> Iterator[dict[type[Any], list[dict[str, Any]]]]:
    """The rows of one case after the other; of each twenty, one task is claimed, and two more are completed."""
    kinds, weights = list(_SHARES), list(_SHARES.values())
    # Few tasks lie with few posts, so that lists are as full as among many and pages of the same size are compared.
    busy = {kind: posts[: max(1, round(len(posts) * tasks / _FULL))] for kind, posts in town.posts.items()}
    for number in range(tasks + tasks // 10):
        holder, account = random.choice(busy[random.choices(kinds, weights)[0]])
        group, path, place = random.choice(town.groups)
        title = f"{place}{random.choice(_PLACES)}{random.randrange(1, 90)}号楼{random.choice(_TROUBLES)}"
        case = {
            "id": new_id(), "definition_id": definition, "process_key": random.choice(_KEYS),
            "business_key": f"SQ-2026-{number:07d}", "title": title, "unit_id": group, "unit_path": path,
            "state": InstanceState.ACTIVE, "confidential": False, "started_at": now - timedelta(minutes=number % _SPAN),
            "started_by": account if number % 10 == 0 else None, "started_by_name": "居民", "token_state": b"",
            "variables": b"", "incidents": 0, "history_seq": 0, "history_head": b"", "lock_version": 1,
        }  # fmt: skip
        case["search_text"] = f"{title}\n{case['business_key']}\n居民"
        task = _task(case, now, random)
        if number >= tasks:
            done = {"completed_at": now - timedelta(minutes=number % _SPAN), "completed_by": account}
            task |= {"state": UserTaskState.COMPLETED, "assignee": account, **done}
        elif number % 20 == 0:
            task["assignee"] = account
        yield {
            ProcessInstance: [case],
            UserTask: [task],
            TaskCandidate: [{"task_id": task["id"], "holder": holder}],
            SearchGram: [{"gram": gram, "instance_id": case["id"]} for gram in grams(case["search_text"])],
        }


def _task(case: Mapping[str, Any], now: datetime, random: Random) -> dict[str, Any]:
    until = now + timedelta(days=random.randrange(-10, 40))
    return {
        "id": new_id(), "instance_id": case["id"], "element_id": "handle", "name": "办理", "lane": "", "scope": "",
        "state": UserTaskState.CREATED, "created_at": case["started_at"], "assignee": None, "completed_at": None,
        "due_at": None if random.random() < 0.15 else until.replace(hour=9, minute=30, second=0, microsecond=0),
        "priority": 80 if random.random() < 0.1 else 50, "completed_by": None,
    }  # fmt: skip


def _load(connection: Connection, table: Any, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        connection.execute(insert(_STAGED if table is SearchGram.__table__ else table), rows)
        return
    names = list(rows[0])
    statement = f"COPY {table.name} ({', '.join(names)}) FROM STDIN"
    with connection.connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row([str(value) if isinstance(value, str) else value for value in row.values()])


# Millions of entries of the search index that come in any order are sorted once, at the end.
_STAGED = Table("staged_gram", MetaData(), Column("gram", BigInteger), Column("instance_id", Uuid))


def _without_index(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        _STAGED.create(connection)
    else:
        connection.exec_driver_sql("ALTER TABLE search_gram DROP CONSTRAINT pk_search_gram")


def _with_index(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO search_gram SELECT * FROM staged_gram ORDER BY gram, instance_id")
        _STAGED.drop(connection)
    else:
        connection.exec_driver_sql(
            "ALTER TABLE search_gram ADD CONSTRAINT pk_search_gram PRIMARY KEY (gram, instance_id)"
        )
