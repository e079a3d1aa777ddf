"""Diagrams that others drew, opened in the studio and saved as they are: nothing may be lost."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from tests import chromium
from tests.browser.serve import BROWSER_ARGUMENTS, served
from tests.browser.visitor import DESK, Visitor
from tests.conformance.groups import Failure, Group, Promise, Row
from tests.conformance.same_drawing import differences
from tests.conftest import furnish

STUDIO = "/studio/appeal"
_SHOWN = 5


def run(folder: Path) -> Group:
    """The legal twins and the reference diagrams, each opened on the drawing board and saved again."""
    rows, failures = [], []
    with _drawing_board() as page:
        for name in ("legal", "miwg-reference"):
            paths = sorted((folder / "bpmn" / name).glob("*.bpmn"))
            lost = {path: differences(path.read_bytes(), saved(page, path.read_bytes())) for path in paths}
            failures += [Failure(path.stem, _told(found)) for path, found in lost.items() if found]
            rows.append(Row(name, sum(not found for found in lost.values()), sum(map(bool, lost.values()))))
    wrong = sum(row.failed for row in rows)
    return Group("round trip", tuple(rows), tuple(failures), (Promise(f"{wrong} files lost something", wrong == 0),))


def saved(page: Page, drawing: bytes, change: Callable[[Page], None] = lambda page: None) -> bytes:
    """What the studio sends to the server when somebody opens this drawing, changes it and presses 保存草稿."""
    with opened(page, drawing):
        page.goto(STUDIO)
        expect(page.locator("#studio[data-ready]")).to_be_visible()
        change(page)
        with page.expect_request(lambda request: request.method == "PUT") as sent:
            page.locator('[data-act="save"]').click()
        expect(page.locator(".studio-status")).to_contain_text("草稿已保存")
        page.evaluate("window.localStorage.clear()")
        return sent.value.post_data_buffer or b""


@contextmanager
def opened(page: Page, drawing: bytes) -> Iterator[None]:
    """Let the studio open this drawing, and let it think that it was saved."""
    page.route(f"**{STUDIO}.bpmn", lambda route: route.fulfill(body=drawing, content_type="application/xml"))
    page.route(re.compile(f"{STUDIO}\\?seen="), lambda route: route.fulfill(json={"ok": True, "seen": 1}))
    yield
    page.unroute_all()


@contextmanager
def _drawing_board() -> Iterator[Page]:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        database = Path(folder) / "wuji.db"
        furnish(f"sqlite:///{database}")
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=BROWSER_ARGUMENTS)
        with served(database) as site:
            context = browser.new_context(locale="zh-CN", viewport=DESK, base_url=site.address)
            analyst = Visitor(context, site)
            analyst.sign_in("analyst")
            yield analyst.page
            browser.close()


def _told(found: list[str]) -> str:
    more = f" … and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return "; ".join(found[:_SHOWN]) + more
