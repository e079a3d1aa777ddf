"""What people do wrong and what goes wrong under their hands: a clear sentence, and nothing that was typed is lost."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, Page, Route, expect

from engine import tasks
from engine.accounts import end_sessions
from engine.model.people import Account
from engine.people import SYSTEM, account_by_login, load_actor
from tests.browser.filing import file_appeal
from tests.browser.visitor import Site, Visitor
from tests.webapp import official

WISH = "请补充夜里油烟的照片。"


def leader_account(site: Site) -> Account:
    """The account of the leader of group jinxing-1."""
    with site.engine.read(SYSTEM) as tx:
        account = account_by_login(tx, "jinxing-1-leader")
    assert account is not None
    return account


def test_an_expired_session_loses_nothing(visit: Callable[..., Visitor], site: Site) -> None:
    # given a form half filled in, when the session ends before it is sent
    case = official.file_appeal(site.engine)
    leader = visit("jinxing-1-leader")
    leader.open_task(case.business_key, "受理登记")
    leader.fill({"受理意见": "退回补充材料", "补充要求": WISH})
    with site.engine.begin(SYSTEM) as tx:
        end_sessions(tx, leader_account(site).id)
    leader.expect_refusals(401)
    leader.submit()
    # then the page asks to sign in again and says that nothing is lost
    expect(leader.page.get_by_role("heading", level=1)).to_have_text("登录已过期")
    leader.assert_sound()
    leader.enter("jinxing-1-leader")
    # and what was typed goes on its way with one press
    expect(leader.page.get_by_role("heading", level=1)).to_have_text("继续提交")
    leader.submit()
    expect(leader.page.locator("#messages")).to_contain_text("已办结“受理登记”")
    leader.page.goto(f"/cases/{case.id}")
    expect(leader.page.locator("main")).to_contain_text(WISH)


def test_somebody_else_was_faster(visit: Callable[..., Visitor], site: Site) -> None:
    # given an open form, when somebody else does the task first
    case = official.file_appeal(site.engine)
    leader = visit("jinxing-1-leader")
    leader.open_task(case.business_key, "受理登记")
    leader.fill({"受理意见": "退回补充材料", "补充要求": WISH})
    with site.engine.read(SYSTEM) as tx:
        actor = load_actor(tx, leader_account(site).id)
    with site.engine.begin(actor) as tx:
        tasks.complete(tx, official.open_task(site.engine, case.id).id, {"受理意见": "受理", "事项性质": "共性问题"})
    leader.expect_refusals(409)
    leader.submit()
    # then the page says who it was and shows what was typed
    expect(leader.page.get_by_role("heading", level=1)).to_have_text("有人先办了一步")
    expect(leader.page.locator("main")).to_contain_text("金星社区一组组长")
    expect(leader.page.locator("main")).to_contain_text(WISH)
    leader.assert_sound()


def test_wrong_input_is_named_and_kept(visit: Callable[..., Visitor]) -> None:
    # given a resident whose text is too long, whose category is forged and who forgot the rest
    resident = visit()
    page = resident.page
    page.goto("/start/appeal")
    page.locator('[name="诉求类别"]').evaluate("select => select.options[1].value = '伪造的类别'")
    resident.fill({"诉求标题": "油烟" * 200, "诉求类别": "伪造的类别", "联系电话": "不是电话"})
    resident.expect_refusals(422)
    page.get_by_label("照片").set_input_files([{"name": "油烟.exe", "mimeType": "image/png", "buffer": b"MZ"}])
    expect(page.locator(".upload-word")).to_contain_text("不")  # it is refused at once, beside its name
    resident.submit()
    # then each mistake has its sentence, the summary has the focus and leads to the field
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    for name in ("_group", "诉求标题", "诉求内容", "诉求类别", "联系电话"):
        expect(page.locator(f'[id="f-{name}-error"]')).to_be_visible()
        expect(summary.locator(f'[href="#f-{name}"]')).to_be_visible()
    resident.assert_sound()
    summary.locator('[href="#f-联系电话"]').click()
    expect(page.get_by_label("联系电话")).to_be_focused()
    # and what was typed is still there
    expect(page.get_by_label("诉求标题")).to_have_value("油烟" * 200)
    expect(page.get_by_label("联系电话")).to_have_value("不是电话")


def test_a_wrong_date_is_refused_with_its_reason(visit: Callable[..., Visitor], site: Site) -> None:
    # given a leader at the form with a date, when a date is sent that no calendar has
    case = official.file_appeal(site.engine)
    leader = visit("jinxing-1-leader")
    leader.open_task(case.business_key, "受理登记")
    leader.fill({"受理意见": "受理", "事项性质": "共性问题"})
    leader.submit()
    leader.open_task(case.business_key, "提出议题")
    leader.fill({"议题": "餐馆油烟怎样治理", "议事地点": "小区活动室"})
    leader.page.locator('[name="议事时间"]').evaluate(
        "input => { input.type = 'text'; input.value = '2026-02-30T19:00' }"
    )
    leader.expect_refusals(422)
    leader.submit()
    # then the field says so and the rest is kept
    expect(leader.page.locator('[id="f-议事时间-error"]')).to_be_visible()
    expect(leader.page.get_by_label("议事地点")).to_have_value("小区活动室")
    leader.assert_sound()


def test_a_slow_answer_takes_nothing_away(visit: Callable[..., Visitor], site: Site) -> None:
    # given a form whose conditions the server works out slowly
    case = official.file_appeal(site.engine)
    leader = visit("jinxing-1-leader")
    page = leader.page
    leader.open_task(case.business_key, "受理登记")
    leader.fill({"受理意见": "受理"})
    held: list[Route] = []
    page.route("**/tasks/*", lambda route: held.append(route))
    # when the leader goes on typing meanwhile
    page.locator('[name="事项性质"][value="共性问题"]').check()
    page.get_by_label("受理说明").press_sequentially("到现场看过")
    for route in held:
        route.continue_()
    page.unroute("**/tasks/*")
    leader.settle()
    # then the answer has not taken the text away, nor the choice
    expect(page.get_by_label("受理说明")).to_have_value("到现场看过")
    expect(page.locator('[name="事项性质"][value="共性问题"]')).to_be_checked()


def test_everything_works_without_javascript(visit: Callable[..., Visitor]) -> None:
    # given browsers without JavaScript, when a resident files
    number, _code = file_appeal(visit(java_script_enabled=False))
    leader = visit("jinxing-1-leader", java_script_enabled=False)
    page = leader.page
    leader.open_task(number, "受理登记")
    # then the official asks for the fields of a condition with a button
    page.locator('[name="受理意见"][value="受理"]').check()
    page.get_by_role("button", name="更新表单").click()
    page.locator('[name="事项性质"][value="共性问题"]').check()
    page.get_by_role("button", name="提交").click()
    expect(page.locator("#messages")).to_contain_text("已办结“受理登记”")


def test_a_draft_is_left_found_again_and_finished_by_keyboard_alone(visit: Callable[..., Visitor], site: Site) -> None:
    # given a task that is claimed from the list with a key, and a draft
    case = official.file_appeal(site.engine)
    leader = visit("jinxing-1-leader")
    page = leader.page
    page.goto(f"/tasks?tab=open&q={case.business_key}")
    page.keyboard.press("j")
    page.keyboard.press("c")
    expect(page.locator("#messages")).to_contain_text("已领取“受理登记”")
    _reach(page, page.get_by_label("受理", exact=True))
    page.keyboard.press("ArrowDown")
    leader.settle()
    _reach(page, page.locator('[name="补充要求"]'))
    page.keyboard.type("请补充照片。")
    page.keyboard.press("Tab")
    leader.settle()
    _reach(page, page.get_by_role("button", name="保存草稿"))
    page.keyboard.press("Enter")
    expect(page.locator("#messages")).to_contain_text("草稿已保存")
    # when somebody goes back to the list, then what was typed is there on another day and device
    _reach(page, page.get_by_role("link", name="返回我的任务"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("我的任务")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator('[name="补充要求"]')).to_have_value("请补充照片。")
    _reach(page, page.get_by_text("更多操作"))
    page.keyboard.press("Enter")
    _reach(page, page.get_by_role("button", name="放回"))
    page.keyboard.press("Shift+Tab")
    leader.assert_accessible("#more")
    # and the task is finished with the rest of the keys
    page.locator('[name="补充要求"]').focus()
    _reach(page, page.locator("#act-title ~ form .btn-primary").last)
    page.keyboard.press("Enter")
    expect(page.locator("#messages")).to_contain_text("已办结“受理登记”")


def _reach(page: Page, control: Locator) -> None:
    """Press Tab until the control has the focus."""
    for _key in range(80):
        if control.evaluate("control => control === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("no key leads there")
