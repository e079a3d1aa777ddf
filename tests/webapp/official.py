"""What the tests of officials' pages share: an appeal that waits, and reading a page."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from sqlalchemy import select

from engine import instances, people
from engine.database import Engine
from engine.lifecycle import UserTaskState
from engine.model.process import ProcessInstance
from engine.model.work import UserTask
from engine.people import ANONYMOUS, SYSTEM
from engine.worker import Worker

APPEAL: dict[str, Any] = {
    "诉求标题": "3号楼一楼餐馆油烟直排",
    "诉求内容": "居民夜里没法开窗。",
    "诉求类别": "环境卫生",
    "地址": "3号楼一楼",
    "联系人": "3号楼居民",
    "联系电话": "13800000000",
}


def file_appeal(
    engine: Engine, unit: str = "jinxing-1", title: str = "", person: str = "", phone: str = ""
) -> ProcessInstance:
    """An appeal of this group, filed without an account; it waits for the group leader."""
    own = {"诉求标题": title, "联系人": person, "联系电话": phone}
    values = {**APPEAL, **{name: value for name, value in own.items() if value}}
    with engine.begin(ANONYMOUS) as tx:
        group = people.org_tree(tx).by_code(unit)
        assert group is not None
        return instances.start(tx, "appeal", values, group.id).instance


SOLVED: dict[str, Any] = {
    "上报类型": "问题",
    "问题类别": "安全生产",
    "问题标题": "楼道堆放纸箱",
    "问题描述": "2单元一楼堆放纸箱，堵塞通道。",
    "发生地点": "3号楼2单元",
    "紧急程度": "一般",
    "当场解决": "是",
    "解决情况": "已联系住户搬走。",
}


def report_solved(engine: Engine, title: str, unit: str = "jinxing-1") -> ProcessInstance:
    """A problem that the grid worker of this group has solved on the spot; it waits for the clerk to verify it."""
    with engine.read(SYSTEM) as tx:
        group, worker = people.org_tree(tx).by_code(unit), people.account_by_login(tx, f"{unit}-grid")
        assert group is not None
        assert worker is not None
        actor = people.load_actor(tx, worker.id)
    with engine.begin(actor) as tx:
        case = instances.start(tx, "grid_loop", {**SOLVED, "问题标题": title}, group.id).instance
    Worker(engine).drain()
    return case


def open_task(engine: Engine, instance_id: UUID) -> UserTask:
    """The one task of the case that waits."""
    with engine.read(SYSTEM) as tx:
        query = select(UserTask).where(UserTask.instance_id == instance_id, UserTask.state == UserTaskState.CREATED)
        return tx.session.scalars(query).one()


def task_row(engine: Engine, task_id: UUID) -> UserTask:
    """The task as it stands in the database."""
    with engine.read(SYSTEM) as tx:
        return tx.get(UserTask, task_id)


def words(page: str) -> str:
    """The text of a page without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
