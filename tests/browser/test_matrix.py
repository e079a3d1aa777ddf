"""Every page that somebody comes to is sound: on both databases, at a desk and on a phone, in both languages.

``make test`` takes combinations in which each pair of a database, a size and a language occurs, each with some of the
people; ``make matrix`` takes them all.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import product

import pytest
from playwright.sync_api import Browser

from engine.scenarios import VirtualClock
from tests import district, postgres
from tests.browser.conftest import visiting
from tests.browser.serve import served
from tests.browser.visitor import DESK, PHONE, Visitor
from tests.clock import START
from tests.crawling import pages

SIZES = {"desk": DESK, "phone": PHONE}
LANGUAGES = ("zh-CN", "en")
#: Logins; an empty one stands for somebody who does not sign in.
PEOPLE = (
    "", "resident-1", "developer", "jinxing-1-leader", "jinxing-clerk", "shizhong-officer", "district-leader",
    "analyst", "admin", "auditor",
)  # fmt: skip
PAIRS = [
    ("sqlite", "desk", "zh-CN", ("jinxing-clerk", "auditor")),
    ("sqlite", "phone", "en", ("jinxing-1-leader", "admin")),
    ("postgres", "desk", "en", ("shizhong-officer", "analyst")),
    ("postgres", "phone", "zh-CN", ("", "resident-1", "developer")),
]
ALL = list(product(("sqlite", "postgres"), SIZES, LANGUAGES))


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> str:
    return district.live(tmp_path_factory.mktemp("district"))


@pytest.fixture(scope="session")
def lived_on_postgres(lived: str, postgres_server: postgres.Server, worker_id: str) -> str:
    url = postgres_server.create(f"district_{worker_id}", "wuji_template")  # all workers share the server
    district.copy(lived, url)
    return url


@pytest.fixture
def open_site(request: pytest.FixtureRequest) -> Callable[[str], str]:
    names = {"sqlite": "lived", "postgres": "lived_on_postgres"}
    return lambda database: request.getfixturevalue(names[database])


@pytest.mark.parametrize(("database", "size", "language", "people"), PAIRS)
def test_pages_are_sound(
    browser: Browser, open_site: Callable[[str], str], database: str, size: str, language: str, people: tuple[str, ...]
) -> None:
    look_around(browser, open_site(database), size, language, people)


@pytest.mark.matrix
@pytest.mark.parametrize("login", PEOPLE)
@pytest.mark.parametrize(("database", "size", "language"), ALL)
def test_all_pages_are_sound(
    browser: Browser, open_site: Callable[[str], str], database: str, size: str, language: str, login: str
) -> None:
    look_around(browser, open_site(database), size, language, (login,))


def look_around(browser: Browser, url: str, size: str, language: str, people: tuple[str, ...]) -> None:
    """Each page of these people once, whoever of them comes to it first."""
    seen: set[tuple[str, str]] = set()
    with served(url, VirtualClock(START)) as site, visiting(browser, site) as visit:
        for login in people:
            visitor = visit(viewport=SIZES[size])
            if login:
                visitor.sign_in(login)
            visitor.context.add_cookies([{"name": "locale", "value": language, "url": site.address}])
            found = pages(site.app, partial(fetch, visitor))
            for path in (path for kind, path in found.items() if kind not in seen):
                visitor.page.goto(path)
                visitor.assert_accessible()
                visitor.assert_fits()
            seen |= found.keys()


def fetch(visitor: Visitor, path: str) -> str | None:
    """The HTML of a page as its visitor gets it."""
    answer = visitor.context.request.get(path)
    return answer.text() if answer.ok and "text/html" in answer.headers["content-type"] else None
