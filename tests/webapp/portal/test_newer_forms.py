"""What was begun at the counter, when a new version of the form is released before it is sent."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient

from engine.database import Engine
from engine.people import SYSTEM
from engine.queries.starting import latest_release
from tests.webapp.newer_form import release_with
from tests.webapp.portal.resident import APPEAL, texts
from tests.webapp.portal.test_steps import TITLES, continue_at, send, title, to_the_check


def test_what_a_new_form_no_longer_asks_is_shown_until_it_is_sent(client: FlaskClient, platform: Engine) -> None:
    # given answers, and a form that has lost a question and an option since
    to_the_check(client)
    address = continue_at(client.get("/").text)
    with platform.begin(SYSTEM) as tx:
        release = latest_release(tx, "appeal")
        release_with(tx, release, release.start_form(), changed)
    # then the visitor is led to what has to be chosen anew, and reads what has no place any more
    page = client.get(address, follow_redirects=True).text
    assert title(page) == TITLES[1]
    told = dict(zip(texts(page, "//dl[contains(@class, 'facts')]/dt"), texts(page, "//dl/dd"), strict=True))
    assert told == {"诉求标题": APPEAL["诉求标题"], "诉求类别": "环境卫生"}
    # and still reads it on the pages that follow
    page = send(client, page, 诉求内容=APPEAL["诉求内容"], 诉求类别="其他").text
    assert "没有放进新表单的内容" in page
    assert page.count(APPEAL["诉求标题"]) == 1


def changed(component: dict[str, Any]) -> dict[str, Any] | None:
    """Without the title, and without one of the categories."""
    if component.get("key") == "诉求类别":
        component["values"] = [each for each in component["values"] if each["value"] != "环境卫生"]
    return None if component.get("key") == "诉求标题" else component
