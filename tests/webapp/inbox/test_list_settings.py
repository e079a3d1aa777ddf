"""How an official sets up the lists: saved conditions, columns, shortcuts; and how large such a page is."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from urllib.parse import urlencode

from flask.testing import FlaskClient

from engine.database import Engine
from tests.webapp.official import file_appeal, words

SignIn = Callable[[str], FlaskClient]
#: What a page of the inbox may weigh on its way, styles cached; nothing on the way need compress it.
MOST_BYTES = 60_000


def _save(browser: FlaskClient, name: str, **fields: str) -> str:
    return browser.post("/tasks/views", data={"name": name, **fields}, follow_redirects=True).text


def test_conditions_are_saved_under_a_name_and_forgotten(platform: Engine, sign_in: SignIn) -> None:
    case = file_appeal(platform)
    browser = sign_in("jinxing-1-leader")
    # when conditions are saved, the page shows them as one link
    page = _save(browser, "油烟类", tab="open", q="油烟")
    link = f'href="/tasks?{escape(urlencode({"tab": "open", "q": "油烟"}))}"'
    assert "已保存视图“油烟类”" in page
    assert link in page
    assert case.business_key in page
    # and saving under the same name replaces them
    page = _save(browser, "油烟类", tab="open", q="路灯")
    assert link not in page
    # then deleting forgets them
    view = page.split('action="/tasks/views/')[1].split('"')[0]
    assert "油烟类</a>" not in browser.post(f"/tasks/views/{view}", follow_redirects=True).text


def test_a_view_is_shared_with_the_post_only_if_wished(platform: Engine, sign_in: SignIn) -> None:
    owner = sign_in("jinxing-clerk")
    _save(owner, "只给自己", tab="open", due="overdue")
    page = _save(owner, "大家都用", tab="open", due="today", shared="1")
    view = page.split('action="/tasks/views/')[1].split("/")[0]
    # given somebody else in another post
    stranger = sign_in("chaoyang-clerk")
    assert "大家都用" not in stranger.get("/tasks").text
    # then nobody but its owner deletes it
    assert stranger.post(f"/tasks/views/{view}/delete").status_code == 403
    assert "大家都用</a>" in owner.get("/tasks").text


def test_a_view_needs_a_name(platform: Engine, sign_in: SignIn) -> None:
    browser = sign_in("jinxing-1-leader")
    for name in ("", " ", "长" * 41):
        answer = browser.post("/tasks/views", data={"name": name, "tab": "open"})
        assert answer.status_code == 409
        assert "请填写视图名称" in answer.text


def test_columns_and_shortcuts_are_a_matter_of_taste(platform: Engine, sign_in: SignIn) -> None:
    file_appeal(platform)
    browser = sign_in("jinxing-1-leader")
    page = browser.get("/tasks").text
    assert "data-shortcuts" in page
    assert ">所属单位</th>" not in page
    # when other columns are chosen and shortcuts are not
    page = browser.post("/tasks/look", data={"column": ["unit", "nonsense"]}, follow_redirects=True).text
    assert "data-shortcuts" not in page
    assert ">所属单位</th>" in page
    assert ">申请人</th>" not in page
    assert "金星社区一组" in words(page)
    # then it stays so, wherever the account signs in
    assert ">所属单位</th>" in sign_in("jinxing-1-leader").get("/tasks").text


def test_news_tell_of_tasks_that_have_come_since(platform: Engine, sign_in: SignIn) -> None:
    browser = sign_in("jinxing-1-leader")
    since = platform.clock().isoformat()
    assert browser.get("/tasks/news", query_string={"since": since}).text.strip() == ""
    platform.clock.advance(minutes=1)  # type: ignore[attr-defined] # the tests' clock stands until it is moved
    file_appeal(platform)
    assert "有 1 项新任务" in browser.get("/tasks/news", query_string={"since": since}).text
    for nonsense in ("", "x", "2026-11-24", "2026-11-24T00:00:00"):
        assert browser.get("/tasks/news", query_string={"since": nonsense}).status_code == 204


def test_a_full_page_is_light(platform: Engine, sign_in: SignIn) -> None:
    for _ in range(25):
        file_appeal(platform)
    browser = sign_in("jinxing-1-leader")
    answer = browser.get("/tasks?tab=open")
    assert answer.text.count("data-task=") == 20
    assert len(answer.data) <= MOST_BYTES
