"""The four lists of an official: what stands where, in which order, and how it is found."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient

from engine.database import Engine
from tests.clock import FrozenClock
from tests.webapp.official import file_appeal, open_task, words


def test_a_new_appeal_waits_for_the_leader_of_its_group_only(
    platform: Engine, sign_in: Callable[[str], FlaskClient]
) -> None:
    case = file_appeal(platform)

    assert case.business_key in sign_in("jinxing-1-leader").get("/tasks").text
    assert case.business_key not in sign_in("jinxing-2-leader").get("/tasks").text


def test_a_claimed_task_moves_to_the_first_list_and_back(
    platform: Engine, sign_in: Callable[[str], FlaskClient]
) -> None:
    case = file_appeal(platform)
    task = open_task(platform, case.id)
    browser = sign_in("jinxing-1-leader")

    browser.post(f"/tasks/{task.id}/claim")
    assert case.business_key in browser.get("/tasks?tab=mine").text
    assert case.business_key not in browser.get("/tasks?tab=open").text

    browser.post(f"/tasks/{task.id}/release")
    assert case.business_key in browser.get("/tasks?tab=open").text


def test_a_completed_task_is_listed_as_done(platform: Engine, sign_in: Callable[[str], FlaskClient]) -> None:
    case = file_appeal(platform)
    task = open_task(platform, case.id)
    browser = sign_in("jinxing-1-leader")

    answer = browser.post(
        f"/tasks/{task.id}",
        data={"受理意见": "不予受理", "不予受理原因": "其他原因", "不予受理说明": "不属于社区事务。"},
    )
    assert answer.status_code == 302
    assert case.business_key in browser.get("/tasks?tab=done").text


def test_overdue_and_due_today_are_said_in_words(
    platform: Engine, sign_in: Callable[[str], FlaskClient], clock: FrozenClock
) -> None:
    file_appeal(platform)
    clock.advance(days=20)
    page = words(sign_in("jinxing-1-leader").get("/tasks").text)
    assert "1 项已逾期" in page
    assert "逾期18天" in page


def test_search_finds_by_title_number_and_search_variable(
    platform: Engine, sign_in: Callable[[str], FlaskClient]
) -> None:
    case = file_appeal(platform)
    browser = sign_in("jinxing-1-leader")
    for word in ("油烟", case.business_key, "环境卫生"):
        assert case.business_key in browser.get("/tasks", query_string={"q": word}).text, word
    for word in ("没有这个词", "100%", "_"):
        assert case.business_key not in browser.get("/tasks", query_string={"q": word}).text, word


def test_a_person_is_found_by_whoever_may_see_names(platform: Engine, sign_in: Callable[[str], FlaskClient]) -> None:
    # given one appeal that names somebody, and one that has the same words in its title
    named = file_appeal(platform)
    titled = file_appeal(platform, title="3号楼居民反映油烟", person="王女士", phone="13900000009")
    # then the name finds both, whole or spaced; the number the one that has it; and nothing less than a whole does
    leader = sign_in("jinxing-1-leader")

    def found(words: str, address: str = "/tasks?tab=open&q=", who: FlaskClient = leader) -> tuple[bool, bool]:
        page = who.get(address + words).text
        return named.business_key in page, titled.business_key in page

    assert found("3号楼居民") == (True, True)
    assert found("138 0000 0000") == (True, False)
    assert found("13900000009") == (False, True)
    assert found("1390000000") == found("王女") == (False, False)
    # and the same holds for a secretary among the cases below, but not for whoever sees names in part only
    below = "/cases/below?q="
    assert found("王女士", below, sign_in("jinxing-secretary")) == (False, True)
    assert found("王女士", below, sign_in("shizhong-leader")) == (False, False)
    assert found("王女士", "/cockpit/cases?q=", sign_in("admin")) == (False, False)


def test_work_that_waits_in_another_post_is_said(platform: Engine, sign_in: Callable[[str], FlaskClient]) -> None:
    # given a secretary who leads a group as well, and an appeal of that group
    browser = sign_in("qingfeng-secretary")
    assert "其他岗位" not in browser.get("/tasks").text
    case = file_appeal(platform, "qingfeng-3")
    # then the list of the secretary says where it waits, and leads there
    page = browser.get("/tasks").text
    assert case.business_key not in page
    assert "切换到清风社区三组组长（1 项）" in words(page)
    appointment = page[page.index('class="elsewhere"') :].split('name="appointment" value="')[1].split('"')[0]
    browser.post("/act", data={"appointment": appointment})
    page = browser.get("/tasks").text
    assert (case.business_key in page, "其他岗位" in page) == (True, False)


def test_a_page_number_that_is_none_gives_the_first_page(
    platform: Engine, sign_in: Callable[[str], FlaskClient]
) -> None:
    case = file_appeal(platform)
    browser = sign_in("jinxing-1-leader")
    for page in ("x", "-1", "0", "99999", "1e9"):
        answer = browser.get("/tasks", query_string={"tab": "open", "page": page})
        assert answer.status_code == 200
        assert case.business_key in answer.text
