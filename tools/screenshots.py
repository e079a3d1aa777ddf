"""Takes the pictures of the READMEs: serves the platform on demo data of its own and looks at it with Chromium.

``python -m tools.screenshots`` writes docs/images/*.png. It needs the development packages, Chromium, a Chinese font
and the built front end.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import waitress
import yaml
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select

from engine import instances, migrations, people, tasks
from engine.clock import TIMEZONE
from engine.database import Engine
from engine.lifecycle import UserTaskState
from engine.model.work import UserTask
from engine.people import ANONYMOUS, SYSTEM
from engine.worker import Worker
from tests import chromium
from tests.clock import FrozenClock
from webapp import create_app, demo, library

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
PASSWORD = "password-of-pictures"  # noqa: S105 (of accounts that live as long as this command)
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
LOGINS = {
    "group_leader@group": "{unit}-leader",
    "community_clerk@community": "jinxing-clerk",
    "community_secretary@community": "jinxing-secretary",
    "subdistrict_officer@subdistrict": "shizhong-officer",
    "district_office@district": "district-office",
}
#: When the pictures are taken.
NOW = datetime(2026, 11, 24, 10, 20, tzinfo=TIMEZONE)
#: Group, title, category, place, how many working steps have been done, and how many days ago it was filed.
APPEALS = (
    ("jinxing-2", "5号楼楼道堆放杂物，堵了消防通道", "社会治安", "5号楼2单元", 3, 6),
    ("jinxing-3", "小区东门路灯不亮，晚上看不清路", "社区服务", "小区东门", 5, 8),
    ("jinxing-1", "2号楼前积水，下雨天进不了楼", "环境卫生", "2号楼前", 0, 5),
    ("jinxing-1", "楼上夜里装修，希望约定时间", "邻里纠纷", "1号楼3单元", 0, 4),
    ("jinxing-1", "健身器材松动，老人不敢用", "社区服务", "中心花园", 1, 1),
    ("jinxing-1", "3号楼一楼餐馆油烟直排，居民夜里没法开窗", "环境卫生", "3号楼一楼", 6, 7),
    ("jinxing-1", "垃圾投放点离楼门太近，夏天气味大", "环境卫生", "4号楼西侧", 1, 0),
)


@contextmanager
def served() -> Iterator[tuple[str, list[Any]]]:
    """The address of a platform with demo data, and number and code of each appeal."""
    clock = FrozenClock(NOW - timedelta(days=30))
    with tempfile.TemporaryDirectory() as folder, Engine(f"sqlite:///{folder}/wuji.db", clock=clock) as engine:
        migrations.upgrade(engine)
        demo.load(engine, PASSWORD)
        library.deploy(engine)
        filed = [_file(engine, clock, *appeal) for appeal in APPEALS]
        clock.move_to(NOW)
        _settle(engine)
        server = waitress.create_server(create_app(engine, {"SECRET_KEY": PASSWORD}), host="127.0.0.1", port=0)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.effective_port}", filed
        server.close()
        thread.join(timeout=10)


def _file(
    engine: Engine, clock: FrozenClock, unit: str, title: str, kind: str, place: str, steps: int, days_ago: int
) -> tuple[str, str]:
    scenario = library.folder("processes") / "appeal" / "scenarios" / "through_five_levels.yaml"
    script = yaml.safe_load(scenario.read_text(encoding="utf-8"))
    values = script["given"]["start"] | {"诉求标题": title, "诉求类别": kind, "地址": place}
    if title != script["given"]["start"]["诉求标题"] and "油烟" not in title:
        values["诉求内容"] = title + "。希望尽快处理。"
    clock.move_to(NOW - timedelta(days=days_ago, minutes=47 - 5 * days_ago))
    with engine.begin(ANONYMOUS) as tx:
        group = people.org_tree(tx).by_code(unit)
        started = instances.start(tx, "appeal", values, group.id if group else None)
    done = [step for step in script["steps"] if "complete" in step][:steps]
    for number, step in enumerate(done, 1):
        # A day for each of the first steps, as long as that leads to no weekend.
        clock.advance(**({"days": 1} if number < min(days_ago, 4) else {"minutes": 40}))
        _complete(engine, started.instance.id, LOGINS[step["by"]].format(unit=unit), step["values"])
    _settle(engine)
    return started.instance.business_key, started.receipt_code or ""


def _complete(engine: Engine, instance_id: Any, login: str, values: dict[str, Any]) -> None:
    _settle(engine)
    with engine.read(SYSTEM) as tx:
        account = people.account_by_login(tx, login)
        if account is None:
            raise LookupError(login)
        actor = people.load_actor(tx, account.id)
        query = select(UserTask.id).where(UserTask.instance_id == instance_id, UserTask.state == UserTaskState.CREATED)
        task_id = tx.session.scalars(query).one()
    with engine.begin(actor) as tx:
        tasks.complete(tx, task_id, values)


def _settle(engine: Engine) -> None:
    worker = Worker(engine)
    while worker.drain():
        pass


def _page(browser: Browser, address: str, login: str | None = None, size: Any = None) -> Page:
    page = browser.new_context(base_url=address, viewport=size or DESK, locale="zh-CN").new_page()
    if login is not None:
        page.goto("/login")
        page.get_by_label("登录名").fill(login)
        page.get_by_label("密码").fill(PASSWORD)
        page.locator("main form.card .btn-primary").click()
        page.locator(".menu .tool-name").wait_for()
    return page


def _shoot(page: Page, name: str, path: str | None = None, ready: str | None = None) -> None:
    if path is not None:
        page.goto(path)
    if ready is not None:
        page.locator(ready).first.wait_for()
    page.screenshot(path=IMAGES / f"{name}.png")


def main() -> None:
    """Take them all."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, served() as (address, filed):
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=["--no-sandbox", "--disable-gpu"])
        _shoot(_page(browser, address), "portal", "/")
        _official(browser, address)
        _shoot(_page(browser, address, "analyst"), "studio", "/studio/appeal", "#studio[data-ready] .studio-summary")
        _shoot(_page(browser, address, "admin"), "cockpit", "/cockpit/cases")
        _resident(browser, address, *filed[5])
        browser.close()


def _official(browser: Browser, address: str) -> None:
    leader = _page(browser, address, "jinxing-1-leader")
    _shoot(leader, "inbox", "/tasks?tab=open")
    coordinator = _page(browser, address, "shizhong-officer")
    coordinator.goto("/tasks?tab=open&q=油烟")
    coordinator.locator("a.row-link").first.click()
    _shoot(coordinator, "task", ready="[data-diagram] svg")


def _resident(browser: Browser, address: str, number: str, code: str) -> None:
    resident = _page(browser, address, size=PHONE)
    resident.goto("/follow")
    resident.get_by_label("编号").fill(number)
    resident.get_by_label("查询码").fill(code)
    resident.locator("main .btn-primary").click()
    _shoot(resident, "follow-phone", ready=".standing")


if __name__ == "__main__":
    main()
