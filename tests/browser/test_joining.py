"""Watching a case, and joining others to it, by keyboard and without scripts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Site, Visitor
from tests.webapp import official


@pytest.mark.parametrize("scripts", [True, False])
def test_cases_are_watched_joined_and_separated(visit: Callable[..., Visitor], site: Site, scripts: bool) -> None:
    # given two appeals about the same kitchen
    lead, other = official.file_appeal(site.engine), official.file_appeal(site.engine)
    leader = visit("jinxing-1-leader", java_script_enabled=scripts)
    page = leader.page
    page.goto(f"/tasks/{official.open_task(site.engine, lead.id).id}")
    # when the leader watches the case and joins the other one, by keyboard
    page.get_by_role("button", name="关注", exact=True).press("Enter")
    expect(page.locator("#messages")).to_contain_text("已关注")
    page.locator("#more summary").first.press("Enter")
    page.get_by_role("link", name="并案", exact=True).press("Enter")
    page.get_by_label("其他事项的编号").fill(other.business_key)
    if scripts:
        leader.assert_sound()
    leader.submit()
    expect(page.get_by_role("heading", level=1)).to_have_text("并案对照")
    if scripts:
        leader.assert_sound()
    page.get_by_label("并案原因").fill("反映的是同一家餐馆")
    leader.submit()
    # then both are handled together, until they are separated again
    expect(page.locator("#messages")).to_contain_text(f"已把 1 件事项并入 {lead.business_key}")
    page.goto(f"/cases/{lead.id}")
    if scripts:
        leader.assert_sound()
    page.locator("summary", has_text="拆分").press("Enter")
    page.get_by_label("拆分原因").fill("不是同一家")
    page.get_by_role("button", name="确认拆分").press("Enter")
    expect(page.locator("#messages")).to_contain_text("从原来的环节继续办理")
    page.goto("/tasks?tab=watched")
    expect(page.get_by_role("row").filter(has_text=lead.business_key)).to_contain_text("受理登记")
