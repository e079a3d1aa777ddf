"""Appeals in the browser, from the resident to whoever settles them, everybody in turn at the own desk."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.filing import PICTURE, file_appeal, follow
from tests.browser.played import Play
from tests.browser.visitor import PHONE, Visitor


def test_an_appeal_passes_all_five_levels(play: Play) -> None:
    # given an appeal that group, deliberation, weekly meeting and joint conference hand on until a department acts
    play.run("appeal", "through_five_levels")
    # then the resident reads every level's name, and the answer
    resident = play.follow("appeal").page
    story = resident.locator(".timeline")
    for who in ("金星社区一组组长", "金星社区", "市中街道", "综合行政执法局", "区联席会议办公室", "您"):
        expect(story).to_contain_text(who)
    for letter in ("已提报社区", "已提报街道", "已提报区级", "检测合格"):
        expect(resident.locator(".letters")).to_contain_text(letter)
    expect(resident.locator(".standing")).to_contain_text("已办结")
    # and an official who took part finds what the meetings decided and the deliberation, beside the drawing
    official = play.official_at("jinxing-clerk", "appeal").page
    expect(official.locator(".page-meta")).to_contain_text("已办结")
    for decided in ("街道协调解决", "由综合执法站牵头，一周内现场协调。", "交部门牵头办理"):
        expect(official.locator("#agenda-title + ol")).to_contain_text(decided)
    expect(official.locator("[data-diagram] svg .djs-group, [data-diagram] .bjs-powered-by").first).to_be_visible()
    official.locator("#related-title + ul a").click()
    expect(official.locator(".page-header")).to_contain_text("社区议事协商")
    expect(official.locator("[aria-labelledby=story-title]")).to_contain_text("各方到会，发言 9 人次。")
    # and nobody of another community finds anything
    stranger = play.look("chaoyang-clerk", f"/tasks?tab=open&q={play.case('appeal').business_key}")
    expect(stranger.page.get_by_text("没有符合条件的事项")).to_be_visible()
    stranger.expect_refusals(404)
    stranger.page.goto(f"/cases/{play.case('appeal').id}")
    expect(stranger.page.locator("main")).to_contain_text("没有找到这个事项")


def test_the_group_settles_an_appeal_once_material_was_added(play: Play) -> None:
    # given a resident without an account
    play.run("appeal", "returned_for_material")
    # then number and code still open it, with the answer; and the community has never seen it
    resident = play.follow("appeal").page
    expect(resident.locator(".standing")).to_contain_text("已办结")
    expect(resident.locator(".letters")).to_contain_text("餐馆已加装油烟净化器")
    expect(resident.locator(".timeline")).to_contain_text("补充材料")
    expect(resident.locator(".timeline")).not_to_contain_text("社区受理")
    community = play.look("jinxing-clerk", f"/tasks?tab=open&q={play.case('appeal').business_key}").page
    expect(community.get_by_text("没有符合条件的事项")).to_be_visible()


@pytest.mark.journey
def test_the_studio_mediates_a_dispute(play: Play) -> None:
    play.run("appeal", "dispute_settled_by_studio")
    # then the resident reads what came of it
    resident = play.follow("appeal").page
    expect(resident.locator(".standing")).to_contain_text("已办结")
    expect(resident.locator(".letters")).to_contain_text("双方在民情调解工作室签订了调解协议")
    # and what was said in the studio stays there
    studio = play.official_at("shizhong-mediator", "mediation_studio").page
    expect(studio.locator("[aria-labelledby=story-title]")).to_contain_text("双方都说安静了。")
    expect(studio.locator("main")).to_contain_text("13800000000")
    community = play.official_at("jinxing-clerk", "appeal").page
    expect(community.locator("main")).not_to_contain_text("双方都说安静了。")
    expect(community.locator("#related-title")).to_have_count(0)


@pytest.mark.journey
def test_a_resident_takes_an_appeal_back_before_the_meeting(play: Play) -> None:
    play.run("appeal", "withdrawn_before_the_meeting")
    resident = play.follow("appeal").page
    expect(resident.locator(".standing")).to_contain_text("已撤回")
    expect(resident.locator("details.confirm")).to_have_count(0)
    # then the meeting has nothing on its agenda, and the case says why
    agenda = play.look("shizhong-officer", "/meetings").page
    expect(agenda.locator("main")).not_to_contain_text("3号楼一楼餐馆油烟直排")
    community = play.official_at("jinxing-clerk", "appeal").page
    expect(community.locator("#agenda-title + ol")).to_contain_text("不再需要")
    expect(community.locator("[aria-labelledby=story-title]")).to_contain_text("退出会议议程")


def test_pages_on_a_phone_are_accessible(visit: Callable[..., Visitor]) -> None:
    # given an appeal that was filed with a phone
    resident = visit(viewport=PHONE, has_touch=True)
    number, code = file_appeal(resident)
    resident.assert_accessible()
    # when its resident and the group leader look at it
    for path in ("/", "/start/appeal", "/follow"):
        resident.page.goto(path)
        resident.assert_accessible()
        resident.assert_fits()
    follow(resident, number, code)
    leader = visit("jinxing-1-leader", viewport=PHONE, has_touch=True)
    leader.open_task(number, "受理登记")
    # then the small pages are as accessible as the large ones, and both see the photo
    for visitor in (resident, leader):
        visitor.assert_accessible()
        visitor.assert_fits()
    resident.page.get_by_text("您提交的内容").click()
    for visitor in (resident, leader):
        expect(visitor.page.get_by_role("link", name=PICTURE)).to_be_visible()
