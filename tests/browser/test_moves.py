"""A case goes back: an official sends it, or takes a step back, by keyboard and without scripts."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import expect

from engine import tasks
from engine.model.process import ProcessInstance
from engine.people import SYSTEM, account_by_login, load_actor
from engine.queries import cases
from tests.browser.visitor import Site, Visitor
from tests.webapp import official

LEADER = "jinxing-1-leader"
GIVEN = [
    {"受理意见": "受理", "事项性质": "共性问题"},
    {"议题": "三号楼油烟怎样治理", "议事时间": "2026-12-01T19:00", "议事地点": "小组活动室", "通知方式": ["微信群"]},
]  # fmt: skip


def at_the_meeting(site: Site) -> UUID:
    """An appeal whose leader has proposed a topic; it waits for the meeting."""
    case = official.file_appeal(site.engine)
    for given in GIVEN:
        complete(site, case.id, given)
    return case.id


def complete(site: Site, case: UUID, given: Mapping[str, Any]) -> None:
    """Complete the task that waits, as the leader."""
    with site.engine.read(SYSTEM) as tx:
        account = account_by_login(tx, LEADER)
        assert account is not None
        leader = load_actor(tx, account.id)
    task = waiting(site, case)
    with site.engine.begin(leader) as tx:
        tasks.complete(tx, task, given)


def waiting(site: Site, case: UUID) -> UUID:
    """The task that waits, as soon as the machine has come there."""
    for _attempt in range(150):
        with site.engine.read(SYSTEM) as tx:
            found = cases.open_tasks(tx, tx.get(ProcessInstance, case))
        if found:
            return found[0].task.id
        time.sleep(0.1)
    raise AssertionError(f"{case} came to no task")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_case_is_sent_back(visit: Callable[..., Visitor], site: Site, scripts: bool) -> None:
    # given the page of a task with earlier steps
    case = at_the_meeting(site)
    leader = visit(LEADER, java_script_enabled=scripts)
    leader.page.goto(f"/tasks/{waiting(site, case)}")
    # when the leader asks to send the case back, by keyboard
    leader.page.locator("#more summary").first.press("Enter")
    leader.page.get_by_role("link", name="退回", exact=True).press("Enter")
    expect(leader.page.get_by_role("heading", level=1)).to_have_text("退回")
    if scripts:
        leader.assert_sound()
    leader.page.get_by_label("提出议题").press("Space")
    leader.page.get_by_label("退回原因").fill("议题没有写清楚")
    leader.submit()
    # then it waits there again, with what was submitted and with the reason
    expect(leader.page.locator("#messages")).to_contain_text("已退回到“提出议题”")
    leader.page.goto(f"/tasks/{waiting(site, case)}")
    expect(leader.page.get_by_label("议题", exact=False).first).to_have_value("三号楼油烟怎样治理")
    expect(leader.page.locator("main")).to_contain_text("议题没有写清楚")


def test_what_was_typed_before_a_case_went_back_is_taken_over(visit: Callable[..., Visitor], site: Site) -> None:
    # given a step that was left with a draft, and to which the case has come again
    case = at_the_meeting(site)
    leader = visit(LEADER)
    leader.page.goto(f"/tasks/{waiting(site, case)}")
    leader.fill({"议事意见": "同意加装净化器"})
    expect(leader.page.locator("#draft")).to_contain_text("已保存")
    leader.page.goto(f"{leader.page.url}/return")
    leader.page.get_by_label("提出议题").check()
    leader.page.get_by_label("退回原因").fill("议题没有写清楚")
    leader.submit()
    complete(site, case, GIVEN[1])
    # when the leader opens it, then the draft is told of, and goes into the form by keyboard
    leader.page.goto(f"/tasks/{waiting(site, case)}")
    expect(leader.page.locator("main")).to_contain_text("有一份之前的草稿")
    leader.assert_sound()
    leader.page.get_by_role("button", name="接着填写").press("Enter")
    expect(leader.page.locator("#messages")).to_contain_text("之前填写的内容已经放进表单")
    expect(leader.page.locator('[name="议事意见"]')).to_have_value("同意加装净化器")
    expect(leader.page.locator("main")).not_to_contain_text("有一份之前的草稿")


def test_a_step_is_taken_back(visit: Callable[..., Visitor], site: Site) -> None:
    case = at_the_meeting(site)
    leader = visit(LEADER)
    waiting(site, case)
    leader.page.goto(f"/cases/{case}")
    leader.page.get_by_text("撤回“提出议题”").click()
    leader.assert_sound()
    leader.page.get_by_role("button", name="确认撤回").click()
    expect(leader.page.locator("#messages")).to_contain_text("已撤回")
    expect(leader.page.get_by_role("heading", level=1)).to_have_text("提出议题")


def test_a_post_above_urges(visit: Callable[..., Visitor], site: Site) -> None:
    case = official.file_appeal(site.engine)
    secretary = visit("jinxing-secretary")
    secretary.page.goto(f"/cases/{case.id}")
    secretary.page.get_by_text("催办“受理登记”").press("Enter")
    secretary.page.get_by_label("附言").fill("居民又来问了")
    secretary.assert_sound()
    secretary.page.get_by_role("button", name="确认催办").click()
    expect(secretary.page.locator("#messages")).to_contain_text("已催办“受理登记”")
