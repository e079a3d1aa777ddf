"""Admins mend what failed, auditors prove that nothing was changed; everybody finds the way with a keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner
from playwright.sync_api import expect
from sqlalchemy import text

from tests.browser.visitor import Site, Visitor
from tests.webapp import official
from tests.webapp.cockpit.failing import mend, start_failing
from webapp.cli import main


def test_an_admin_retries_an_incident(visit: Callable[..., Visitor], site: Site) -> None:
    # given a case whose script has failed
    case = start_failing(site.engine)
    admin = visit("admin")
    page = admin.page
    page.goto("/cockpit/cases")
    admin.assert_sound()
    page.goto("/cockpit/incidents")
    expect(page.locator("main")).to_contain_text("2029 年的放假安排还没有录入")
    admin.assert_sound()
    # when the admin retries too early, then the page says so
    page.get_by_role("button", name="重试").click()
    expect(page.locator("#messages")).to_contain_text("重试没有成功")
    # when the cause is mended and the admin retries, then the case goes on to its end
    mend(site.engine)
    page.get_by_role("link", name=case.title).click()
    admin.assert_sound()
    page.get_by_role("button", name="重试").click()
    expect(page.locator("#messages")).to_contain_text(f"已重试，事项 {case.business_key} 继续办理")
    expect(page.locator(".page-header")).to_contain_text("已办结")
    page.goto("/cockpit/incidents")
    expect(page.get_by_text("没有待处理的异常")).to_be_visible()


def test_an_admin_cancels_with_a_reason(visit: Callable[..., Visitor], site: Site) -> None:
    # given a case, when an admin cancels it without a reason
    case = official.file_appeal(site.engine)
    admin = visit("admin")
    page = admin.page
    page.goto(f"/cockpit/cases/{case.id}")
    cancel = page.locator("details.confirm")
    cancel.locator("summary").click()
    admin.expect_refusals(422)
    cancel.locator("form").evaluate("form => { form.noValidate = true }")
    cancel.get_by_role("button").click()
    # then the page asks for one; with a reason the case is over and says why
    expect(page.locator(".field-error")).to_be_visible()
    admin.assert_sound()
    page.locator("details.confirm textarea").fill("与另一件诉求重复")
    page.locator("details.confirm").get_by_role("button").click()
    expect(page.locator("#messages")).to_contain_text("已终止")
    expect(page.locator("main")).to_contain_text("与另一件诉求重复")


def test_an_export_verifies_until_a_row_was_changed(visit: Callable[..., Visitor], site: Site, tmp_path: Path) -> None:
    # given an auditor at the history of a case
    case = official.file_appeal(site.engine)
    auditor = visit("auditor")
    page = auditor.page
    auditor.assert_sound()
    page.goto(f"/audit/cases/{case.id}")
    expect(page.locator(".page-meta")).to_contain_text("校验通过")
    auditor.assert_sound()
    # when it is exported, then `wuji verify` has nothing to say against the file
    with page.expect_download() as download:
        page.get_by_role("button", name="JSONL").click()
    exported = tmp_path / "case.jsonl"
    download.value.save_as(exported)
    verdict = CliRunner().invoke(main, ["verify", "--file", str(exported)])
    assert (verdict.exit_code, "校验通过" in verdict.output) == (0, True), verdict.output
    # when one word of it is changed, in the file
    exported.write_text(exported.read_text("utf-8").replace("居民夜里没法开窗", "没有影响"), "utf-8")
    exported.write_text(exported.read_text("utf-8").replace('"started', '"begun', 1), "utf-8")
    assert CliRunner().invoke(main, ["verify", "--file", str(exported)]).exit_code == 1
    # or past the guards in the database, then verifying fails
    tamper(site, str(case.id.hex))
    page.reload()
    expect(page.locator(".page-meta")).to_contain_text("校验失败")
    expect(page.locator(".notice-error")).to_contain_text("第 1 条")
    auditor.assert_sound()
    page.goto("/audit")
    page.get_by_role("button", name="校验全部").click()
    expect(page.locator(".notice-error")).to_contain_text(case.business_key)
    auditor.assert_sound()


def tamper(site: Site, chain: str) -> None:
    """Change one event of a case as somebody who owns the database could."""
    with site.engine.sql.begin() as connection:
        connection.execute(text("DROP TRIGGER history_event_update"))
        changed = connection.execute(
            text("UPDATE history_event SET actor = '他人' WHERE seq = 1 AND replace(chain_id, '-', '') = :chain"),
            {"chain": chain},
        )
        assert changed.rowcount == 1


def test_the_keyboard_leads_everywhere(visit: Callable[..., Visitor], site: Site) -> None:
    # given a list with a task, when somebody uses the keyboard alone
    case = official.file_appeal(site.engine, "qingfeng-3")
    secretary = visit("qingfeng-secretary")
    page = secretary.page
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="跳到正文")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
    # then the menu opens and closes with keys, and another post can be chosen
    menu = page.locator("details.menu")
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(menu.locator(".menu-panel")).to_be_visible()
    secretary.assert_accessible()
    page.keyboard.press("Escape")
    expect(menu.locator(".menu-panel")).to_be_hidden()
    expect(menu.locator("summary")).to_be_focused()
    page.keyboard.press("Enter")
    menu.get_by_role("button", name="清风社区三组组长").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#messages")).to_contain_text("清风社区三组组长")
    # and the task that only this post may see opens with Enter
    page.goto(f"/tasks?tab=open&q={case.business_key}")
    page.get_by_role("link", name=case.title).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("受理登记")


def test_the_drawing_shows_its_maker(visit: Callable[..., Visitor], site: Site) -> None:
    # given a task page, then the mark of bpmn.io lies open to view on the drawing
    case = official.file_appeal(site.engine, "qingfeng-1")
    leader = visit("qingfeng-1-leader")
    leader.open_task(case.business_key, "受理登记")
    mark = leader.page.locator("[data-diagram] .bjs-powered-by")
    mark.scroll_into_view_if_needed()
    mark.click(trial=True)
    # and the same facts stand beside it as a list
    leader.page.get_by_text("用文字看流程").click()
    expect(leader.page.locator(".step-list .tag").first).to_be_visible()


def test_the_same_pages_in_english_and_in_large_print(visit: Callable[..., Visitor], site: Site) -> None:
    # given a resident who chooses English, then no Chinese is left on our own pages but the name of whom to call
    resident = visit()
    page = resident.page
    page.goto("/follow")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert not re.search(r"[\u4e00-\u9fff]", page.locator("main").inner_text().replace("滨城区", ""))
    resident.assert_sound()
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    # and large print is larger, and fits
    expect(page.locator("body")).to_have_css("font-size", "16px")
    page.get_by_role("button", name="大字版").click()
    expect(page.locator("html")).to_have_attribute("data-mode", "elder")
    expect(page.locator("body")).to_have_css("font-size", "20px")
    resident.assert_sound()


def test_a_drawing_speaks_english_with_its_readers(visit: Callable[..., Visitor]) -> None:
    # given an auditor who reads English, and a drawing with remarks beside its elements
    page = visit("auditor").page
    page.goto("/standard/processes/deliberation")
    page.get_by_role("button", name="English").click()
    # then the steps, the answers and the remarks are in English
    drawing = page.locator("[data-diagram][data-ready] svg").first
    expect(drawing).to_contain_text("1. Collect topics")
    expect(drawing).to_contain_text("Settle the topic")
    expect(drawing).not_to_contain_text(re.compile(r"[\u4e00-\u9fff]"))
