"""A case that came to the wrong group is handed to the right one, which finds it in its list."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.visitor import Site, Visitor
from tests.webapp.official import file_appeal, open_task


def test_a_case_is_handed_to_another_unit(site: Site, visit: Callable[..., Visitor]) -> None:
    case = file_appeal(site.engine)
    task = open_task(site.engine, case.id)
    leader = visit("jinxing-1-leader")
    leader.page.goto(f"/tasks/{task.id}")
    leader.page.locator("#more summary").first.press("Enter")
    leader.page.get_by_role("link", name="移交其他单位").press("Enter")
    expect(leader.page.get_by_label("金星社区二组")).to_be_visible()
    leader.page.get_by_label("移交原因").fill("餐馆在新河社区")
    leader.page.get_by_label("查找其他单位").fill("新河 一组")
    leader.page.get_by_label("查找其他单位").press("Enter")
    expect(leader.page.get_by_label("新河社区一组")).to_be_visible()
    expect(leader.page.get_by_label("移交原因")).to_have_value("餐馆在新河社区")
    leader.expect_refusals(422)
    leader.submit()
    expect(leader.page.locator("[data-error-summary]")).to_contain_text("请选择移交到哪个单位")
    leader.assert_sound()
    leader.page.get_by_label("新河社区一组").check()
    leader.submit()
    expect(leader.page.locator("#messages")).to_contain_text("已移交到新河社区一组")

    other = visit("xinhe-1-leader", java_script_enabled=False)
    other.open_task(case.business_key, "受理登记")
    expect(other.page.locator("[aria-labelledby=story-title]")).to_contain_text("从金星社区一组移交到新河社区一组")
    expect(other.page.locator("[aria-labelledby=story-title]")).to_contain_text("餐馆在新河社区")
