"""Takes the pictures of the READMEs: a demo district that has worked for a quarter, looked at with Chromium.

``python -m tools.screenshots`` writes docs/images/*.png. It needs the development packages, Chromium, a Chinese font
and the built front end.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import waitress
from playwright.sync_api import Browser, Page, sync_playwright

from engine import instances, migrations, people
from engine.clock import TIMEZONE
from engine.database import Engine
from engine.people import ANONYMOUS
from engine.scenarios import VirtualClock
from engine.worker import Worker
from tests import chromium
from webapp import create_app
from webapp.demo import past

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
#: When the pictures are taken.
NOW = datetime(2026, 11, 24, 10, 20, tzinfo=TIMEZONE)
APPEAL = {
    "诉求标题": "3号楼一楼餐馆油烟直排，居民夜里没法开窗",
    "诉求内容": "餐馆的油烟直接排到楼道外，夜里没法开窗，希望加装净化设备。",
    "诉求类别": "环境卫生",
    "地址": "3号楼一楼",
    "联系人": "3号楼居民",
    "联系电话": "13800000000",
}


@contextmanager
def served() -> Iterator[tuple[str, str, tuple[str, str]]]:
    """The address of the demo district, the password of its accounts, and number and code of a fresh appeal."""
    clock = VirtualClock(NOW)
    with tempfile.TemporaryDirectory() as folder, Engine(f"sqlite:///{folder}/wuji.db", clock=clock) as engine:
        migrations.upgrade(engine)
        past.live_through(engine, Path(folder), NOW)
        receipt = _file(engine)
        password = (Path(folder) / "demo-password").read_text(encoding="ascii").strip()
        server = waitress.create_server(create_app(engine, {"SECRET_KEY": "of pictures"}), host="127.0.0.1", port=0)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.effective_port}", password, receipt
        server.close()
        thread.join(timeout=10)


def _file(engine: Engine) -> tuple[str, str]:
    with engine.begin(ANONYMOUS) as tx:
        group = people.org_tree(tx).by_code("jinxing-1")
        started = instances.start(tx, "appeal", APPEAL, group.id if group else None)
    while Worker(engine).drain():
        pass
    return started.instance.business_key, started.receipt_code


def _page(browser: Browser, address: str, password: str = "", login: str | None = None, size: Any = None) -> Page:
    page = browser.new_context(base_url=address, viewport=size or DESK, locale="zh-CN").new_page()
    if login is not None:
        page.goto("/login")
        page.get_by_label("登录名").fill(login)
        page.get_by_label("密码").fill(password)
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
    with sync_playwright() as playwright, served() as (address, password, receipt):
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=["--no-sandbox", "--disable-gpu"])
        _shoot(_page(browser, address), "portal", "/")
        official = _page(browser, address, password, "jinxing-secretary")
        _shoot(official, "inbox", "/tasks?tab=open")
        official.locator("a.row-link").first.click()
        _shoot(official, "task", ready="[data-diagram] svg")
        analyst = _page(browser, address, password, "analyst")
        _shoot(analyst, "studio", "/studio/appeal", "#studio[data-ready] .studio-summary")
        _shoot(_page(browser, address, password, "admin"), "cockpit", "/cockpit/cases")
        _follow(_page(browser, address, size=PHONE), *receipt)
        browser.close()


def _follow(resident: Page, number: str, code: str) -> None:
    resident.goto("/follow")
    resident.get_by_label("编号").fill(number)
    resident.get_by_label("查询码").fill(code)
    resident.locator("main .btn-primary").click()
    _shoot(resident, "follow-phone", ready=".standing")


if __name__ == "__main__":
    main()
