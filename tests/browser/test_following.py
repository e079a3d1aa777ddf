"""Residents follow their appeals on a telephone: in large print, with wrong digits, late, and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from engine import instances, people
from engine.instances import Started
from engine.model.result import PublishedResult
from engine.model.work import UserTask
from engine.people import ANONYMOUS, SYSTEM
from engine.receipts import MOST_GUESSES
from tests.browser.filing import APPEAL
from tests.browser.visitor import PHONE, Site, Visitor

#: Every control of a page that is in sight and lower than 48 px; links inside sentences may be.
_LOW = """[...document.querySelectorAll("main a, main button, main select, main summary, main input, main textarea")]
    .filter((each) => each.type !== "hidden" && each.checkVisibility() && each.getBoundingClientRect().height < 48)
    .map((each) => each.outerHTML)"""


def file(site: Site) -> Started:
    """An appeal that somebody without an account filed."""
    with site.engine.begin(ANONYMOUS) as tx:
        group = people.org_tree(tx).by_code("jinxing-1")
        assert group is not None
        return instances.start(tx, "appeal", APPEAL, group.id)


def look_up(resident: Visitor, started: Started, code: str = "") -> None:
    """From the first page to the case, with the query code or with these digits."""
    number = str(started.instance.business_key)
    if "/follow" not in resident.page.url:
        resident.page.goto("/follow")
    resident.page.get_by_label("编号").fill(number)
    resident.page.get_by_label("查询码").fill(code or started.receipt_code)
    resident.submit()


def test_large_print_shows_one_thing_a_page_with_large_targets_and_a_telephone(
    visit: Callable[..., Visitor], site: Site
) -> None:
    started = file(site)
    resident = visit(viewport=PHONE)
    page = resident.page
    # given somebody who wants large print, which the browser remembers
    page.goto("/")
    page.get_by_role("button", name="大字版").click()
    for name in ("home", "follow"):
        expect(page.locator("body")).to_have_css("font-size", "20px")
        expect(page.locator(".elder-call")).to_contain_text("滨城区 0543-1234500")
        assert resident.value_of(_LOW) == [], name
        resident.assert_sound()
        if name == "home":
            page.get_by_role("main").get_by_role("link", name="查询进度").click()
    # when they look up their case, then it says first where it is, and whom to call
    look_up(resident, started)
    expect(page.locator(".standing")).to_contain_text("正在金星社区一组办理。")
    expect(page.get_by_role("link", name="0543-1234511")).to_have_attribute("href", "tel:0543-1234511")
    expect(page.locator(".timeline")).to_have_count(0)
    assert resident.value_of(_LOW) == []
    resident.assert_sound()
    # and the story, and taking it back, have pages of their own
    page.get_by_role("link", name="看办理经过").click()
    expect(page.locator(".timeline")).to_contain_text("提出事项")
    expect(page.locator(".standing")).to_have_count(0)
    assert resident.value_of(_LOW) == []
    page.get_by_role("link", name="返回事项").click()
    page.get_by_role("link", name="撤回这件事项").click()
    expect(page.get_by_label("撤回原因")).to_be_visible()
    resident.assert_sound()
    page.get_by_role("button", name="标准版").click()
    expect(page.locator("body")).to_have_css("font-size", "16px")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_late_case_is_complained_about_once(visit: Callable[..., Visitor], site: Site, scripts: bool) -> None:
    # given a case whose deadline has passed
    started = file(site)
    with site.engine.begin(SYSTEM) as tx:
        late = update(UserTask).where(UserTask.instance_id == started.instance.id)
        tx.session.execute(late.values(due_at=tx.now - timedelta(days=3)))
    resident = visit(viewport=PHONE, java_script_enabled=scripts)
    look_up(resident, started)
    page = resident.page
    expect(page.locator(".standing")).to_contain_text("逾期3天")
    page.get_by_role("link", name="投诉办理缓慢").click()
    if scripts:
        resident.assert_sound()
    # when they send nothing, then they are told; and with a text it goes to the level above, once
    resident.expect_refusals(422)
    resident.submit()
    expect(page.locator("[data-error-summary]")).to_contain_text("请填写投诉内容。")
    if scripts:
        resident.assert_sound()
    page.get_by_label("投诉内容").fill("三天没有人联系。")
    resident.submit()
    expect(page.locator("#messages")).to_contain_text("已转给上一级")
    expect(page.locator(".timeline")).to_contain_text("投诉办理缓慢")
    expect(page.get_by_role("link", name="投诉办理缓慢")).to_have_count(0)


def test_guessing_digits_ends_after_a_few_and_the_code_still_opens(visit: Callable[..., Visitor], site: Site) -> None:
    started = file(site)
    resident = visit(viewport=PHONE)
    resident.expect_refusals(422, 429)
    alert = resident.page.get_by_role("alert")
    for guess in range(MOST_GUESSES):
        look_up(resident, started, f"900{guess}")
        expect(alert).to_contain_text("不正确" if guess < MOST_GUESSES - 1 else "请改用查询码查询，或者明天再试")
    resident.assert_sound()
    look_up(resident, started, APPEAL["联系电话"][-4:])
    expect(alert).to_contain_text("请改用查询码查询，或者明天再试")
    look_up(resident, started)
    expect(resident.page.locator(".standing")).to_be_visible()


def test_everybody_reads_published_results_and_an_admin_takes_one_back(
    visit: Callable[..., Visitor], site: Site
) -> None:
    case = file(site).instance.id
    with site.engine.begin(SYSTEM) as tx:
        unit = people.org_tree(tx).by_code("jinxing")
        assert unit is not None
        row = {"category": "环境卫生", "outcome": "小组办结", "summary": "餐馆已加装净化器。", "days": 12}
        place = {"unit_id": unit.id, "unit_path": unit.path, "process_key": "appeal", "settled_at": tx.now}
        tx.add(PublishedResult(instance_id=case, **row, **place))
    anybody, admin = visit(viewport=PHONE), visit("admin")
    anybody.page.goto("/")
    anybody.page.get_by_role("link", name="查看办理结果公开").click()
    expect(anybody.page.locator(".results")).to_contain_text("餐馆已加装净化器。")
    expect(anybody.page.get_by_text("撤下")).to_have_count(0)
    anybody.assert_sound()
    admin.page.goto("/results")
    admin.page.locator(".results summary").click()
    admin.page.get_by_label("撤下的原因").fill("摘要写到了人")
    admin.assert_sound()
    admin.page.get_by_role("button", name="确认撤下").click()
    expect(admin.page.locator("#messages")).to_contain_text("已撤下")
    expect(admin.page.locator("main")).to_contain_text("还没有公开的办理结果")
