"""The application as it is served, a Chromium to look at it with, and a watch over all that goes wrong meanwhile."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from engine.scenarios import VirtualClock
from tests import chromium
from tests.browser.played import Play
from tests.browser.serve import BROWSER_ARGUMENTS, served
from tests.browser.visitor import DESK, Site, Visitor
from tests.clock import START

_PATIENCE = 15_000  # ms; a busy machine is slow, not wrong


@pytest.fixture(scope="module")
def site(furnished_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo organisation and its processes, served with the worker inside; one for each file of tests."""
    path = tmp_path_factory.mktemp("site") / "wuji.db"
    shutil.copyfile(furnished_sqlite, path)
    with served(path) as site:
        yield site


@pytest.fixture
def clock() -> VirtualClock:
    """The clock of ``stage``; a scenario moves it."""
    return VirtualClock(START)


@pytest.fixture
def stage(furnished_sqlite: Path, tmp_path: Path, clock: VirtualClock) -> Iterator[Site]:
    """The same as ``site`` for one test alone, on a clock that stands until it is moved."""
    path = tmp_path / "wuji.db"
    shutil.copyfile(furnished_sqlite, path)
    with served(path, clock) as site:
        yield site


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The one Chromium of this run."""
    expect.set_options(timeout=_PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=BROWSER_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Callable[..., Visitor]]:
    """Opens a browser of somebody's own: ``visit()``, ``visit("analyst")`` signed in; options go to Playwright.

    Whatever went wrong in any of them, unless it was expected, fails the test at its end.
    """
    with visiting(browser, site) as open_one:
        yield open_one


@pytest.fixture
def play(browser: Browser, stage: Site, clock: VirtualClock) -> Iterator[Play]:
    """Plays scenarios in browsers, on a platform of its own; every kind of page is looked at once."""
    with visiting(browser, stage) as open_one:
        yield Play(open_one, stage, clock, check=Visitor.assert_sound)


@contextmanager
def visiting(browser: Browser, site: Site) -> Iterator[Callable[..., Visitor]]:
    """Gives what opens browsers; at its end all are closed, and their faults are told."""
    visitors: list[Visitor] = []

    def open_one(login: str | None = None, **options: object) -> Visitor:
        context = browser.new_context(**{"locale": "zh-CN", "viewport": DESK, "base_url": site.address, **options})
        context.set_default_timeout(_PATIENCE)
        visitors.append(Visitor(context, site))
        if login is not None:
            visitors[-1].sign_in(login)
        return visitors[-1]

    yield open_one
    faults = [fault for visitor in visitors for fault in visitor.faults]
    for visitor in visitors:
        visitor.context.close()
    assert faults == []
