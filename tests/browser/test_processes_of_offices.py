"""What offices do with each other in the browser: premises of a new estate, community workers who come and go."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.played import Play


@pytest.mark.journey
def test_a_developer_is_refused_at_both_gates_and_puts_it_right(play: Play) -> None:
    play.run("housing_handover", "in_building_without_premises")
    # then the developer, with an account of the own, reads why each gate was closed and what opened it
    developer = play.official_at("developer", "housing_handover").page
    story = developer.locator("[aria-labelledby=story-title]")
    for told in (
        "用房没有完成装修和水电",
        "在建时补建的用房没有签订移交协议。",
        "装修和水电已经完成。",
        "已签订移交协议",
    ):
        expect(story).to_contain_text(told)
    expect(story).to_contain_text("280 平方米")
    messages = play.look("developer", "/messages?show=all").page.locator("main")
    for told in ("不予办理项目综合验收备案", "不发放备案证"):
        expect(messages).to_contain_text(told)
    expect(developer.get_by_role("link", name="发起事项")).to_have_count(0)


@pytest.mark.journey
def test_an_objection_lets_the_substitute_move_up(play: Play) -> None:
    play.run("worker_recruitment", "objection_upheld_substitute_moves_up")
    # then the board shows both lists and what came of the objection
    outsider = play.look("", "/notices?q=拟聘").page
    expect(outsider.locator(".posting-list li")).to_have_count(2)
    outsider.locator(".posting-list a").last.click()
    expect(outsider.locator("#outcome-title + p")).to_contain_text("取消 001 号的拟聘资格，按名次递补。")
    expect(outsider.locator(".letters li")).to_contain_text("异议成立")
    expect(outsider.locator("main")).not_to_contain_text("金星社区居民")
    outsider.go_back()
    outsider.locator(".posting-list a").first.click()
    expect(outsider.locator("article")).to_contain_text("002")
    expect(outsider.locator("article")).not_to_contain_text("001")
    # and the case, which is confidential, tells its story to those who took part
    office = play.official_at("civil-affairs", "worker_recruitment").page
    for told in ("向原单位和社保经办机构核实", "002"):
        expect(office.locator("[aria-labelledby=story-title]")).to_contain_text(told)
    stranger = play.look("jinxing-1-leader", f"/tasks?tab=open&q={play.case('worker_recruitment').business_key}")
    stranger.expect_refusals(404)
    stranger.page.goto(f"/cases/{play.case('worker_recruitment').id}")
    expect(stranger.page.locator("main")).to_contain_text("没有找到这个事项")


@pytest.mark.journey
def test_residents_recall_a_member_of_their_committee(play: Play) -> None:
    # given a demand that too few have signed, which the page refuses, and one that enough have
    play.run("worker_exit", "committee_member_recalled")
    # then the case leads to the residents' meeting that carried it
    clerk = play.official_at("jinxing-clerk", "worker_exit").page
    expect(clerk.locator(".page-meta")).to_contain_text("已办结")
    expect(clerk.locator("[aria-labelledby=story-title]")).to_contain_text("560")
    clerk.locator("#related-title + ul a").click()
    expect(clerk.locator(".page-header")).to_contain_text("居民会议")
    expect(clerk.locator("[aria-labelledby=story-title]")).to_contain_text("罢免居民委员会副主任")
    # and the register says until when
    office = play.official_at("civil-affairs", "worker_exit").page
    expect(office.locator("[aria-labelledby=story-title]")).to_contain_text("滨城社工退〔2026〕6号")
    expect(office.locator("[aria-labelledby=story-title]")).to_contain_text("2026年11月5日")
