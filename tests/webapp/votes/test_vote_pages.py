"""People vote in two steps, once; what came out shows after the count, and who chose what only of open votes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from engine import votes
from engine.database import Engine
from tests.clock import FrozenClock
from tests.engine.commands.house import House
from tests.engine.commands.vote_house import DEPUTIES, VoteHouse
from tests.webapp.official import words

SignIn = Callable[[str], FlaskClient]
DEPUTY = DEPUTIES[0]


@pytest.fixture
def hall(platform: Engine, clock: FrozenClock) -> VoteHouse:
    return VoteHouse(House(platform, clock))


def test_whoever_is_asked_finds_it_in_the_menu_until_it_is_done(hall: VoteHouse, sign_in: SignIn) -> None:
    browser = sign_in(DEPUTY)
    assert 'href="/votes"' not in browser.get("/tasks").text
    vote = hall.open()
    assert "投票 1 项待办" in words(browser.get("/tasks").text)
    hall.cast(vote, (DEPUTY, "同意"))
    menu = browser.get("/tasks").text
    assert 'href="/votes"' in menu
    assert "1 项待办" not in words(menu)
    assert 'href="/votes"' not in sign_in("jinxing-secretary").get("/tasks").text


def test_the_list_begins_with_what_waits(hall: VoteHouse, sign_in: SignIn) -> None:
    later, sooner, done = hall.open(days=5), hall.open(days=2), hall.open()
    hall.cast(done, (DEPUTY, "同意"))
    page = sign_in(DEPUTY).get("/votes").text
    assert "2 项等待您投票" in page
    places = [page.index(f"/votes/{vote.number}") for vote in (sooner, later, done)]
    assert places == sorted(places)


def test_an_empty_list_says_so(hall: VoteHouse, sign_in: SignIn) -> None:
    assert "还没有请您投票的表决" in sign_in("resident-1").get("/votes").text


def test_a_ballot_is_cast_in_two_steps(hall: VoteHouse, sign_in: SignIn) -> None:
    vote, browser = hall.open(), sign_in(DEPUTY)
    path = f"/votes/{vote.number}"
    paper = words(browser.get(path).text)
    assert "记名：计票后公布各人的选择。投出后不能更改。" in paper
    assert "以“金星社区一组居民代表”的身份投票" in paper

    confirming = browser.post(path, data={"choice": "反对"})
    assert "您的选择：反对" in confirming.text
    assert not any(each.has_voted for each in hall.electors(vote))
    back = browser.post(path, data={"choice": "反对", "again": "1"}).text
    assert 'value="反对" required aria-describedby="ballot-hint" checked' in back

    assert browser.post(path, data={"choice": "反对", "confirmed": "1"}).status_code == 302
    after = words(browser.get(path).text)
    assert "已投票。" in after
    assert "已投票 ：反对" in after
    assert "3 人可以投票，1 人已经投票。计票后公布结果。" in after
    assert "下一步" not in after


def test_without_a_choice_the_paper_comes_again(hall: VoteHouse, sign_in: SignIn) -> None:
    path, browser = f"/votes/{hall.open().number}", sign_in(DEPUTY)
    for data in ({}, {"choice": "别的"}, {"choice": "别的", "confirmed": "1"}):
        answer = browser.post(path, data=data)
        assert answer.status_code == 422
        assert "请选择一个选项。" in answer.text


def test_a_second_ballot_is_refused_with_the_reason(hall: VoteHouse, sign_in: SignIn) -> None:
    vote, browser = hall.open(), sign_in(DEPUTY)
    hall.cast(vote, (DEPUTY, "同意"))
    answer = browser.post(f"/votes/{vote.number}", data={"choice": "反对", "confirmed": "1"})
    assert answer.status_code == 409
    assert "已经投过票，不能再投，也不能改" in answer.text
    assert browser.post(f"/votes/{vote.number}", data={"choice": "反对"}).status_code == 302


def test_what_others_chose_does_not_show_before_the_count(hall: VoteHouse, sign_in: SignIn) -> None:
    vote = hall.open()
    hall.cast(vote, (DEPUTIES[1], "反对"), (DEPUTIES[2], "反对"))
    hall.cast(vote, (DEPUTY, "同意"))
    for login in (DEPUTY, "jinxing-secretary"):
        page = words(sign_in(login).get(f"/votes/{vote.number}").text)
        assert "反对" not in page
        assert "3 人已经投票" in page


def test_the_result_of_an_open_vote_says_who_chose_what(hall: VoteHouse, sign_in: SignIn) -> None:
    vote = hall.open()
    hall.cast(vote, (DEPUTY, "同意"), (DEPUTIES[1], "反对"))
    hall.count(vote)
    page = words(sign_in(DEPUTY).get(f"/votes/{vote.number}").text)
    assert "表决结果：平票" in page
    assert "3 人可以投票，2 人投了票。" in page
    assert "规则：投票人数超过 50% 有效；得票超过投了票的人的 50% 通过。" in page
    assert "金星社区一组居民代表 同意 金星社区三组居民代表 没有投票 金星社区二组居民代表 反对" in page


def test_the_result_of_a_secret_vote_names_nobody(hall: VoteHouse, sign_in: SignIn) -> None:
    vote = hall.open(secret=True, options=("甲方案", "乙方案"))
    browser = sign_in(DEPUTY)
    assert "不记名：谁也看不到谁选了什么。" in words(browser.get(f"/votes/{vote.number}").text)
    hall.cast(vote, (DEPUTY, "乙方案"), (DEPUTIES[1], "乙方案"))
    mine = words(browser.get(f"/votes/{vote.number}").text)
    assert "已投票" in mine
    assert "乙方案" not in mine
    hall.count(vote, of="electors")
    page = words(browser.get(f"/votes/{vote.number}").text)
    assert "表决结果：通过，乙方案" in page
    assert "得票超过全体投票人的 50% 通过。" in page
    assert "不公布各人的选择" in page
    assert "金星社区二组居民代表" not in page


def test_a_vote_past_its_deadline_waits_for_the_count(hall: VoteHouse, sign_in: SignIn) -> None:
    vote = hall.open(days=1)
    hall.house.clock.advance(hours=25)
    browser = sign_in(DEPUTY)
    page = words(browser.get(f"/votes/{vote.number}").text)
    assert "投票已截止，您没有投票。" in page
    assert "等待计票" in page
    answer = browser.post(f"/votes/{vote.number}", data={"choice": "同意", "confirmed": "1"})
    assert (answer.status_code, "的投票已经截止" in answer.text) == (409, True)


def test_a_cancelled_vote_says_why(hall: VoteHouse, sign_in: SignIn) -> None:
    by_task, by_end = hall.open(), hall.open()
    with hall.house.at() as tx:
        votes.cancel(tx, by_task.instance_id, by_task.number, "改为现场表决")
    hall.house.cancel(by_end.instance_id)
    browser = sign_in(DEPUTY)
    assert "原因：改为现场表决" in browser.get(f"/votes/{by_task.number}").text
    assert "原因：事项已结束" in browser.get(f"/votes/{by_end.number}").text


def test_a_vote_is_for_its_electors_and_for_those_who_see_the_case(hall: VoteHouse, sign_in: SignIn) -> None:
    vote = hall.open()
    onlooker = sign_in("jinxing-secretary").get(f"/votes/{vote.number}").text
    assert f'href="/cases/{vote.instance_id}"' in onlooker
    assert "下一步" not in onlooker
    assert f"/cases/{vote.instance_id}" not in sign_in(DEPUTY).get(f"/votes/{vote.number}").text
    for login in ("chaoyang-1-deputy", "pengli-officer"):
        assert sign_in(login).get(f"/votes/{vote.number}").status_code == 404
    assert sign_in("pengli-officer").post(f"/votes/{vote.number}", data={"choice": "同意"}).status_code == 404


def test_the_case_tells_of_its_votes(hall: VoteHouse, sign_in: SignIn) -> None:
    vote = hall.open()
    browser = sign_in("jinxing-secretary")
    path = f"/cases/{vote.instance_id}"
    assert "是否同意改造？ 投票中" in words(browser.get(path).text)
    hall.cast(vote, *((login, "同意") for login in DEPUTIES))
    hall.count(vote)
    told = words(browser.get(path).text)
    assert "是否同意改造？ 通过" in told
    assert "发起表决，投票人 3 人" in told
    assert "表决计票：通过" in told
    assert "票数：同意 3，反对 0，弃权 0" in told
    full = words(sign_in("admin").get(f"/cockpit{path}").text)
    assert f"表决 {vote.number}：金星社区一组居民代表投“同意”" in full
    assert f"表决 {vote.number} 计票，结果：通过" in full


def test_the_pages_speak_english(hall: VoteHouse, sign_in: SignIn) -> None:
    vote, browser = hall.open(), sign_in(DEPUTY)
    browser.post("/preferences", data={"language": "en", "next": "/"})
    page = words(browser.get(f"/votes/{vote.number}").text)
    assert "Agree" in page
    assert "You cannot change it afterwards." in page
