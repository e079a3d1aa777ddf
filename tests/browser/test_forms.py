"""Lists, sums and signatures in a browser: at the desk with the keyboard, on a phone without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visitor import PHONE, Site, Visitor
from tests.webapp.household import ID_CARD, publish_household

START = "/processes/household/start"


@pytest.fixture(autouse=True)
def household(site: Site) -> None:
    """The process is there."""
    publish_household(site.engine)


def sign(page: Page) -> None:
    """Draw a line into the box."""
    canvas = page.locator("canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + 60, steps=4)
    page.mouse.up()
    expect(page.locator("[name='签名'][type='file']")).to_have_value(re.compile("签名.png"))


def test_rows_come_and_go_at_the_keyboard_and_the_sum_follows(visit: Callable[..., Visitor]) -> None:
    leader = visit("jinxing-1-leader")
    page = leader.page
    page.goto(START)

    leader.fill({"住址": "金星街道和平路 12 号", "家庭成员.0.姓名": "户主", "家庭成员.0.月收入": "3000"})
    page.get_by_role("button", name="新增成员").press("Enter")
    expect(page.locator("[name='家庭成员.1.姓名']")).to_be_focused()
    page.keyboard.type("小户")
    leader.fill({"家庭成员.1.月收入": "200", "家庭成员.1.关系": "子女", "家庭成员.1.学校": "一小"})
    expect(page.get_by_text("3200 元")).to_be_visible()
    page.get_by_role("button", name="新增成员").click()
    expect(page.get_by_text("家庭成员（共 3 项）")).to_be_visible()
    page.get_by_role("button", name="删除成员 1").click()
    expect(page.get_by_text("家庭成员（共 2 项）")).to_be_visible()
    expect(page.get_by_text("200 元", exact=True)).to_be_visible()
    assert page.locator("[name='家庭成员.1.学校']").input_value() == "一小"
    leader.assert_sound()

    sign(page)
    page.locator("[name='家庭成员.1.姓名']").press("Enter")
    page.wait_for_url("**/cases/*")
    expect(page.get_by_role("link", name="签名.png").first).to_be_visible()
    expect(page.get_by_role("cell", name="一小")).to_be_visible()
    leader.assert_sound()


_PASTE = """(cell, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    cell.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""


def test_rows_of_a_spreadsheet_are_pasted_into_a_cell(visit: Callable[..., Visitor]) -> None:
    leader = visit("jinxing-1-leader")
    page = leader.page
    page.goto(START)
    page.locator("[name='家庭成员.0.姓名']").evaluate(_PASTE, "户主\t\t\t3000\n小户\t子女\t\t200")
    expect(page.locator("[name='家庭成员.1.姓名']")).to_have_value("小户")
    expect(page.get_by_text("3200 元")).to_be_visible()
    # one cell is pasted as everywhere
    page.locator("[name='家庭成员.1.学校']").evaluate(_PASTE, "一小\n")
    expect(page.get_by_text("家庭成员（共 2 项）")).to_be_visible()
    # and whoever prefers a box has one
    page.get_by_text("粘贴多行").click()
    page.get_by_label("在表格软件里复制几行").fill("老户\n\n孙户")
    leader.assert_sound()
    page.get_by_role("button", name="放进列表").click()
    expect(page.locator("[name='家庭成员.3.姓名']")).to_have_value("孙户")


def test_a_button_is_heard_although_a_field_was_just_left(visit: Callable[..., Visitor]) -> None:
    page = visit("jinxing-1-leader").page
    page.goto(START)
    add = page.get_by_role("button", name="新增成员")

    # leaving the field asks for the sum; its answer must not take the button away under the finger
    page.locator("[name='家庭成员.0.月收入']").fill("3000")
    add.click()
    expect(page.locator("[name='家庭成员.1.姓名']")).to_be_focused()
    page.locator("[name='家庭成员.1.月收入']").fill("200")
    add.click(delay=400)
    expect(page.locator("[name='家庭成员.2.姓名']")).to_be_focused()
    expect(page.get_by_text("3200 元")).to_be_visible()

    # nor does it take the focus away from who walks on with the keyboard
    page.locator("[name='家庭成员.2.月收入']").fill("1")
    page.keyboard.press("Tab")
    expect(page.get_by_text("3201 元")).to_be_visible()
    expect(page.get_by_role("button", name="删除成员 3")).to_be_focused()


def test_everything_works_without_javascript_on_a_phone(visit: Callable[..., Visitor]) -> None:
    leader = visit("jinxing-1-leader", java_script_enabled=False, viewport=PHONE)
    page = leader.page
    page.goto(START)
    page.get_by_label("住址").fill("金星街道和平路 12 号")
    page.locator("[name='家庭成员.0.姓名']").fill("户主")
    page.get_by_role("button", name="新增成员").click()
    page.locator("[name='家庭成员.1.姓名']").fill("小户")
    page.locator("[name='家庭成员.1.身份证号码']").fill(ID_CARD)
    page.get_by_role("button", name="删除成员 1").click()
    page.get_by_text("不能手写时，键入姓名代替").click()
    page.locator("[name='签名._typed']").fill("小户")
    page.get_by_label("以键入的姓名作为签名").check()

    leader.submit()

    expect(page.get_by_role("link", name="签名.txt").first).to_be_visible()
    expect(page.get_by_text(ID_CARD)).to_be_visible()
