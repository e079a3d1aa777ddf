"""An analyst draws another step into the appeal, publishes it, and the next appeal passes it."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from engine.model.process import ProcessInstance
from tests.browser.visitor import Site, Visitor
from tests.webapp.official import file_appeal, open_task

FLOW = "flow_start_appeal__task_accept"
STEP = "现场核实"


def open_studio(visit: Callable[..., Visitor]) -> Visitor:
    """The drawing board of the appeal."""
    analyst = visit("analyst")
    analyst.page.goto("/studio")
    analyst.page.get_by_role("link", name="反向协调诉求").click()
    expect(analyst.page.locator("#studio[data-ready]")).to_be_visible()
    return analyst


def draw_step(page: Page) -> None:
    """Take a task from the palette, put it on the flow from the start, name it and make it a user task."""
    flow = page.locator(f'[data-element-id="{FLOW}"] .djs-visual > path').first.bounding_box()
    assert flow is not None
    page.locator('[data-action="create.task"]').click()
    page.mouse.move(flow["x"] + 200, flow["y"] + 20)
    page.mouse.move(flow["x"] + flow["width"] / 2, flow["y"] + flow["height"] / 2, steps=8)
    page.mouse.down()
    page.mouse.up()
    page.locator(".djs-direct-editing-content").fill(STEP)
    page.locator(".djs-direct-editing-content").press("Enter")
    page.locator('.djs-context-pad [data-action="replace"]').click()
    page.locator(".djs-popup").get_by_text("用户任务", exact=True).click()


def open_group(page: Page, title: str) -> None:
    """Unfold a group of the properties panel."""
    page.locator(".bio-properties-panel-group-header", has_text=title).click()


def publish(page: Page, note: str) -> None:
    """Press 发布 and say what changed."""
    page.locator(".studio-toolbar").get_by_role("button", name="发布").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("这次改了什么").fill(note)
    dialog.get_by_role("button", name="发布").click()


def waiting_steps(site: Site) -> tuple[ProcessInstance, str]:
    """A new appeal, and the step that it waits at."""
    case = file_appeal(site.engine)
    return case, open_task(site.engine, case.id).name


def test_a_new_step_is_drawn_published_and_passed(visit: Callable[..., Visitor], site: Site) -> None:
    # given a case under way, and the drawing of its process
    old, before = waiting_steps(site)
    analyst = open_studio(visit)
    page, findings = analyst.page, analyst.page.locator(".studio-findings")
    expect(findings).to_contain_text("检查通过")
    # when the analyst draws a user task, then the checker says at once what it lacks
    draw_step(page)
    expect(findings).to_contain_text(f"用户任务“{STEP}”没有选择表单")
    expect(page.locator(".finding-badge.is-error")).to_be_visible()
    # and publishing is refused with the same words
    analyst.expect_refusals(422)
    publish(page, "少了表单")
    expect(page.locator(".studio-notice .notice-error")).to_be_visible()
    # when form, post and clause are filled in
    open_group(page, "表单")
    page.get_by_label("类型").select_option("camunda-form-linked")
    page.get_by_label("表单编号").fill("appeal_supplement")
    open_group(page, "办理岗位和期限")
    page.get_by_label("候选岗位").fill("group_leader@group")
    page.get_by_role("textbox", name="条款依据").fill("DB3716/T69 5.2.2 a")
    page.get_by_role("textbox", name="条款依据").press("Tab")
    # then the findings go away, the draft is saved and a version is published
    expect(findings).to_contain_text("检查通过")
    assert analyst.value_of("window.wujiUntranslated") == []
    page.get_by_role("button", name="保存草稿").click()
    expect(page.locator(".studio-status")).to_contain_text("草稿已保存")
    publish(page, "受理前先到现场核实")
    expect(page.locator(".studio-notice .notice-success")).to_contain_text("已发布第 2 版")
    # and the next appeal passes the new step, while the old case stays on its version
    new, after = waiting_steps(site)
    assert (before, after) == ("受理登记", STEP)
    assert open_task(site.engine, old.id).name == "受理登记"
    leader = visit("jinxing-1-leader")
    leader.open_task(new.business_key, STEP)
    leader.fill({"补充说明": "已到现场核实，情况属实。"})
    leader.submit()
    expect(leader.page.locator("#messages")).to_contain_text(f"已办结“{STEP}”")
    leader.open_task(new.business_key, "受理登记")


def test_the_drawing_board_speaks_chinese_and_shows_its_maker(visit: Callable[..., Visitor]) -> None:
    # given the drawing board, when elements of every kind are selected
    analyst = open_studio(visit)
    page = analyst.page
    for element in ("task_accept", "gw_accept", FLOW, "start_appeal", "timer_accept_overdue", "notify_accepted"):
        page.locator(f'[data-element-id="{element}"] > .djs-visual').first.click(force=True)
        expect(page.locator(".bio-properties-panel-header")).to_be_visible()
    # then no word is left in English, axe is content and the mark of bpmn.io is in sight
    assert analyst.value_of("window.wujiUntranslated") == []
    analyst.assert_accessible()
    mark = page.locator(".bjs-powered-by")
    expect(mark).to_be_visible()
    mark.click(trial=True)  # Playwright refuses when something lies over it


def test_a_new_process_begins_with_its_name(visit: Callable[..., Visitor]) -> None:
    # given a wrong key, when it is sent
    analyst = visit("analyst")
    page = analyst.page
    page.goto("/studio")
    analyst.assert_sound()
    page.get_by_role("link", name="新建流程").click()
    analyst.expect_refusals(422)
    page.get_by_label("名称").fill("楼道杂物清理")
    page.get_by_label("标识").fill("1楼道")
    analyst.submit()
    # then the page says so, keeps the name and has the focus on the summary
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.get_by_label("名称")).to_have_value("楼道杂物清理")
    analyst.assert_sound()
    # and with a right key the drawing board opens
    page.get_by_label("标识").fill("corridor_cleaning")
    analyst.submit()
    expect(page.locator("#studio[data-ready]")).to_be_visible()
