"""Filing step by step: what each page asks, what is kept between them, going back, checking the answers, filing."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import func, select

from engine import filing_drafts
from engine.database import Engine
from engine.model.counter import FilingDraft
from engine.model.files import FileLink, StoredFile
from engine.model.process import ProcessInstance
from engine.people import SYSTEM
from tests.clock import FrozenClock
from tests.webapp.portal.resident import APPEAL, LEADER, PNG, errors, official, open_task, photo, texts, values

ADDRESS = "/file/appeal"
STEPS = (
    {"_group": APPEAL["_group"], "地址": APPEAL["地址"]},
    {name: APPEAL[name] for name in ("诉求标题", "诉求内容", "诉求类别")},
    {},
    {name: APPEAL[name] for name in ("联系人", "联系电话")},
)
TITLES = ["事情在哪里", "是什么事", "照片或材料", "怎样联系您", "请核对"]


def send(browser: FlaskClient, page: str, **fields: Any) -> Any:
    """Send the page with these fields, as a browser does; to the page that it leads to."""
    [action] = html.fromstring(page).xpath("//form[@id='form']/@action")
    return browser.post(action, data=fields, content_type="multipart/form-data", follow_redirects=True)


def title(page: str) -> str:
    [found] = texts(page, "//h1")
    return found


def to_the_check(browser: FlaskClient, **photos: Any) -> list[str]:
    """All pages up to the one where the answers are checked."""
    pages = [browser.get(ADDRESS).text]
    for number, answers in enumerate(STEPS):
        pages.append(send(browser, pages[-1], **answers, **(photos if number == 2 else {})).text)
    return pages


def count(engine: Engine, model: Any) -> int:
    with engine.read(SYSTEM) as tx:
        return tx.session.scalar(select(func.count()).select_from(model)) or 0


def test_each_page_asks_one_thing_and_says_how_far_it_is(client: FlaskClient) -> None:
    pages = to_the_check(client)
    assert [title(page) for page in pages] == TITLES
    for number, page in enumerate(pages, 1):
        assert f"第 {number} 步，共 5 步" in page


def test_after_the_check_it_is_filed_with_its_photos_and_the_draft_is_gone(
    client: FlaskClient, platform: Engine
) -> None:
    pages = to_the_check(client, 照片=photo())
    check = texts(pages[-1], "//main")[0]
    for answer in (*APPEAL.values(), "油烟.png"):
        assert answer == "jinxing-1" or answer in check
    assert "金星社区一组" in check
    assert count(platform, FilingDraft) == 1
    assert "SQ-2026-" in send(client, pages[-1]).text
    assert count(platform, FilingDraft) == 0
    # a second press of the button files nothing more, and shows the receipt again
    assert "SQ-2026-" in send(client, pages[-1]).text
    assert count(platform, ProcessInstance) == 1


def test_a_step_with_errors_stays_and_loses_nothing(client: FlaskClient, platform: Engine) -> None:
    pages = to_the_check(client)
    answer = send(client, pages[1], 诉求标题="长" * 41, 诉求内容="油烟")
    assert answer.status_code == 422
    assert title(answer.text) == "是什么事"
    assert len(errors(answer.text)) == 2, "too long, and no kind; nothing of steps to come"
    assert values(answer.text, "诉求标题") == ["长" * 41]
    assert values(send(client, answer.text, _to="0").text, "地址") == [APPEAL["地址"]]
    assert count(platform, ProcessInstance) == 0


def test_without_a_group_the_first_step_says_so(client: FlaskClient) -> None:
    answer = send(client, client.get(ADDRESS).text, 地址="3号楼")
    assert answer.status_code == 422
    assert errors(answer.text) == ["请选择您所在的居民小组。"]


def test_a_name_that_only_one_group_has_needs_no_further_choice(client: FlaskClient) -> None:
    answer = send(client, client.get(ADDRESS).text, 地址="3号楼", _place="金星家园3号楼2单元")
    assert title(answer.text) == TITLES[1]


def test_going_back_keeps_even_what_is_wrong(client: FlaskClient) -> None:
    pages = to_the_check(client)
    back = send(client, pages[1], _to="0", 诉求标题="长" * 41)
    assert back.status_code == 200
    assert title(back.text) == "事情在哪里"
    assert values(back.text, "地址") == [APPEAL["地址"]]
    assert values(send(client, back.text, **STEPS[0]).text, "诉求标题") == ["长" * 41]


def test_every_answer_can_be_changed_from_the_check(client: FlaskClient) -> None:
    check = to_the_check(client, 照片=photo())[-1]
    for number in range(4):
        page = send(client, check, _to=str(number)).text
        assert title(page) == TITLES[number]
        assert all(values(page, name) == [text] for name, text in STEPS[number].items())
        assert number != 2 or len(values(page, "照片")) == 1


def test_who_skips_steps_comes_to_the_first_that_is_not_right(client: FlaskClient) -> None:
    second = send(client, client.get(ADDRESS).text, **STEPS[0]).text
    check = send(client, second, _to="4").text
    answer = send(client, check)
    assert answer.status_code == 422
    assert title(answer.text) == "是什么事"


@pytest.mark.parametrize("at", ["-1", "x", "99999", "٣", ""])
def test_odd_numbers_are_no_faults(client: FlaskClient, at: str) -> None:
    assert send(client, client.get(ADDRESS).text, _to=at).status_code == 200


def test_both_ways_lead_to_each_other(client: FlaskClient) -> None:
    assert ADDRESS in client.get("/").text
    assert "/start/appeal" in client.get(ADDRESS).text
    assert ADDRESS in client.get("/start/appeal").text


LARGE_PRINT = (
    ("您住在哪里", {"_group": APPEAL["_group"]}),
    ("事情发生的地点", {"地址": APPEAL["地址"]}),
    ("诉求标题", {"诉求标题": APPEAL["诉求标题"]}),
    ("诉求内容", {"诉求内容": APPEAL["诉求内容"]}),
    ("诉求类别", {"诉求类别": APPEAL["诉求类别"]}),
    ("照片或材料（选填）", {}),
    ("称呼", {"联系人": APPEAL["联系人"]}),
    ("联系电话", {"联系电话": APPEAL["联系电话"]}),
    ("门牌号（选填）", {"门牌号": ""}),
)


def test_in_large_print_a_page_asks_one_question(client: FlaskClient, platform: Engine) -> None:
    client.set_cookie("mode", "elder")
    # given somebody whom a poster leads to the form
    page = client.get("/start/appeal?group=jinxing-1", follow_redirects=True).text
    assert values(page, "_group") == ["jinxing-1"]
    # when each page is answered, then it asked one thing, which is its title
    for number, (question, answers) in enumerate(LARGE_PRINT, 1):
        assert title(page) == question
        assert texts(page, "//title") == [f"{question}（第 {number} 步，共 10 步） · 五级双向社区治理"]
        fields = "//form[@id='form']//*[starts-with(concat(@class, ' '), 'field ')]"
        assert len(texts(page, f"{fields}[not(contains(@class, 'form-text'))]")) == 1
        assert "在一页里填写" not in page or "elder-away" in page
        page = send(client, page, **answers).text
    # and all answers are checked, each can be changed alone, and it is filed
    assert title(page) == "请核对"
    assert texts(page, "//section//h2") == [question.removesuffix("（选填）") for question, _answers in LARGE_PRINT]
    [section] = texts(page, "//section[.//h2='诉求标题']")
    assert section.split() == ["诉求标题", "修改：诉求标题", APPEAL["诉求标题"]]
    assert title(send(client, page, _to="2").text) == "诉求标题"
    assert "SQ-2026-" in send(client, page).text
    assert count(platform, ProcessInstance) == 1


def test_another_size_of_print_goes_on_where_it_was(client: FlaskClient) -> None:
    page = to_the_check(client)[2]
    assert title(page) == TITLES[2]
    [stay] = values(page, "next")
    answer = client.post("/preferences", data={"next": stay, "mode": "elder"}, follow_redirects=True)
    assert title(answer.text) == "请核对", "all that was asked before has its answer"


def test_a_form_without_groups_is_asked_step_by_step_in_large_print_too(client: FlaskClient) -> None:
    client.set_cookie("mode", "elder")
    page = send(client, client.get("/file/one_window").text, _group="jinxing-1").text
    assert title(page) == "您要办什么"
    page = send(client, page, 来意="投诉建议").text
    assert title(page) == "投诉或者建议的内容", "what is beside the point is not asked"
    page = send(client, send(client, page, 投诉内容="窗口没有人").text, 投诉联系方式="").text
    assert texts(page, "//section//h2") == ["您住在哪里", "您要办什么", "投诉或者建议的内容", "联系方式"]


def continue_at(page: str) -> str:
    """The address under which a draft is continued."""
    [found] = html.fromstring(page).xpath("//section[@aria-labelledby='begun-title']//a/@href")
    return str(found)


def test_a_draft_is_continued_after_the_browser_was_closed_and_with_its_files(client: FlaskClient) -> None:
    to_the_check(client, 照片=photo())
    client.delete_cookie("wuji")  # a closed browser forgets what had no end
    address = continue_at(client.get("/").text)
    assert APPEAL["诉求标题"] in client.get(ADDRESS).text, "whoever begins anew is told of it"
    check = client.get(address, follow_redirects=True).text
    assert title(check) == TITLES[-1]
    assert "油烟.png" in check
    assert "SQ-2026-" in send(client, check).text


def test_an_incomplete_draft_opens_where_it_stopped(client: FlaskClient) -> None:
    send(client, client.get(ADDRESS).text, **STEPS[0])
    page = client.get(continue_at(client.get("/").text), follow_redirects=True).text
    assert title(page) == TITLES[1]
    assert errors(page) == [], "nobody has done anything wrong yet"


def test_nobody_else_opens_a_draft(client: FlaskClient, app: Flask) -> None:
    to_the_check(client)
    address = continue_at(client.get("/").text)
    other = app.test_client()
    assert "没有填完的" not in other.get("/").text
    answer = other.get(address, follow_redirects=True)
    assert "这份内容已经提交、删除或者过期" in answer.text
    assert APPEAL["联系电话"] not in answer.text


def test_an_account_finds_its_draft_on_another_device(sign_in: Any) -> None:
    to_the_check(sign_in("resident-1"))
    assert APPEAL["诉求标题"] in sign_in("resident-1").get("/").text
    assert "没有填完的" not in sign_in("resident-2").get("/").text


def test_two_windows_are_two_drafts_and_too_many_make_room(client: FlaskClient, platform: Engine) -> None:
    for _window in range(filing_drafts.MOST_DRAFTS + 1):
        send(client, client.get(ADDRESS).text, **STEPS[0])
    assert count(platform, FilingDraft) == filing_drafts.MOST_DRAFTS


def test_what_is_thrown_away_or_expires_is_gone_with_its_files(
    client: FlaskClient, app: Flask, platform: Engine, clock: FrozenClock
) -> None:
    to_the_check(client, 照片=photo())
    [discard] = html.fromstring(client.get("/").text).xpath("//section[@aria-labelledby='begun-title']//form/@action")
    assert app.test_client().post(discard, follow_redirects=True).status_code == 200
    assert count(platform, FilingDraft) == 1, "nobody else's"
    client.post(discard)
    assert (count(platform, FilingDraft), count(platform, FileLink), count(platform, StoredFile)) == (0, 0, 0)
    # and time does the same
    to_the_check(client, 照片=photo("昨晚.png"))
    clock.advance(days=8)
    assert "没有填完的" not in client.get("/").text
    with platform.begin(SYSTEM) as tx:
        filing_drafts.forget_expired(tx)
    assert (count(platform, FilingDraft), count(platform, FileLink), count(platform, StoredFile)) == (0, 0, 0)


def test_old_uploads_go_unless_a_case_or_a_draft_has_them(
    client: FlaskClient, app: Flask, sign_in: Any, platform: Engine, clock: FrozenClock
) -> None:
    # given photos of a case, of a draft that is saved again, of a draft of an official, and of nothing at all
    send(client, to_the_check(client, 照片=photo(content=PNG + b"1"))[-1])
    check = to_the_check(client, 照片=photo(content=PNG + b"2"))[-1]
    official(app, platform, "SQ-2026-00001", "task_accept", {"受理意见": "受理", "事项性质": "个体纠纷"})
    asked = {"_do": "draft", "协商材料": photo(content=PNG + b"3")}
    leader, task = sign_in(LEADER), open_task(platform, "SQ-2026-00001", "task_negotiate")
    leader.post(f"/tasks/{task}", data=asked, content_type="multipart/form-data")
    unsent = {"_do": "refresh", "照片": photo(content=PNG + b"4")}
    leader.post("/processes/appeal/start", data=unsent, content_type="multipart/form-data")
    before = count(platform, StoredFile)
    # when the draft has been opened in between
    clock.advance(days=5)
    send(client, check, _to="0")
    clock.advance(days=5)
    with platform.begin(SYSTEM) as tx:
        filing_drafts.forget_expired(tx)
    # then only what nobody can reach any more is gone
    assert count(platform, StoredFile) == before - 1
    assert "油烟.png" in client.get(continue_at(client.get("/").text), follow_redirects=True).text


def test_ending_the_query_on_a_shared_computer_takes_the_drafts_along(client: FlaskClient, platform: Engine) -> None:
    to_the_check(client)
    client.post("/follow/end")
    assert count(platform, FilingDraft) == 0
