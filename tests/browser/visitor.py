"""Somebody at a browser: signs in, fills in forms, and is watched for what must never happen on any page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Response, expect

from engine.database import Engine
from tests.conftest import DEMO_PASSWORD
from webapp import assets

DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
_AXE = Path(assets.__file__).parent / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
_RUN_AXE = """axe.run(%s, {resultTypes: ["violations"]}).then(({violations}) => JSON.stringify(
    violations.map(({id, nodes}) => [id, nodes.map(({html, failureSummary}) => html + " " + failureSummary)])))"""
#: A photo as small as one can be: one white dot.
PHOTO = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c63f80f0001010100"
    "1bb6ee560000000049454e44ae426082"
)


@dataclass(frozen=True)
class Site:
    """A served application, its address and the engine below it."""

    address: str
    engine: Engine
    app: Flask


class Visitor:
    """One browser with cookies of its own. ``faults`` collects what went wrong on any of its pages."""

    def __init__(self, context: BrowserContext, site: Site) -> None:
        self.context = context
        self.site = site
        self.faults: list[str] = []
        self.expected: set[int] = set()
        context.on("page", self._watch)
        self.page = context.new_page()

    def expect_refusals(self, *statuses: int) -> None:
        """From now on pages may answer with these 4xx statuses, which Chromium reports on the console."""
        self.expected.update(statuses)

    def sign_in(self, login: str) -> None:
        """Through the sign-in page, to where this person's work begins."""
        self.expect_refusals(401)
        self.page.goto("/login")
        self.enter(login)
        expect(self.page.locator(".menu .tool-name")).to_be_visible()
        self.expected.discard(401)

    def enter(self, login: str) -> None:
        """Fill in the sign-in form that is in sight."""
        self.page.get_by_label("登录名").fill(login)
        self.page.get_by_label("密码").fill(DEMO_PASSWORD)
        self.page.locator("main form.card .btn-primary").click()

    def act_as(self, post: str) -> None:
        """In another post of the same account, unless it is that one already."""
        shown = self.page.locator(".menu .tool-name")
        if shown.inner_text() != post:
            self.page.locator(".menu summary").click()
            self.page.get_by_role("button", name=post, exact=True).click()
            expect(shown).to_have_text(post)

    def open_task(self, case: str, step: str) -> None:
        """From the list of tasks to this step of the case (its number), as soon as the machine has come there."""
        row = self.page.get_by_role("row").filter(has_text=step)
        for _attempt in range(20):
            for tab in ("mine", "open"):
                self.page.goto(f"/tasks?tab={tab}&q={case}")
                if row.count():
                    row.get_by_role("link").click()
                    expect(self.page.get_by_role("heading", level=1)).to_have_text(step)
                    return
            self.page.wait_for_timeout(250)
        raise AssertionError(f"{case} has not come to {step}")

    def fill(self, values: Mapping[str, Any]) -> None:
        """Fill in the form by the keys of its fields, first what is in sight: the rest appears under conditions."""
        waiting = dict(self._without_rows(values))
        while waiting:
            key = next((key for key in waiting if self._controls(key).count()), next(iter(waiting)))
            self._fill(self._controls(key), waiting.pop(key))

    def _without_rows(self, values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        """The values by the names of their controls; for each row of a list there are as many rows as it needs."""
        for key, value in values.items():
            if not (isinstance(value, list) and value and isinstance(value[0], dict)):
                yield key, value
                continue
            rows = self.page.locator(f'main [name="{key}"][type="hidden"]')
            rows.first.wait_for(state="attached")
            for place, row in enumerate(value):
                if place == rows.count():
                    self.page.locator(f'main [value="add:{key}"]').click()
                    expect(rows).to_have_count(place + 1)
                prefix = f"{key}.{rows.nth(place).input_value()}"
                yield from ((f"{prefix}.{name}", each) for name, each in row.items())

    def _controls(self, key: str) -> Locator:
        return self.page.locator(f'main [name="{key}"]:not([type="hidden"])')

    def _fill(self, controls: Locator, value: Any) -> None:
        first = controls.first
        if value == [] and not controls.count():
            return  # nothing to choose from, and nothing chosen
        first.wait_for()
        kind = first.evaluate("control => control.type")
        if kind == "radio":
            controls.and_(self.page.locator(f'[value="{_sent(value)}"]')).check()
        elif kind == "checkbox":
            self._tick(controls, value)
        elif kind == "select-one":
            first.select_option(_sent(value))
        else:
            first.fill(str(value))
            first.blur()
        self.settle()

    def _tick(self, controls: Locator, value: Any) -> None:
        """Exactly these boxes."""
        wanted = {_sent(each) for each in (value if isinstance(value, list) else [value])}
        for each in controls.evaluate_all("boxes => boxes.map(box => box.value)"):
            controls.and_(self.page.locator(f'[value="{each}"]')).set_checked(each in wanted)
            self.settle()

    def settle(self) -> None:
        """Wait until the server has worked out the conditions of the form."""
        under_way = self.page.locator(".htmx-request")
        if under_way.count():  # a look costs far less than an expectation, and mostly there is nothing
            expect(under_way).to_have_count(0)

    def submit(self) -> None:
        """Press the one primary button."""
        self.settle()
        self.page.locator("main .btn-primary").click()

    def assert_sound(self, part: str | None = None) -> None:
        """axe has nothing to say, to the page or to a part of it, and on a phone nothing scrolls sideways."""
        self.settle()
        self.assert_accessible(part)
        with self.on_phone():
            self.assert_fits()

    @contextmanager
    def on_phone(self) -> Iterator[None]:
        """The same page on a small screen."""
        usual = self.page.viewport_size or DESK
        self.page.set_viewport_size(PHONE)
        yield
        self.page.set_viewport_size(usual)

    def assert_accessible(self, part: str | None = None) -> None:
        """No violation of any rule of axe, anywhere or in a part.

        Its script comes through the debugger: the page's policy forbids eval.
        """
        self._evaluate(_axe())
        violations = json.loads(self._evaluate(_RUN_AXE % (json.dumps(part) if part else "document")))
        assert violations == [], f"{self.page.url}: {violations}"

    def assert_fits(self) -> None:
        """Nothing scrolls sideways."""
        root = self._evaluate("JSON.stringify([document.scrollingElement.scrollWidth, innerWidth])")
        width, room = json.loads(root)
        assert width <= room, f"{self.page.url}: {width} px wide in {room}"

    def _evaluate(self, script: str) -> Any:
        session = self.context.new_cdp_session(self.page)
        answer = session.send("Runtime.evaluate", {"expression": script, "awaitPromise": True, "returnByValue": True})
        session.detach()
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def value_of(self, expression: str) -> Any:
        """What the expression gives in the page, as plain data."""
        return json.loads(self._evaluate(f"JSON.stringify({expression})"))

    def _watch(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("request", lambda request: self._address(request.url))
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type != "error" or self._is_expected(message.text):
            return
        self.faults.append(f"{message.location.get('url')}: {message.text}")

    def _is_expected(self, text: str) -> bool:
        if re.match(r"htmx:(afterRequest|sendError|sendAbort)\b", text):
            return True  # left or replaced while it was asking; what is refused or broken shows by its status
        status = re.search(r"(?:responded with a status of|Response Status Error Code) (\d+)", text)
        return status is not None and int(status[1]) in self.expected

    def _address(self, url: str) -> None:
        if not url.startswith((self.site.address, "data:", "blob:", "about:")):
            self.faults.append(f"asked for {url}")

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.faults.append(f"{response.url}: {response.status}")


@cache
def _axe() -> str:
    return _AXE.read_text(encoding="utf-8") + ";0"


def _sent(value: Any) -> str:
    """A value as a form sends it."""
    return "true" if value is True else str(value)
