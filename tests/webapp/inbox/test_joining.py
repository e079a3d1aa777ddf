"""Joining cases from the page of a task: choosing, comparing, saying why; separating; what applicants see of it."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient

from engine import instances, people
from engine.database import Engine
from engine.model.process import ProcessInstance
from engine.people import ANONYMOUS
from tests.webapp.official import APPEAL, open_task, words


def file_one(engine: Engine, title: str, phone: str, unit: str = "jinxing-1") -> tuple[ProcessInstance, str]:
    with engine.begin(ANONYMOUS) as tx:
        group = people.org_tree(tx).by_code(unit)
        assert group is not None
        started = instances.start(tx, "appeal", {**APPEAL, "诉求标题": title, "联系电话": phone}, group.id)
        return started.instance, started.receipt_code


def test_cases_are_found_compared_joined_and_separated(
    platform: Engine, sign_in: Callable[[str], FlaskClient], client: FlaskClient
) -> None:
    # given three appeals, two of them about the same kitchen
    lead, _ = file_one(platform, "3号楼一楼餐馆油烟直排", "13800000000")
    other, code = file_one(platform, "楼下餐馆油烟太大", "13900000001")
    lamp, _ = file_one(platform, "路灯不亮", "13900000002")
    far, _ = file_one(platform, "河边垃圾没人清", "13900000003", "chaoyang-1")
    task = open_task(platform, lead.id).id
    leader = sign_in("jinxing-1-leader")
    # when the leader looks for what belongs together
    page = leader.get(f"/tasks/{task}/join").text
    assert "内容相近" in words(page)
    assert other.business_key in page
    # then a number finds others, a wrong one is said, and nothing is chosen silently
    assert "没有找到编号 SQ-9" in leader.get(f"/tasks/{task}/join/compare?numbers=sq-9").text
    assert "没有找到编号" in leader.get(f"/tasks/{task}/join/compare?numbers={far.business_key}").text
    assert leader.get(f"/tasks/{task}/join/compare").status_code == 422
    compared = words(leader.get(f"/tasks/{task}/join/compare?case={other.id}&numbers={lamp.business_key}").text)
    assert "确认并入 2 件" in compared
    refused = leader.post(f"/tasks/{task}/join", data={"case": [str(other.id)], "reason": ""})
    assert (refused.status_code, "请填写并案原因" in refused.text) == (422, True)
    assert leader.post(f"/tasks/{task}/join", data={"case": [str(other.id)], "reason": "同一家餐馆"}).status_code == 302
    assert "并入的事项 1" in words(leader.get(f"/cases/{lead.id}").text)
    assert "已并入 " + lead.business_key in words(leader.get(f"/cases/{other.id}").text)
    assert "已并入其他事项" in leader.get(f"/tasks/{task}/join/compare?case={other.id}").text
    # its applicant reads that it is handled together, and by whom; nothing of the other applicant
    client.post("/follow", data={"number": other.business_key, "code": code})
    followed = words(client.get(f"/follow/case/{other.id}").text)
    assert f"与编号 {lead.business_key} 的事项反映的是同一件事，一并办理。正在金星社区一组办理。" in followed
    assert "13800000000" not in followed
    assert lead.title not in followed
    # and it goes on alone once it is separated
    leader = sign_in("jinxing-1-leader")
    leader.post(f"/cases/{other.id}/separate", data={"reason": "不是同一家"})
    assert "正在办理“受理登记”" in words(leader.get(f"/cases/{other.id}").text)
