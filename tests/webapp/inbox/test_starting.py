"""An official starts a case for a resident who came in person."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from engine import counter_limits, people
from engine.database import Engine
from engine.model.process import ProcessInstance
from engine.people import SYSTEM
from tests.clock import FrozenClock
from tests.engine.commands.house import House
from tests.engine.commands.periodic import POLICY, meeting, started
from tests.webapp.official import APPEAL, words
from tests.webapp.portal.resident import errors, open_task, texts, values

#: The resident has heard it read out, and agrees.
AGREED = {**APPEAL, "_agreed": "true", "_group": "jinxing-1"}
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64


def cases(engine: Engine) -> int:
    with engine.read(SYSTEM) as tx:
        return tx.session.scalar(select(func.count()).select_from(ProcessInstance)) or 0


def test_the_case_is_that_of_the_resident_who_came_in(
    platform: Engine, app: Flask, sign_in: Callable[[str], FlaskClient], clock: FrozenClock
) -> None:
    # when the leader of the group files it, who needs to choose no group
    leader = sign_in("jinxing-1-leader")
    assert values(leader.get("/processes/appeal/start").text, "_group") == ["jinxing-1"]
    receipt = leader.post("/processes/appeal/start", data=AGREED, follow_redirects=True).text
    number, code = texts(receipt, "//section[contains(@class, 'receipt')]//dd")
    assert number == "SQ-2026-00001"
    with platform.read(SYSTEM) as tx:
        [case] = tx.session.scalars(select(ProcessInstance))
        assert (case.started_by, case.started_by_name, case.applicant_id) == (None, "居民", None)
        account = people.account_by_login(tx, "jinxing-1-leader")
        assert account is not None
        assert case.helped_by == account.id
    # then the resident follows it without an account, and reads who wrote it down
    resident = app.test_client()
    resident.post("/follow", data={"number": number, "code": code})
    page = resident.get(f"/follow/case/{case.id}").text
    assert "代居民提交" in page
    assert "金星社区一组组长" in page
    assert resident.get(f"/follow/case/{case.id}/add").status_code == 200
    # and the helper, who is no applicant, reads it, handles it, and finds it again
    assert f"/follow/case/{case.id}" not in leader.get("/mine").text
    assert leader.post(f"/follow/case/{case.id}/withdraw", data={"reason": "不办了"}).status_code == 404
    desk = leader.get(f"/cases/{case.id}").text
    assert "代居民提交" in desk
    assert number in leader.get("/processes").text
    assert number in leader.get("/tasks?tab=started").text
    task = open_task(platform, number, "task_accept")
    answers = {"受理意见": "受理", "事项性质": "个体纠纷"}
    assert leader.post(f"/tasks/{task}", data=answers).status_code in (302, 303)
    # the code is gone after a while
    assert code in leader.get("/processes/receipt").text
    clock.advance(minutes=11)
    assert code not in leader.get("/processes/receipt").text


def test_nothing_is_filed_for_somebody_who_has_not_agreed(
    platform: Engine, sign_in: Callable[[str], FlaskClient]
) -> None:
    leader = sign_in("jinxing-1-leader")
    answer = leader.post("/processes/appeal/start", data={**APPEAL, "_group": "jinxing-1"})
    assert answer.status_code == 422
    assert "居民同意后勾选" in answer.text
    assert APPEAL["诉求内容"] in answer.text
    assert cases(platform) == 0
    with platform.begin(SYSTEM) as tx:
        counter_limits.set_limits(tx, {"phone_hour": "1", "address_hour": "1"})
    leader.post("/processes/appeal/start", data={**AGREED, "联系电话": "13800000001"})
    assert leader.post("/processes/appeal/start", data={**AGREED, "联系电话": "13800000002"}).status_code == 303
    again = leader.post("/processes/appeal/start", data={**AGREED, "联系电话": "13800000002"})
    assert again.status_code == 429, "the telephone number is counted, the window's address is not"
    assert APPEAL["诉求内容"] in again.text


def test_without_anything_filed_the_receipt_leads_to_the_list(sign_in: Callable[[str], FlaskClient]) -> None:
    assert sign_in("jinxing-1-leader").get("/processes/receipt").location == "/processes"


def test_what_only_offices_start_has_nobody_to_hand_a_code_to(
    platform: Engine, sign_in: Callable[[str], FlaskClient]
) -> None:
    browser = sign_in("shizhong-officer")
    values = {"临时事项": "地下室积水", "临时说明": "昨夜暴雨，6 个小区地下室积水。"}
    answer = browser.post("/processes/street_weekly_meeting/start", data=values, follow_redirects=True)
    assert "已发起，编号 LH-2026-" in answer.text
    assert "查询码" not in answer.text


def test_the_way_to_start_is_offered_to_those_who_may(sign_in: Callable[[str], FlaskClient]) -> None:
    for login, name in (("shizhong-leader", "街道周例会"), ("district-leader", "区联席会议")):
        browser = sign_in(login)
        assert "发起事项" in browser.get("/tasks").text
        assert name in browser.get("/processes").text
    assert "发起事项" not in sign_in("developer").get("/tasks?tab=started").text


def test_the_group_is_found_as_at_the_counter_and_may_be_that_of_another_window(
    platform: Engine, sign_in: Callable[[str], FlaskClient]
) -> None:
    browser = sign_in("jinxing-clerk")
    near = texts(browser.get("/processes/appeal/start").text, "//div[@id='places']//label")
    assert near == ["金星社区一组", "金星社区二组", "金星社区三组"]
    missing = browser.post("/processes/appeal/start", data={**AGREED, "_group": ""})
    assert missing.status_code == 422
    assert errors(missing.text) == ["请选择居民所在的居民小组。"]
    assert APPEAL["诉求内容"] in missing.text
    found = browser.post("/processes/appeal/start", data={**AGREED, "_group": "", "_place": "朝阳一组", "_do": "find"})
    assert values(found.text, "_group") == ["chaoyang-1"]
    assert APPEAL["诉求内容"] in found.text
    assert cases(platform) == 0
    assert browser.post("/processes/appeal/start", data={**AGREED, "_group": "chaoyang-1"}).status_code == 303
    with platform.read(SYSTEM) as tx:
        [case] = tx.session.scalars(select(ProcessInstance))
        group = people.org_tree(tx).by_code("chaoyang-1")
    assert group is not None
    assert case.unit_id == group.id


def test_wrong_input_starts_nothing_and_keeps_the_photo(
    platform: Engine, sign_in: Callable[[str], FlaskClient]
) -> None:
    browser = sign_in("jinxing-1-leader")
    data = {**APPEAL, "联系电话": "不是电话", "照片": (BytesIO(PNG), "油烟.png")}
    answer = browser.post("/processes/appeal/start", data=data, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "联系电话" in words(answer.text)
    assert APPEAL["诉求内容"] in answer.text
    assert cases(platform) == 0


def test_a_process_that_does_not_exist_is_not_found(sign_in: Callable[[str], FlaskClient]) -> None:
    answer = sign_in("jinxing-1-leader").get("/processes/nothing/start")
    assert answer.status_code == 404
    assert "没有找到可以发起的流程" in answer.text


def test_what_starts_for_each_unit_of_a_level_is_started_by_hand_for_one_of_them(
    platform: Engine, sign_in: Callable[[str], FlaskClient], clock: FrozenClock
) -> None:
    house = House(platform, clock)
    house.deploy(meeting().start("by_hand").at("by_hand").flow("by_hand", "a"), POLICY)
    page = sign_in("jinxing-1-leader").get("/processes/p/start").text
    assert "所属" not in page  # there is one subdistrict above the group
    office = sign_in("district-office")
    assert "请选择所属街道" in office.post("/processes/p/start").text
    office.post("/processes/p/start", data={"unit": str(house.unit("pengli"))})
    sign_in("shizhong-officer").post("/processes/p/start")
    assert started(platform) == ["pengli", "shizhong"]
    page = office.get("/processes/p/start").text
    assert "市中街道" in page
    assert "金星社区一组" not in page
