"""Roles change: a task is handed on, others are asked on a telephone, and somebody stands in for whoever is away."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from engine.clock import local_day
from tests.browser.visitor import PHONE, Site, Visitor
from tests.webapp.official import file_appeal, open_task

Visit = Callable[..., Visitor]
LEADER, SECRETARY, DELEGATE = "jinxing-1-leader", "jinxing-secretary", "jinxing-2-leader"
WORDS = "3号楼一楼餐馆油烟直排"


def look(visitor: Visitor) -> None:
    visitor.assert_accessible()
    visitor.assert_fits()


def test_opinions_are_asked_for_given_and_read(site: Site, visit: Visit) -> None:
    task = open_task(site.engine, file_appeal(site.engine).id)
    leader = visit(LEADER)
    leader.page.goto(f"/tasks/{task.id}")
    leader.page.get_by_text("更多操作").click()
    leader.page.get_by_role("link", name="会签和征求意见").click()
    look(leader)
    leader.page.get_by_label("金星社区书记", exact=True).check()
    leader.page.get_by_label("需要对方看什么").fill("能不能在社区解决")
    leader.page.get_by_role("button", name="发出").last.click()
    expect(leader.page.locator("#opinions")).to_contain_text("还缺金星社区书记的会签意见")
    look(leader)

    secretary = visit(SECRETARY, viewport=PHONE, has_touch=True)
    secretary.page.goto("/tasks")
    secretary.page.get_by_role("link", name="请我出意见").click()
    look(secretary)
    secretary.page.get_by_role("link", name=WORDS).first.click()
    look(secretary)
    secretary.expect_refusals(422)
    secretary.page.get_by_label("不同意").check()
    secretary.page.get_by_role("button", name="提交意见").click()
    expect(secretary.page.locator("[data-error-summary]")).to_contain_text("请填写意见")
    look(secretary)
    secretary.page.get_by_label("意见", exact=True).fill("需要街道协调")
    secretary.page.get_by_role("button", name="提交意见").click()
    expect(secretary.page.locator("#messages")).to_contain_text("意见已提交")
    leader.page.reload()
    expect(leader.page.locator("#opinions")).to_contain_text("需要街道协调")


def test_a_task_is_handed_on_without_a_script(site: Site, visit: Visit) -> None:
    task = open_task(site.engine, file_appeal(site.engine).id)
    leader = visit(LEADER, java_script_enabled=False, viewport=PHONE)
    leader.page.goto(f"/tasks/{task.id}/hand-on")
    leader.page.get_by_label("转办原因").fill("需要调解")
    leader.page.get_by_label("查找其他岗位").fill("调解员")
    leader.page.get_by_role("button", name="查找").click()
    expect(leader.page.get_by_label("转办原因")).to_have_value("需要调解")
    leader.page.get_by_label("市中街道民情调解工作室调解员").check()
    leader.page.get_by_role("button", name="转办").last.click()
    expect(leader.page.locator("#messages")).to_contain_text("已转办“受理登记”")
    mediator = visit("shizhong-mediator")
    mediator.page.goto(f"/tasks/{task.id}")
    expect(mediator.page.locator("[aria-labelledby=story-title]")).to_contain_text(
        "由金星社区一组组长转给市中街道民情调解工作室调解员"
    )


def test_somebody_stands_in_and_says_so(site: Site, visit: Visit) -> None:
    task = open_task(site.engine, file_appeal(site.engine).id)
    leader = visit(LEADER, viewport=PHONE, has_touch=True)
    leader.page.goto("/substitutions/new")
    look(leader)
    leader.page.get_by_label("查找其他岗位").fill("金星社区二组组长")
    leader.page.get_by_label("查找其他岗位").press("Enter")
    leader.page.get_by_label("金星社区二组组长").check()
    leader.page.get_by_label("到哪天结束").fill(local_day(site.engine.clock()).isoformat())
    leader.page.get_by_label("委托原因").fill("外出学习")
    leader.page.get_by_role("button", name="设置委托").last.click()
    expect(leader.page.locator("#messages")).to_contain_text("已设置委托")
    look(leader)

    delegate = visit(DELEGATE)
    delegate.page.goto("/tasks?tab=open")
    expect(delegate.page.locator(".task-list")).to_contain_text("代金星社区一组组长")
    look(delegate)
    delegate.page.goto(f"/tasks/{task.id}")
    expect(delegate.page.locator("main")).to_contain_text("代金星社区一组组长办理")
    look(delegate)
