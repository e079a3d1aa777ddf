"""At the desk: a draft on two devices, a session that ends, a comment that reaches somebody, paper, and a phone."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect
from sqlalchemy import delete

from engine.model.people import WebSession
from engine.people import SYSTEM
from tests.browser.visitor import Site, Visitor
from tests.webapp import official

LEADER = "jinxing-1-leader"
STEP = "受理登记"  # zh: the first step of an appeal


def test_a_draft_on_two_devices(visit: Callable[..., Visitor], site: Site) -> None:
    # given a task that is open on two devices
    case = official.file_appeal(site.engine)
    desk, phone = visit(LEADER), visit(LEADER)
    for each in (desk, phone):
        each.open_task(case.business_key, STEP)
    # when something is typed on one, then it is saved without a button
    desk.fill({"受理意见": "退回补充材料", "补充要求": "请补充照片。"})
    expect(desk.page.locator("#draft")).to_contain_text("已保存")
    # when the other one writes something else, then it is told and shown both
    phone.expect_refusals(409)
    phone.fill({"受理意见": "退回补充材料", "补充要求": "请补充合同。"})
    expect(phone.page.locator("#draft [role=alert]")).to_contain_text("保存了不同的内容")
    phone.page.get_by_role("button", name="比较后选择").click()
    table = phone.page.get_by_role("table")
    expect(table).to_contain_text("请补充照片。")
    expect(table).to_contain_text("请补充合同。")
    phone.assert_sound()
    # and what is chosen is what every device shows from then on
    phone.page.get_by_role("button", name="保留本页填写的").click()
    expect(phone.page.locator('[name="补充要求"]')).to_have_value("请补充合同。")
    again = visit(LEADER)
    again.open_task(case.business_key, STEP)
    expect(again.page.locator('[name="补充要求"]')).to_have_value("请补充合同。")
    expect(again.page.locator("#draft")).to_contain_text("草稿保存于")


def test_a_session_that_ends_while_somebody_types(visit: Callable[..., Visitor], site: Site) -> None:
    case = official.file_appeal(site.engine)
    desk = visit(LEADER)
    page = desk.page
    desk.open_task(case.business_key, STEP)
    desk.fill({"受理意见": "受理", "事项性质": "共性问题"})
    expect(page.locator("#draft")).to_contain_text("已保存")
    # given that everybody is signed out
    with site.engine.begin(SYSTEM) as tx:
        tx.session.execute(delete(WebSession))
    desk.expect_refusals(401)
    # when typing goes on, then it is said quietly, and the form can be sent all the same
    page.locator('[name="受理说明"]').press_sequentially("到现场看过")
    expect(page.locator("#draft")).to_contain_text("登录已过期")
    desk.submit()
    desk.enter(LEADER)
    page.locator("main .btn-primary").click()
    expect(page.locator("#messages")).to_contain_text("已办结")


def test_a_comment_reaches_whoever_is_mentioned_by_keyboard(visit: Callable[..., Visitor], site: Site) -> None:
    case = official.file_appeal(site.engine)
    desk = visit(LEADER)
    desk.page.goto(f"/cases/{case.id}")
    desk.page.get_by_label("写评论").focus()
    desk.page.keyboard.type("请@清风社区书记看一下")
    desk.page.keyboard.press("Tab")
    desk.page.keyboard.press("Tab")
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator("#messages")).to_contain_text("已提醒清风社区书记")
    desk.assert_sound()
    other = visit("qingfeng-secretary")
    other.page.goto(f"/cases/{case.id}")
    expect(other.page.locator("#comments")).to_contain_text("请@清风社区书记看一下")


def test_the_sheet_on_paper_and_the_task_on_a_phone(visit: Callable[..., Visitor], site: Site) -> None:
    case = official.file_appeal(site.engine)
    desk = visit(LEADER)
    desk.open_task(case.business_key, STEP)
    # title, deadline and the first field are in the first screen of a phone
    with desk.on_phone():
        page = desk.page
        page.reload()
        for place in (
            page.get_by_role("heading", level=1),
            page.locator(".page-meta"),
            page.get_by_label("受理", exact=True),
        ):
            expect(place).to_be_in_viewport()
    desk.assert_sound()
    # and the sheet is one page of A4 without the page around it
    desk.page.get_by_role("link", name="打印办理单").click()
    desk.assert_sound()
    paper = desk.page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
    (box,) = set(re.findall(rb"/MediaBox\s*\[([^\]]*)\]", paper))
    assert [round(float(edge)) for edge in box.split()] == [0, 0, 595, 842]
    desk.page.emulate_media(media="print")
    expect(desk.page.locator(".site-header")).to_be_hidden()
    expect(desk.page.locator(".sheet")).to_contain_text(case.business_key)


def test_my_work_draws_what_its_tables_say(visit: Callable[..., Visitor], site: Site) -> None:
    case = official.file_appeal(site.engine)
    desk = visit(LEADER)
    desk.open_task(case.business_key, STEP)
    desk.fill({"受理意见": "受理", "事项性质": "共性问题"})
    desk.submit()
    for login in (LEADER, "jinxing-secretary"):
        desk = visit(login)
        desk.page.get_by_role("link", name="我的工作").click()
        expect(desk.page.locator("[data-chart] svg").last).to_be_visible()
        desk.assert_sound()
