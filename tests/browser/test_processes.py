"""What a community and its subdistrict decide together in the browser: votes, objections, meetings."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.played import Play


@pytest.mark.journey
def test_a_vote_misses_its_quorum_and_is_repeated(play: Play) -> None:
    play.run("deliberation", "vote_misses_quorum")
    # then both votes stand, each with how it came out
    deputy = play.look("jinxing-1-deputy", "/votes").page
    first, second = (deputy.locator(".agenda li").filter(has_text=f"BJ-2026-0000{each}") for each in (1, 2))
    expect(first).to_contain_text("未达法定人数")
    expect(second).to_contain_text("通过")
    result = play.look("jinxing-1-deputy", "/votes/BJ-2026-00001").page
    expect(result.locator("#result-title")).to_contain_text("未达法定人数")
    expect(result.locator("main")).to_contain_text("3 人可以投票，1 人投了票。")
    expect(result.locator("main")).to_contain_text("投票人数超过 50% 有效")
    # and the case tells it in words, and what was put into practice stands on the board
    story = play.official_at("jinxing-secretary", "deliberation").page.locator("[aria-labelledby=story-title]")
    for told in ("表决计票：未达法定人数", "表决计票：通过", "20 个车位已划线，绿化已补种。"):
        expect(story).to_contain_text(told)
    board = play.look("", "/notices").page
    board.get_by_role("link", name="3号楼北侧空地改建停车位").first.click()
    expect(board.locator("main")).to_contain_text("20 个车位")


def test_an_objection_changes_what_was_deliberated(play: Play) -> None:
    play.run("deliberation", "objection_upheld")
    # then whoever objected finds on the board that it was upheld, and the result that followed
    board = play.look("", "/notices?q=议事协商结果").page
    results = board.locator(".posting-list a")
    expect(results).to_have_count(2)
    first = results.last.get_attribute("href")
    outsider = play.look("", f"{first}").page
    expect(outsider.locator("#outcome-title + p")).to_contain_text("3个车位占用消防车通道，应当取消。")
    expect(outsider.locator(".letters li").filter(has_text="异议成立")).to_have_count(2)
    expect(outsider.locator("main")).not_to_contain_text("4号楼居民")
    outsider.go_back()
    results.first.click()
    expect(outsider.locator("main")).to_contain_text("划 17 个车位")
    # and the community reads who it was
    clerk = play.look("jinxing-clerk", f"{first}/objections").page
    for known in ("4号楼一楼窗前不能停车。", "4号楼居民", "13900000000"):
        expect(clerk.locator("main")).to_contain_text(known)


@pytest.mark.journey
def test_a_resident_objects_to_the_accounts_on_a_telephone(play: Play) -> None:
    play.run("disclosure", "objection_upheld_corrected")
    # then the same telephone shows what came of it, and the accounts put right
    resident = play.look("", "/notices")
    assert resident.page.viewport_size == {"width": 390, "height": 844}
    resident.page.get_by_role("link", name="2026年第3季度居务").last.click()
    expect(resident.page.locator("#outcome-title + p")).to_contain_text("绿化补种金额写错，救助少写一户")
    expect(resident.page.locator(".letters li").filter(has_text="异议成立")).to_have_count(2)
    resident.assert_sound()
    resident.page.goto("/notices")
    resident.page.get_by_role("link", name="2026年第3季度居务").first.click()
    expect(resident.page.locator("main")).to_contain_text("绿化补种 1600 元")


@pytest.mark.journey
def test_the_weekly_meeting_takes_two_cases_and_decides_them_differently(play: Play) -> None:
    play.run("street_weekly_meeting", "two_cases_two_decisions")
    # then the agenda tells both
    agenda = play.look("shizhong-officer", "/meetings").page
    expect(agenda.locator(".agenda li").filter(has_text="3号楼一楼餐馆油烟直排")).to_contain_text("街道协调解决")
    expect(agenda.locator(".agenda li").filter(has_text="小区路灯不亮")).to_contain_text("退回社区")
    # and so do the meeting and its minutes on the board
    meeting = play.look("shizhong-officer", "/meetings").page
    meeting.locator(".agenda li").filter(has_text="小区路灯不亮").get_by_role("link", name="会议 LH-").click()
    expect(meeting.locator("[aria-labelledby=story-title]")).to_contain_text("净化器已装好，检测合格。")
    expect(meeting.locator("#table-title + ol li")).to_have_count(2)
    board = play.look("", "/notices?q=周例会").page
    expect(board.locator(".posting-list li")).to_contain_text("市中街道周例会议定事项")
    # and each resident where the own case is now
    with_account = play.follow("appeal@jinxing-1").page
    expect(with_account.locator(".standing")).to_contain_text("正在市中街道办理。")
    without = play.follow("appeal@chaoyang-1").page
    expect(without.locator(".standing")).to_contain_text("正在朝阳社区办理。")
