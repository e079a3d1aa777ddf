"""A list that is longer than one page looks through says so, and leads on."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from engine.database import Engine
from engine.queries import worklist_page
from tests.webapp.official import file_appeal, words


@pytest.mark.parametrize(
    ("language", "notice", "onward", "end"),
    [
        ("zh-CN", "这 1 万项里没有符合条件的，其余的还没有查。", "继续往后查", "后面没有符合条件的事项了"),
        (
            "en",
            "None of these fits; the others have not been looked at yet.",
            "Look further",
            "Nothing further on matches",
        ),
    ],
)
def test_a_page_that_looked_through_as_much_as_it_may_leads_on(
    platform: Engine,
    sign_in: Callable[[str], FlaskClient],
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    notice: str,
    onward: str,
    end: str,
) -> None:
    # given more tasks than a page looks through, of which a later one is important
    for _ in range(3):
        file_appeal(platform)
    monkeypatch.setattr(worklist_page, "MOST_WALKED", 2)
    browser = sign_in("jinxing-1-leader")
    browser.set_cookie("locale", language)

    first = browser.get("/tasks?tab=open&important=1").text
    assert notice in words(first)
    assert 'class="empty' not in first

    # when its reader goes on to the end
    [link] = re.findall(rf'href="([^"]+)">{onward}<', first)
    last = browser.get(link.replace("&amp;", "&")).text
    # then it says that there are none, and leads to no further page
    assert end in words(last)
    assert (notice in words(last), onward in last, 'class="pagination"' in first) == (False, False, False)
