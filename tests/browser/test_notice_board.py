"""The notice board in the browser: read, objected to and answered, on a desk, on a phone and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import DESK, PHONE, Site, Visitor
from tests.webapp.portal.board import OBJECTION, TITLE, conclude, publish


def file(visitor: Visitor, number: str) -> str:
    """Object by hand; the number of the objection."""
    visitor.page.goto("/notices")
    visitor.page.get_by_role("link", name=TITLE).first.click()
    visitor.page.goto(f"/notices/{number}")
    visitor.fill(OBJECTION)
    visitor.submit()
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("异议已提交")
    return visitor.page.locator(".receipt dd").inner_text()


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_an_objection_is_filed_and_answered(
    visit: Callable[..., Visitor], site: Site, viewport: dict[str, int]
) -> None:
    # given a notice that somebody finds on the board
    _, number = publish(site.engine)
    resident = visit(viewport=viewport)
    for path in ("/", "/notices", f"/notices/{number}"):
        resident.page.goto(path)
        resident.assert_accessible()
        resident.assert_fits()
    # when they object, first without a telephone number
    resident.expect_refusals(422)
    resident.fill({"text": OBJECTION["text"]})
    resident.submit()
    expect(resident.page.locator("[data-error-summary]")).to_be_focused()
    expect(resident.page.get_by_label("异议内容")).to_have_value(OBJECTION["text"])
    resident.assert_accessible()
    own = file(resident, number)
    resident.assert_accessible()
    resident.assert_fits()
    # then an official reads who it was
    official = visit("jinxing-clerk", viewport=viewport)
    official.page.goto(f"/notices/{number}/objections")
    expect(official.page.get_by_text(OBJECTION["name"])).to_be_visible()
    official.assert_accessible()
    official.assert_fits()
    # and the outcome is found by the number
    conclude(site.engine, number, "方案不变。", upheld=False)
    resident.page.goto(f"/notices/{number}")
    expect(resident.page.locator(".letters li").filter(has_text=own)).to_contain_text("异议不成立")
    resident.assert_accessible()
    resident.assert_fits()


def test_without_javascript_it_works_as_well(visit: Callable[..., Visitor], site: Site) -> None:
    _, number = publish(site.engine)
    assert file(visit(java_script_enabled=False), number) == f"{number}-1"
