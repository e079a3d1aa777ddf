"""An appeal in the browser: through all five levels to its rating, and one that the group settles."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.journey import TITLE, Journey, file_appeal, follow
from tests.browser.visitor import PHONE, Visitor


def test_an_appeal_passes_all_five_levels(visit: Callable[..., Visitor]) -> None:
    # given a resident without an account, who files with a photo
    journey = Journey(visit, "through_five_levels", check=Visitor.assert_sound)
    journey.file()
    assert journey.number.startswith("SQ-")
    # when group, community, subdistrict, district and department handle it, and the resident rates
    journey.handle()
    resident = journey.rate()
    # then the resident reads every level's name, and the answer
    expect(resident.page.get_by_role("heading", level=1)).to_have_text(TITLE)
    story = resident.page.locator(".timeline")
    for who in ("金星社区一组组长", "金星社区", "街道", "区联席会议办公室", "您"):
        expect(story).to_contain_text(who)
    expect(resident.page.locator(".letters")).to_contain_text("检测合格")
    # and an official who took part finds the case, settled
    official = visit("jinxing-1-leader")
    official.page.goto(f"/tasks?tab=done&q={journey.number}")
    official.page.get_by_role("link", name=TITLE).first.click()
    expect(official.page.locator(".page-meta")).to_contain_text("已办结")
    expect(official.page.locator("[data-diagram] svg .djs-group, [data-diagram] .bjs-powered-by").first).to_be_visible()
    official.assert_sound()


def test_the_group_settles_an_appeal(visit: Callable[..., Visitor]) -> None:
    # given an appeal, when the group discusses, acts twice and answers
    journey = Journey(visit, "settled_in_group")
    journey.file()
    journey.handle()
    # then the resident rates, and the community has never seen it
    resident = journey.rate()
    expect(resident.page.locator(".letters")).to_contain_text("餐馆已加装油烟净化器")
    expect(resident.page.locator(".timeline")).not_to_contain_text("社区受理")
    community = visit("jinxing-clerk")
    community.page.goto(f"/tasks?tab=open&q={journey.number}")
    expect(community.page.get_by_text("没有符合条件的事项")).to_be_visible()


def test_pages_on_a_phone_are_accessible(visit: Callable[..., Visitor]) -> None:
    # given an appeal that was filed with a phone
    resident = visit(viewport=PHONE, has_touch=True)
    number, code = file_appeal(resident, Journey(visit, "settled_in_group").script["given"]["start"])
    resident.assert_accessible()
    # when its resident and the group leader look at it
    for path in ("/", "/start/appeal", "/follow"):
        resident.page.goto(path)
        resident.assert_accessible()
        resident.assert_fits()
    follow(resident, number, code)
    leader = visit("jinxing-1-leader", viewport=PHONE, has_touch=True)
    leader.open_task(number, "受理登记")
    # then the small pages are as accessible as the large ones
    for visitor in (resident, leader):
        visitor.assert_accessible()
        visitor.assert_fits()
