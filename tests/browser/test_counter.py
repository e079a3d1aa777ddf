"""The residents' counter on a telephone, with and without JavaScript: file step by step, follow, add to it."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.filing import APPEAL, file_appeal
from tests.browser.visitor import PHONE, Visitor


def picture(width: int, height: int) -> bytes:
    """A PNG of noise, which no compression makes smaller."""
    noise = random.Random(5)
    rows = b"".join(b"\0" + noise.randbytes(width * 3) for _ in range(height))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("scripts", [True, False])
def test_filing_and_following_alone_on_a_telephone(visit: Callable[..., Visitor], scripts: bool) -> None:
    # given somebody who only knows the address
    resident = visit(viewport=PHONE, java_script_enabled=scripts)
    number, code = file_appeal(resident)
    assert len(code) == 8
    expect(resident.page.locator("#next + ul li").first).to_contain_text("金星社区一组组长")
    if scripts:
        resident.assert_sound()
    # when they have the number and their telephone only
    other = visit(viewport=PHONE, java_script_enabled=scripts)
    other.page.goto(f"/follow?number={number}")
    other.page.get_by_label("查询码").fill(APPEAL["联系电话"][-4:])
    other.submit()
    # then they read where it stands, and nothing personal
    expect(other.page.locator(".standing")).to_contain_text("正在金星社区一组办理")
    expect(other.page.locator("main")).not_to_contain_text(APPEAL["联系电话"])
    if scripts:
        other.assert_sound()
    # and with the code they add to it
    resident.page.locator("main .btn-primary").click()
    resident.page.get_by_role("link", name="补充材料").click()
    if scripts:
        resident.assert_sound()
    resident.fill({"text": "昨晚又排了一次。"})
    resident.submit()
    expect(resident.page.locator("#messages")).to_contain_text("已补充")
    expect(resident.page.get_by_role("heading", name="您补充的内容")).to_be_visible()
    if scripts:
        resident.assert_sound()


def test_each_step_is_sound_and_a_draft_with_a_large_photo_outlives_the_browser(
    visit: Callable[..., Visitor],
) -> None:
    resident = visit(viewport=PHONE)
    page = resident.page
    page.goto("/file/appeal")
    resident.assert_sound()
    # what is typed is looked for at once, and a name that one group has needs no choice
    page.get_by_label("小区、街巷").press_sequentially("金星家园3号")
    expect(page.get_by_label("金星社区一组")).to_be_checked()
    page.get_by_role("button", name="逐级选择").press("Enter")
    for unit in ("市中街道", "金星社区"):
        expect(page.locator(".place-units button:focus")).to_be_visible()  # or the focus would come while one presses
        page.get_by_role("button", name=unit).press("Enter")
    expect(page.get_by_label("金星社区一组")).to_be_focused()
    resident.assert_sound()
    page.keyboard.press("Space")
    resident.fill({"地址": APPEAL["地址"]})
    resident.submit()
    resident.fill({name: APPEAL[name] for name in ("诉求标题", "诉求内容", "诉求类别")})
    resident.submit()
    expect(page.get_by_role("heading", level=1)).to_have_text("照片或材料")
    content = picture(2000, 400)
    # the network fails once; nothing is lost, and trying again brings it there
    page.route("**/uploads/**", lambda route: route.fulfill(status=429), times=1)
    resident.expect_refusals(429)
    page.get_by_label("照片").set_input_files([{"name": "夜间油烟.png", "mimeType": "image/png", "buffer": content}])
    expect(page.get_by_role("status")).to_contain_text("没有传上去（429）")
    page.get_by_role("button", name="重试").click()
    box = page.get_by_label("夜间油烟.jpg")
    expect(box).to_be_checked()
    resident.assert_sound()
    made = f"fetch('/files/{box.input_value()}').then(answer => answer.blob())"
    size, width, height = page.evaluate(
        f"{made}.then(async blob => {{ const made = await createImageBitmap(blob);"
        " return [blob.size, made.width, made.height]; })"
    )
    assert 0 < size < len(content) / 2
    assert (width, height) == (1600, 320)
    resident.submit()
    resident.fill({name: APPEAL[name] for name in ("联系人", "联系电话")})
    resident.submit()
    expect(page.get_by_role("heading", level=1)).to_have_text("请核对")
    expect(page.locator("main")).to_contain_text("夜间油烟.jpg")
    resident.assert_sound()
    # the browser is closed: cookies without an end are gone, and the draft is still there
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("怎样联系您")
    lasting = [each for each in resident.context.cookies() if each["expires"] > 0]
    later = visit(viewport=PHONE)
    later.context.add_cookies(lasting)
    later.page.goto("/")
    later.assert_sound("[aria-labelledby=begun-title]")
    later.page.get_by_role("link", name="继续填写").click()
    expect(later.page.get_by_role("heading", level=1)).to_have_text("请核对")
    expect(later.page.locator("main")).to_contain_text("夜间油烟.jpg")
    later.submit()
    expect(later.page.locator(".receipt")).to_be_visible()
    later.page.goto("/")
    expect(later.page.get_by_role("heading", name="没有填完的")).to_have_count(0)


def test_an_official_files_for_a_resident_and_an_admin_keeps_the_counter(visit: Callable[..., Visitor]) -> None:
    leader = visit("jinxing-1-leader", viewport=PHONE)
    page = leader.page
    page.get_by_role("link", name="发起事项").click()
    leader.assert_sound()
    page.get_by_role("region", name="代居民提交").get_by_role("link", name="诉求").first.click()
    leader.fill({**APPEAL, "联系电话": "13800000009"})
    page.get_by_label("居民同意提交").check()
    leader.assert_sound()
    leader.submit()
    expect(page.locator(".receipt-code")).to_be_visible()
    expect(page.get_by_role("button", name="打印回执")).to_be_visible()
    leader.assert_sound()
    page.get_by_role("link", name="查看事项").click()
    expect(page.locator("main")).to_contain_text("代居民提交")
    admin = visit("admin")
    for address in ("/admin/counter", "/admin/places", "/admin/places?q=金星社区一组"):
        admin.page.goto(address)
        admin.assert_sound()
    admin.page.get_by_role("link", name="金星社区一组").click()
    admin.assert_sound()
