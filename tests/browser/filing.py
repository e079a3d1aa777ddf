"""A resident files an appeal by hand, with a photo and without an account, and follows it with number and code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from playwright.sync_api import expect

from tests.browser.visitor import PHOTO, Visitor

APPEAL = {
    "诉求标题": "3 号楼一楼餐馆油烟直排，居民夜里没法开窗",
    "诉求内容": "餐馆的油烟直接排到楼道外，居民夜里没法开窗，希望加装净化设备。",
    "诉求类别": "环境卫生",
    "地址": "3号楼一楼",
    "联系人": "3号楼居民",
    "联系电话": "13800000000",
}
PICTURE = "夜间油烟.png"


def file_appeal(resident: Visitor, values: Mapping[str, Any] = APPEAL) -> tuple[str, str]:
    """File it from the first page, step by step; gives number and code."""
    page = resident.page
    page.goto("/")
    page.locator("main .btn-primary").click()
    choose_group(resident)
    for names in (("地址",), ("诉求标题", "诉求内容", "诉求类别")):
        resident.fill({name: values[name] for name in names})
        resident.submit()
    page.get_by_label("照片").set_input_files([{"name": PICTURE, "mimeType": "image/png", "buffer": PHOTO}])
    resident.submit()
    resident.fill({name: values[name] for name in ("联系人", "联系电话")})
    resident.submit()
    expect(page.get_by_role("heading", level=1)).to_have_text("请核对")
    resident.submit()
    expect(page.locator(".receipt")).to_be_visible()
    number, code = page.locator(".receipt dd").all_inner_texts()
    return number, code


def choose_group(resident: Visitor, name: str = "金星社区一组", code: str = "jinxing-1") -> None:
    """Look for one's group by its name, and choose it from what is found."""
    resident.page.locator('[name="_place"]').fill(name)
    resident.page.get_by_role("button", name="查找").click()
    resident.page.locator(f'#places [value="{code}"]').check()
    resident.settle()


def follow(resident: Visitor, number: str, code: str) -> None:
    """Look the case up with number and code."""
    resident.page.goto("/follow")
    resident.page.get_by_label("编号").fill(number)
    resident.page.get_by_label("查询码").fill(code)
    resident.submit()
    expect(resident.page.locator(".standing")).to_be_visible()
