"""An official starts a case for a resident who came in person."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

from flask.testing import FlaskClient
from sqlalchemy import func, select

from engine.database import Engine
from engine.model.process import ProcessInstance
from engine.people import SYSTEM, org_tree
from tests.clock import FrozenClock
from tests.engine.commands.house import House
from tests.engine.commands.periodic import POLICY, meeting, started
from tests.webapp.official import APPEAL, words

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64


def cases(engine: Engine) -> int:
    with engine.read(SYSTEM) as tx:
        return tx.session.scalar(select(func.count()).select_from(ProcessInstance)) or 0


def test_a_group_leader_needs_to_choose_no_group(platform: Engine, sign_in: Callable[[str], FlaskClient]) -> None:
    answer = sign_in("jinxing-1-leader").post("/processes/appeal/start", data=APPEAL, follow_redirects=True)
    assert answer.status_code == 200
    assert "SQ-2026-00001" in answer.text
    assert "查询码" in answer.text


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


def test_others_must_choose_a_group(platform: Engine, sign_in: Callable[[str], FlaskClient]) -> None:
    browser = sign_in("jinxing-clerk")
    missing = browser.post("/processes/appeal/start", data=APPEAL)
    assert missing.status_code == 422
    assert "请选择所属居民小组" in missing.text
    assert APPEAL["诉求内容"] in missing.text

    with platform.read(SYSTEM) as tx:
        elsewhere, here = (org_tree(tx).by_code(code) for code in ("chaoyang-1", "jinxing-2"))
    assert elsewhere is not None
    assert here is not None
    assert browser.post("/processes/appeal/start", data={**APPEAL, "unit": str(elsewhere.id)}).status_code == 422
    assert browser.post("/processes/appeal/start", data={**APPEAL, "unit": str(here.id)}).status_code == 302
    assert cases(platform) == 1


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
