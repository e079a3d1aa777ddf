"""Filing step by step: what each page asks, what is carried along, going back, checking the answers, filing."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import func, select

from engine.database import Engine
from engine.model.process import ProcessInstance
from engine.people import SYSTEM
from tests.webapp.portal.resident import APPEAL, errors, photo, texts, values

ADDRESS = "/file/appeal"
STEPS = (
    {"_group": APPEAL["_group"], "地址": APPEAL["地址"]},
    {name: APPEAL[name] for name in ("诉求标题", "诉求内容", "诉求类别")},
    {},
    {name: APPEAL[name] for name in ("联系人", "联系电话")},
)
TITLES = ["事情在哪里", "是什么事", "照片或材料", "怎样联系您", "请核对"]


def hidden(page: str) -> dict[str, list[str]]:
    """What the page sends along unseen."""
    found: dict[str, list[str]] = {}
    for each in html.fromstring(page).xpath("//form[@id='form']//input[@type='hidden' and @name!='csrf_token']"):
        found.setdefault(each.get("name"), []).append(each.get("value"))
    return found


def send(browser: FlaskClient, page: str, **fields: Any) -> Any:
    """Send the page with these fields, as a browser does."""
    return browser.post(ADDRESS, data={**hidden(page), **fields}, content_type="multipart/form-data")


def title(page: str) -> str:
    [found] = texts(page, "//h1")
    return found


def to_the_check(browser: FlaskClient, **photos: Any) -> list[str]:
    """All pages up to the one where the answers are checked."""
    pages = [browser.get(ADDRESS).text]
    for number, answers in enumerate(STEPS):
        pages.append(send(browser, pages[-1], **answers, **(photos if number == 2 else {})).text)
    return pages


def test_each_page_asks_one_thing_and_says_how_far_it_is(client: FlaskClient) -> None:
    pages = to_the_check(client)
    assert [title(page) for page in pages] == TITLES
    for number, page in enumerate(pages, 1):
        assert f"第 {number} 步，共 5 步" in page


def test_after_the_check_it_is_filed_with_its_photos(client: FlaskClient) -> None:
    pages = to_the_check(client, 照片=photo())
    check = texts(pages[-1], "//main")[0]
    for answer in (*APPEAL.values(), "油烟.png"):
        assert answer == "jinxing-1" or answer in check
    assert "金星社区一组" in check
    assert send(client, pages[-1]).location == "/receipt"
    assert "SQ-2026-" in client.get("/receipt").text


def test_a_step_with_errors_stays_and_loses_nothing(client: FlaskClient, platform: Engine) -> None:
    pages = to_the_check(client)
    answer = send(client, pages[1], 诉求标题="长" * 41, 诉求内容="油烟")
    assert answer.status_code == 422
    assert title(answer.text) == "是什么事"
    assert len(errors(answer.text)) == 2, "too long, and no kind; nothing of steps to come"
    assert values(answer.text, "诉求标题") == ["长" * 41]
    assert hidden(answer.text)["地址"] == [APPEAL["地址"]]
    with platform.read(SYSTEM) as tx:
        assert tx.session.scalar(select(func.count()).select_from(ProcessInstance)) == 0


def test_without_a_group_the_first_step_says_so(client: FlaskClient) -> None:
    answer = send(client, client.get(ADDRESS).text, 地址="3号楼")
    assert answer.status_code == 422
    assert errors(answer.text) == ["请选择您所在的居民小组。"]


def test_going_back_keeps_even_what_is_wrong(client: FlaskClient) -> None:
    pages = to_the_check(client)
    back = send(client, pages[1], _to="0", 诉求标题="长" * 41)
    assert back.status_code == 200
    assert title(back.text) == "事情在哪里"
    assert values(back.text, "地址") == [APPEAL["地址"]]
    assert hidden(back.text)["诉求标题"] == ["长" * 41]


@pytest.mark.parametrize("number", range(4))
def test_every_answer_can_be_changed_from_the_check(client: FlaskClient, number: int) -> None:
    pages = to_the_check(client, 照片=photo())
    page = send(client, pages[-1], _to=str(number)).text
    assert title(page) == TITLES[number]
    assert len(hidden(page).get("照片", values(page, "照片"))) == 1


def test_who_skips_steps_comes_to_the_first_that_is_not_right(client: FlaskClient) -> None:
    answer = client.post(ADDRESS, data={"_at": "4", **STEPS[0], **STEPS[3]})
    assert answer.status_code == 422
    assert title(answer.text) == "是什么事"


@pytest.mark.parametrize("at", ["-1", "x", "99999", "٣", ""])
def test_odd_numbers_are_no_faults(client: FlaskClient, at: str) -> None:
    assert client.post(ADDRESS, data={"_at": at, "_to": at}).status_code == 200


def test_both_ways_lead_to_each_other(client: FlaskClient) -> None:
    assert ADDRESS in client.get("/").text
    assert "/start/appeal" in client.get(ADDRESS).text
    assert ADDRESS in client.get("/start/appeal").text
