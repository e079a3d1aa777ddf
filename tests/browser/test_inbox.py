"""The lists of tasks by keyboard, with many at once, and on a phone."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from engine import instances, people
from engine.people import ANONYMOUS
from tests.browser.visitor import PHONE, Site, Visitor
from tests.webapp.official import APPEAL, report_solved


def _file(site: Site, *titles: str) -> None:
    with site.engine.begin(ANONYMOUS) as tx:
        group = people.org_tree(tx).by_code("jinxing-1")
        assert group is not None
        for title in titles:
            instances.start(tx, "appeal", {**APPEAL, "诉求标题": title}, group.id)


def test_the_list_is_worked_through_by_single_keys(visit: Callable[..., Visitor], site: Site) -> None:
    _file(site, "楼道堆物", "夜间噪声", "井盖破损")
    leader = visit("jinxing-1-leader")
    page = leader.page
    page.goto("/tasks?tab=open")
    rows = page.locator(".task-list .row-link")
    # j and k walk, x selects, / leads to the search, ? to the list of keys
    page.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator("input[name=task]").nth(1)).to_be_checked()
    page.keyboard.press("?")
    expect(page.locator("#shortcut-help")).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#filter-q")).to_be_focused()
    # letters in a field are letters
    page.keyboard.type("jkc")
    expect(page.locator("#filter-q")).to_have_value("jkc")
    # c claims and opens
    page.goto("/tasks?tab=open")
    page.keyboard.press("j")
    title = rows.nth(0).inner_text()
    page.keyboard.press("c")
    expect(page.locator("#messages")).to_contain_text("已领取")
    page.goto("/tasks?tab=mine")
    expect(rows.filter(has_text=title)).to_have_count(1)
    leader.assert_sound()
    # and who does not want single keys switches them off
    page.get_by_text("视图、列和快捷键").click()
    page.get_by_label("使用单键快捷键").uncheck()
    page.get_by_role("button", name="保存设置").click()
    page.keyboard.press("j")
    expect(rows.nth(0)).not_to_be_focused()


def test_many_tasks_at_once_and_a_saved_view(visit: Callable[..., Visitor], site: Site) -> None:
    _file(site, "油烟直排一", "油烟直排二")
    clerk = visit("jinxing-1-leader")
    page = clerk.page
    page.goto("/tasks?tab=open")
    page.locator("#filter-q").fill("油烟直排")
    page.get_by_role("button", name="筛选").click()
    page.get_by_text("视图、列和快捷键").click()
    page.get_by_label("视图名称").fill("油烟类")
    clerk.assert_sound()
    page.get_by_role("button", name="保存视图").click()
    page.goto("/tasks")
    page.get_by_role("link", name="油烟类").click()
    page.get_by_role("link", name="全选本页").click()
    page.get_by_role("button", name="领取所选").click()
    expect(page.locator(".page-meta")).to_have_text("2 项全部成功")
    clerk.assert_sound()
    page.get_by_role("link", name="返回列表").click()
    expect(page.get_by_text("没有符合条件的事项")).to_be_visible()
    # and what was claimed is handed on, all with one reason
    page.goto("/tasks?tab=mine&q=油烟直排")
    page.get_by_role("link", name="全选本页").click()
    page.get_by_role("button", name="转办所选").click()
    page.get_by_label("金星社区一组居民代表").check()
    page.get_by_label("转办原因").fill("外出学习")
    clerk.assert_sound()
    page.locator(".form-actions").get_by_role("button", name="转办").click()
    expect(page.locator(".page-meta")).to_have_text("2 项全部成功")


def test_one_filled_form_completes_many(visit: Callable[..., Visitor], site: Site) -> None:
    for title in ("纸箱一", "纸箱二"):
        report_solved(site.engine, title)
    clerk = visit("jinxing-clerk", viewport=PHONE, has_touch=True)
    page = clerk.page
    page.goto("/tasks?tab=open&q=纸箱")
    page.get_by_role("link", name="全选本页").click()
    page.get_by_role("button", name="办结所选").click()
    clerk.assert_sound()
    clerk.assert_fits()
    page.get_by_label("已经解决").check()
    page.get_by_label("核实说明").fill("都清空了。")
    page.get_by_role("button", name="办结 2 项").click()
    expect(page.locator(".page-meta")).to_have_text("2 项全部成功")


def test_on_a_phone_three_tasks_stand_in_the_first_screen(visit: Callable[..., Visitor], site: Site) -> None:
    _file(site, "电梯故障一", "电梯故障二", "电梯故障三", "电梯故障四")
    leader = visit("jinxing-1-leader", viewport=PHONE, has_touch=True)
    page = leader.page
    page.goto("/tasks?tab=open")
    third = page.locator(".task-list tbody tr").nth(2).bounding_box()
    assert third is not None
    assert third["y"] + third["height"] <= PHONE["height"]
    # the menu is one button in one row, and opens for a keyboard as for a thumb
    header = page.locator(".site-header").bounding_box()
    assert header is not None
    assert header["height"] < 64
    expect(page.get_by_role("link", name="台账")).to_be_hidden()
    page.locator(".nav-toggle summary").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="台账")).to_be_visible()
    leader.assert_accessible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="台账")).to_be_hidden()
    # so are the tabs: the one that is open is in sight, and a keyboard comes to the last one, which is not
    tabs = page.get_by_role("navigation", name="任务分类")
    assert (tabs.bounding_box() or {})["height"] < 64
    expect(tabs.locator("[aria-current]")).to_be_in_viewport(ratio=1)
    last = tabs.get_by_role("link").last
    expect(last).not_to_be_in_viewport()
    last.focus()
    expect(last).to_be_in_viewport(ratio=1)
    leader.assert_fits()
    # what can be done with several comes up once one is chosen, below the list and over nothing that was pressed
    expect(page.get_by_role("button", name="领取所选")).to_be_hidden()
    page.locator("input[name=task]").first.check()
    expect(page.get_by_role("button", name="领取所选")).to_be_in_viewport()
    leader.assert_sound()
    # and when the list looks for news by itself, nothing moves, and who is reading keeps place, focus and selection
    page.locator(".row-link").nth(1).focus()
    place = (
        "[scrollY, document.activeElement.href, document.querySelectorAll('input[name=task]:checked').length, moved]"
    )
    page.evaluate("""
        window.moved = 0;
        const sum = (list) => list.getEntries().forEach(({value}) => { moved += value; });
        new PerformanceObserver(sum).observe({type: "layout-shift"});
        scrollTo(0, 120);
    """)
    before = leader.value_of(place)
    assert before[0] == 120
    _file(site, "电梯故障五")
    page.evaluate("document.querySelector('[data-news]').dispatchEvent(new Event('look'))")
    page.evaluate("document.querySelector('#bell').dispatchEvent(new Event('refresh'))")
    expect(page.get_by_role("link", name="有 1 项新任务")).to_be_visible()
    leader.settle()
    assert leader.value_of(place) == before
