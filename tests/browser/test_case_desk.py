"""At the desk: a draft on two devices, a session that ends, a comment that reaches somebody, paper, and a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import UUID

from playwright.sync_api import Locator, expect
from sqlalchemy import delete

from engine import people, tasks
from engine.model.people import WebSession
from engine.people import SYSTEM
from tests.browser.visitor import Site, Visitor
from tests.webapp import official

LEADER = "jinxing-1-leader"
STEP = "受理登记"  # zh: the first step of an appeal


def test_a_draft_survives_all_that_can_happen_to_it(visit: Callable[..., Visitor], site: Site) -> None:
    # given a task that somebody has begun when the browser is closed
    case = official.file_appeal(site.engine)
    desk = visit(LEADER)
    desk.open_task(case.business_key, STEP)
    desk.fill({"受理意见": "退回补充材料", "补充要求": "请补充照片。"})
    expect(desk.page.locator("#draft")).to_contain_text("已保存")
    desk.context.close()
    # then it is there on two other devices
    desk, phone = visit(LEADER), visit(LEADER)
    for each in (desk, phone):
        each.open_task(case.business_key, STEP)
        expect(wish(each)).to_have_value("请补充照片。")
        expect(each.page.locator("#draft")).to_contain_text("草稿保存于")
    # when one of them says something else than the other, then both are shown, and one is chosen
    desk.fill({"补充要求": "请补充合同。"})
    expect(desk.page.locator("#draft")).to_contain_text("已保存")
    phone.expect_refusals(409)
    phone.fill({"补充要求": "请补充录像。"})
    expect(phone.page.locator("#draft [role=alert]")).to_contain_text("保存了不同的内容")
    phone.page.get_by_role("button", name="比较后选择").click()
    table = phone.page.get_by_role("table")
    expect(table).to_contain_text("请补充合同。")
    expect(table).to_contain_text("请补充录像。")
    phone.assert_sound()
    phone.page.get_by_role("button", name="保留本页填写的").click()
    expect(wish(phone)).to_have_value("请补充录像。")
    # when the session ends while somebody types, then it is said quietly, and all is there after signing in again
    with site.engine.begin(SYSTEM) as tx:
        tx.session.execute(delete(WebSession))
    phone.expect_refusals(401)
    wish(phone).fill("请补充录像。要夜里的。")
    expect(phone.page.locator("#draft")).to_contain_text("登录已过期")
    phone.page.get_by_role("button", name="保存草稿").click()
    phone.enter(LEADER)
    phone.page.locator("main .btn-primary").click()
    expect(phone.page.locator("#messages")).to_contain_text("草稿已保存")
    expect(wish(phone)).to_have_value("请补充录像。要夜里的。")
    # when the task is handed on, then only its author reads it, and goes on once it comes back
    hand_on(site, case.id, LEADER, "jinxing-secretary")
    phone.page.reload()
    expect(phone.page.locator("main")).to_contain_text("本人的草稿还在")
    phone.assert_sound()
    hand_on(site, case.id, "jinxing-secretary", LEADER)
    phone.page.reload()
    expect(wish(phone)).to_have_value("请补充录像。要夜里的。")
    # and it goes only when its author says so
    phone.page.locator("#discard-draft summary").click()
    phone.assert_accessible("#discard-draft")
    phone.page.get_by_role("button", name="确认删除草稿").click()
    expect(phone.page.locator("#messages")).to_contain_text("草稿已删除")
    expect(phone.page.locator("#draft")).not_to_contain_text("草稿保存于")


def wish(visitor: Visitor) -> Locator:
    """The field in which the leader writes what is missing."""
    return visitor.page.locator('[name="补充要求"]')


def hand_on(site: Site, case: UUID, by: str, to: str) -> None:
    """Hand the open task of the case on to somebody's first post."""
    with site.engine.read(SYSTEM) as tx:
        found = [people.account_by_login(tx, login) for login in (by, to)]
        giver, taker = (people.load_actor(tx, each.id) for each in found if each is not None)
    assert taker.position is not None
    assert taker.unit_id is not None
    with site.engine.begin(giver) as tx:
        holder = people.post_holder(taker.position, taker.unit_id)
        tasks.reassign(tx, official.open_task(site.engine, case).id, holder, "对方更熟悉")


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
        expect(desk.page.locator("[data-chart] svg text").last).to_be_visible()
        desk.assert_sound()
