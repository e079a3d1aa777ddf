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


def test_each_step_is_sound_and_a_large_photo_is_made_small(visit: Callable[..., Visitor]) -> None:
    resident = visit(viewport=PHONE)
    page = resident.page
    page.goto("/file/appeal")
    resident.assert_sound()
    resident.fill({"_group": "jinxing-1", "地址": APPEAL["地址"]})
    resident.submit()
    resident.fill({name: APPEAL[name] for name in ("诉求标题", "诉求内容", "诉求类别")})
    resident.submit()
    resident.assert_sound()
    content = picture(2000, 400)
    control = page.get_by_label("照片")
    control.set_input_files([{"name": "夜间油烟.png", "mimeType": "image/png", "buffer": content}])
    expect(page.get_by_role("status")).to_contain_text("已选好 1 个文件")
    name, size = control.evaluate("input => [input.files[0].name, input.files[0].size]")
    assert name == "夜间油烟.jpg"
    assert 0 < size < len(content) / 2
    width, height = control.evaluate(
        "async input => { const made = await createImageBitmap(input.files[0]); return [made.width, made.height]; }"
    )
    assert (width, height) == (1600, 320)
    resident.submit()
    resident.fill({name: APPEAL[name] for name in ("联系人", "联系电话")})
    resident.submit()
    expect(page.get_by_role("heading", level=1)).to_have_text("请核对")
    expect(page.locator("main")).to_contain_text("夜间油烟.jpg")
    resident.assert_sound()
