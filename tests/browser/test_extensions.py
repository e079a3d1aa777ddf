"""A later deadline is asked for on a telephone, granted at a desk, and read by whoever filed the case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from engine.clock import local_day
from engine.people import SYSTEM
from engine.workdays import calendar
from tests.browser.visitor import PHONE, Site, Visitor
from tests.webapp.official import file_appeal, open_task

LEADER, SECRETARY = "jinxing-1-leader", "jinxing-secretary"


@pytest.mark.parametrize("scripts", [True, False])
def test_a_deadline_is_put_off(site: Site, visit: Callable[..., Visitor], scripts: bool) -> None:
    case = file_appeal(site.engine)
    task = open_task(site.engine, case.id)
    assert task.due_at is not None
    with site.engine.read(SYSTEM) as tx:
        day = calendar(tx).add(local_day(task.due_at), 3)
    leader = visit(LEADER, java_script_enabled=scripts, viewport=PHONE, has_touch=True)
    leader.page.goto(f"/tasks/{task.id}")
    leader.page.locator("#more summary").first.press("Enter")
    leader.page.get_by_role("link", name="申请延期").press("Enter")
    expect(leader.page.get_by_role("heading", level=1)).to_contain_text("申请延期")
    leader.expect_refusals(422)
    leader.page.get_by_label("延到哪天").fill((day - timedelta(days=30)).isoformat())
    leader.submit()
    expect(leader.page.locator("[data-error-summary]")).to_contain_text("新的期限应当晚于现在的期限")
    if scripts:
        leader.assert_sound()
    leader.page.get_by_label("延到哪天").fill(day.isoformat())
    leader.page.get_by_label("延期原因").fill("等待环保部门的检测报告")
    leader.submit()
    expect(leader.page.locator("#messages")).to_contain_text("由金星社区书记决定")
    expect(leader.page.locator("#extensions")).to_contain_text("等待决定")
    if not scripts:
        return

    secretary = visit(SECRETARY)
    secretary.page.goto("/tasks")
    secretary.page.get_by_role("link", name="延期申请").click()
    secretary.assert_sound()
    secretary.page.get_by_role("link", name=case.title).first.click()
    secretary.assert_sound()
    secretary.page.get_by_label("同意，期限和提醒随之后移").check()
    secretary.submit()
    expect(secretary.page.locator("#messages")).to_contain_text("已同意延期")
    leader.page.reload()
    expect(leader.page.locator("#extensions")).to_contain_text("已同意")
    expect(leader.page.locator(".page-meta")).to_contain_text(f"{day.month}月{day.day}日")
