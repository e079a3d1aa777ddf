"""The pages that send a case back and take a step back: what they offer, what they refuse, and what is kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import UUID

from flask.testing import FlaskClient

from engine.database import Engine
from engine.model.process import ProcessInstance
from engine.people import SYSTEM
from engine.worker import Worker
from tests.webapp.official import file_appeal, open_task, words


def test_the_page_of_a_first_step_offers_no_way_back(platform: Engine, sign_in: Callable[[str], FlaskClient]) -> None:
    task = open_task(platform, file_appeal(platform).id)
    leader = sign_in("jinxing-1-leader")
    assert f"/tasks/{task.id}/return" not in leader.get(f"/tasks/{task.id}").text
    assert "现在没有可以退回的环节" in leader.get(f"/tasks/{task.id}/return").text


TOPIC = {
    "议题": "三号楼油烟怎样治理",
    "议事时间": "2026-12-01T19:00",
    "议事地点": "小组活动室",
    "通知方式": ["微信群"],
}


def at_the_meeting(platform: Engine, leader: FlaskClient) -> UUID:
    """An appeal whose group leader has accepted it and proposed a topic; it waits for the meeting."""
    case = file_appeal(platform).id
    for given in ({"受理意见": "受理", "事项性质": "共性问题"}, TOPIC):
        answer = leader.post(f"/tasks/{open_task(platform, case).id}", data=given)
        assert answer.status_code == 302, words(answer.text)
        Worker(platform).drain()
    return case


def test_a_case_is_sent_back_with_a_reason(platform: Engine, sign_in: Callable[[str], FlaskClient]) -> None:
    leader = sign_in("jinxing-1-leader")
    case = at_the_meeting(platform, leader)
    task = open_task(platform, case)
    address = f"/tasks/{task.id}/return"
    assert address in leader.get(f"/tasks/{task.id}").text
    page = words(leader.get(address).text)
    assert "提出议题" in page
    assert "金星社区一组组长办理" in page

    refused = leader.post(address, data={"to": "", "reason": "议题没有写清楚"})
    assert refused.status_code == 422
    assert "请选择退回到哪个环节" in refused.text
    assert "议题没有写清楚" in refused.text
    (target,) = re.findall(r'name="to" value="([^"]+)"', refused.text)
    assert "请填写退回原因" in leader.post(address, data={"to": target, "reason": " "}).text
    assert open_task(platform, case).id == task.id

    answer = leader.post(address, data={"to": target, "reason": "议题没有写清楚"}, follow_redirects=True)
    assert "已退回到“提出议题”" in answer.text
    back = open_task(platform, case)
    page = leader.get(f"/tasks/{back.id}").text
    assert 'value="三号楼油烟怎样治理"' in page
    assert "从“召开居民议事会”退回“提出议题”" in words(page)
    assert "议题没有写清楚" in page


def test_whoever_has_no_right_sends_nothing_back(platform: Engine, sign_in: Callable[[str], FlaskClient]) -> None:
    case = at_the_meeting(platform, sign_in("jinxing-1-leader"))
    task = open_task(platform, case)
    other = sign_in("jinxing-2-leader")
    assert other.get(f"/tasks/{task.id}/return").status_code == 404
    assert other.post(f"/tasks/{task.id}/return", data={"to": "x", "reason": "y"}).status_code == 403
    assert open_task(platform, case).id == task.id


def test_a_step_is_taken_back_from_the_page_of_the_case(
    platform: Engine, sign_in: Callable[[str], FlaskClient]
) -> None:
    leader = sign_in("jinxing-1-leader")
    case = at_the_meeting(platform, leader)
    page = leader.get(f"/cases/{case}").text
    assert "撤回“提出议题”" in page
    (address,) = re.findall(r'action="(/tasks/[^"]+/recall)"', page)

    answer = leader.post(address, follow_redirects=True)

    assert "已撤回" in answer.text
    assert 'value="三号楼油烟怎样治理"' in answer.text
    assert open_task(platform, case).name == "提出议题"
    assert leader.post(address).status_code == 409
    with platform.begin(SYSTEM) as tx:
        assert tx.get(ProcessInstance, case).state == "active"


def test_a_post_above_urges_from_the_page_of_the_case(platform: Engine, sign_in: Callable[[str], FlaskClient]) -> None:
    case = file_appeal(platform).id
    secretary = sign_in("jinxing-secretary")
    page = secretary.get(f"/cases/{case}").text
    (address,) = re.findall(r'action="(/tasks/[^"]+/urge)"', page)

    answer = secretary.post(address, data={"note": "居民又来问了"}, follow_redirects=True)

    assert "已催办“受理登记”" in answer.text
    assert "今天已催办“受理登记”" in answer.text
    assert "居民又来问了" in words(answer.text)
    assert secretary.post(address).status_code == 409
    leader = sign_in("jinxing-1-leader")
    assert "已催办 1 次" in leader.get(f"/tasks/{open_task(platform, case).id}").text
    assert "/urge" not in leader.get(f"/cases/{case}").text
    assert leader.post(address).status_code == 403
