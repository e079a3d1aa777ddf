"""The bell and the page behind it: what is new, where it leads, and that reading it is noticed."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient

from engine import notifications, people
from engine.database import Engine
from engine.model.process import ProcessInstance
from engine.people import SYSTEM
from engine.people.commands import appoint
from engine.worker import Worker
from tests.clock import FrozenClock
from tests.webapp.official import file_appeal, open_task, words

SignIn = Callable[[str], FlaskClient]
LEADER, SECRETARY = "jinxing-1-leader", "jinxing-secretary"


def _tell(engine: Engine, text: str, *logins: str, about: ProcessInstance | None = None, **more: object) -> str:
    """Tell the first post of each login something; the address of the message."""
    with engine.begin(SYSTEM) as tx:
        holders = []
        for login in logins:
            account = people.account_by_login(tx, login)
            assert account is not None
            holders += sorted(people.load_actor(tx, account.id).holders)
        element = more.get("element")
        told = notifications.tell(tx, "urged", holders, about, text, {"n": 2}, str(element) if element else None)
    return f"/messages/{told}"


def test_the_bell_counts_and_the_page_shows_what_is_new(platform: Engine, sign_in: SignIn) -> None:
    case = file_appeal(platform)
    _tell(platform, "第 {n} 次催办，请尽快办理", LEADER, about=case)
    page = sign_in(LEADER).get("/messages").text
    assert "1 条未读" in words(page)
    assert f"催办 · {case.business_key}" in words(page)
    assert "第 2 次催办，请尽快办理" in page
    assert "没有未读消息" in sign_in(SECRETARY).get("/messages").text


def test_a_message_leads_to_the_task_and_is_read_then(platform: Engine, sign_in: SignIn) -> None:
    case = file_appeal(platform)
    task = open_task(platform, case.id)
    address = _tell(platform, "请尽快办理", LEADER, about=case, element=task.element_id)
    browser = sign_in(LEADER)
    assert browser.get(address).location == f"/tasks/{task.id}"
    assert "没有未读消息" in browser.get("/messages").text
    assert "请尽快办理" in browser.get("/messages?show=all").text


def test_who_has_nothing_to_do_is_led_to_the_case(platform: Engine, sign_in: SignIn) -> None:
    case = file_appeal(platform)
    assert sign_in(SECRETARY).get(_tell(platform, "逾期", SECRETARY, about=case)).location == f"/cases/{case.id}"


def test_a_message_to_another_of_ones_posts_changes_the_post(platform: Engine, sign_in: SignIn) -> None:
    with platform.begin(SYSTEM) as tx:
        account = people.account_by_login(tx, SECRETARY)
        unit = people.org_tree(tx).by_code("jinxing-3")
        assert account is not None
        assert unit is not None
        appoint(tx, account.id, "group_leader", unit.id)
        told = notifications.tell(tx, "urged", [people.post_holder("group_leader", unit.id)], None, "请尽快办理")
    browser = sign_in(SECRETARY)
    answer = browser.get(f"/messages/{told}", follow_redirects=True)
    assert "现在以“金星社区三组组长”的岗位办理。" in answer.text
    assert "请尽快办理" in answer.text


def test_a_message_to_others_is_not_shown(platform: Engine, sign_in: SignIn) -> None:
    assert sign_in(SECRETARY).get(_tell(platform, "请尽快办理", LEADER)).status_code == 404


def test_everything_is_marked_as_read_at_once(platform: Engine, sign_in: SignIn) -> None:
    for _ in range(3):
        address = _tell(platform, "请尽快办理", LEADER)
    browser = sign_in(LEADER)
    assert browser.post(f"{address}/read?show=all").location == "/messages?show=all"
    assert "2 条未读" in words(browser.get("/messages").text)
    assert "已全部标为已读" in browser.post("/messages/read", follow_redirects=True).text
    assert "没有未读消息" in browser.get("/messages").text


def test_the_bell_asks_only_for_what_has_changed(platform: Engine, sign_in: SignIn) -> None:
    browser = sign_in(LEADER)
    assert browser.get("/messages/count?shown=0").status_code == 204
    _tell(platform, "请尽快办理", LEADER)
    answer = browser.get("/messages/count?shown=0")
    assert "1 条未读" in words(answer.text)
    assert browser.get("/messages/count?shown=1").status_code == 204


def test_a_resident_has_a_bell_too(platform: Engine, sign_in: SignIn) -> None:
    with platform.begin(SYSTEM) as tx:
        account = people.account_by_login(tx, "resident-1")
        assert account is not None
        notifications.tell(tx, "process", [people.account_holder(account.id)], None, "诉求已受理")
    page = sign_in("resident-1").get("/").text
    assert "1 条未读" in words(page)


def test_an_overdue_step_is_told_to_the_post_above(platform: Engine, sign_in: SignIn, clock: FrozenClock) -> None:
    case = file_appeal(platform)
    clock.advance(days=10)
    while Worker(platform).drain():
        pass
    assert case.business_key in sign_in(SECRETARY).get("/messages").text
    assert case.business_key not in sign_in("chaoyang-secretary").get("/messages").text
