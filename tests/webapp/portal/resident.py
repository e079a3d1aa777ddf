"""A resident with a browser: files an appeal and goes on with it, as the tests of these pages need."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from engine import people, tasks
from engine.database import Engine
from engine.lifecycle import UserTaskState
from engine.model.process import ProcessInstance
from engine.model.work import UserTask
from engine.people import SYSTEM
from webapp.platform import platform

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
APPEAL = {
    "_group": "jinxing-1",
    "诉求标题": "3号楼一楼餐馆油烟直排",
    "诉求内容": "油烟直接排到楼道外，居民夜里没法开窗。",
    "诉求类别": "环境卫生",
    "地址": "3号楼一楼",
    "联系人": "3号楼居民",
    "联系电话": "13800000000",
}
LEADER = "jinxing-1-leader"


def photo(name: str = "油烟.png", content: bytes = PNG) -> tuple[io.BytesIO, str]:
    """A file as a test client sends it."""
    return io.BytesIO(content), name


def send(browser: FlaskClient, **changes: Any) -> Any:
    """Send the start form; a change to None leaves a field out."""
    fields = {name: value for name, value in {**APPEAL, **changes}.items() if value is not None}
    return browser.post("/start/appeal", data=fields, content_type="multipart/form-data")


def file_appeal(browser: FlaskClient, **changes: Any) -> tuple[str, str]:
    """File an appeal; its number and query code, read from the receipt."""
    answer = send(browser, **changes)
    assert answer.status_code == 303, answer.text
    number, code = texts(browser.get("/receipt").text, "//section[contains(@class, 'receipt')]//dd")
    return number, code


def texts(page: str, path: str) -> list[str]:
    """The texts of all elements at an XPath."""
    return [element.text_content().strip() for element in html.fromstring(page).xpath(path)]


def values(page: str, name: str) -> list[str]:
    """What the fields with this name hold: texts, or the ticked and chosen values."""
    tree = html.fromstring(page)
    chosen = tree.xpath("//input[@name=$n and @checked]/@value | //select[@name=$n]//option[@selected]/@value", n=name)
    kinds = "@type='checkbox' or @type='radio' or @type='file'"
    typed = tree.xpath(f"//input[@name=$n and not({kinds})]/@value", n=name)
    areas = [area.text_content().lstrip("\n") for area in tree.xpath("//textarea[@name=$n]", n=name)]
    return [*chosen, *typed, *areas]


def errors(page: str) -> list[str]:
    """The sentences of the error summary."""
    return texts(page, "//div[@data-error-summary]//li")


def case_of(engine: Engine, number: str) -> UUID:
    """The id of the case with this number."""
    with engine.read(SYSTEM) as tx:
        query = select(ProcessInstance.id).where(ProcessInstance.business_key == number)
        return tx.session.scalars(query).one()


def open_task(engine: Engine, number: str, element: str) -> UUID:
    """The id of the open task at an element of the case."""
    with engine.read(SYSTEM) as tx:
        query = select(UserTask.id).where(UserTask.instance_id == case_of(engine, number))
        query = query.where(UserTask.element_id == element, UserTask.state == UserTaskState.CREATED)
        return tx.session.scalars(query).one()


def official(app: Flask, engine: Engine, number: str, element: str, answers: dict[str, Any]) -> None:
    """Let the group's leader complete a task, and the machine do what follows."""
    task_id = open_task(engine, number, element)
    with engine.read(SYSTEM) as tx:
        account = people.account_by_login(tx, LEADER)
        assert account is not None
        leader = people.load_actor(tx, account.id)
    with engine.begin(leader) as tx:
        tasks.complete(tx, task_id, answers)
    settle(app)


def settle(app: Flask) -> None:
    """Let the machine do what is due."""
    while platform(app).worker.drain():
        pass


def ask_for_material(app: Flask, engine: Engine, number: str) -> None:
    """The leader sends the appeal back for more material."""
    official(app, engine, number, "task_accept", {"受理意见": "退回补充材料", "补充要求": "请补充照片和时间。"})


def settle_in_group(app: Flask, engine: Engine, number: str) -> None:
    """The leader settles the appeal as a private dispute; it then waits for the rating."""
    official(app, engine, number, "task_accept", {"受理意见": "受理", "事项性质": "个体纠纷"})
    answers = {"协商情况": "各方同意。", "小组结果": "协商一致", "答复": "餐馆已加装油烟净化器。"}
    official(app, engine, number, "task_negotiate", answers)
