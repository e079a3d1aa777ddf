"""Comments on the pages of a case: for officials only, mended where they are wrong, mentions without knowing how."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient

from engine.database import Engine
from tests.webapp.official import file_appeal, open_task, words

LEADER = "jinxing-1-leader"


def test_a_comment_reaches_a_post_that_was_chosen(platform: Engine, sign_in: Callable[[str], FlaskClient]) -> None:
    case = file_appeal(platform)
    browser, stranger = sign_in(LEADER), sign_in("chaoyang-1-leader")
    assert stranger.get(f"/cases/{case.id}").status_code == 404

    data = {"text": "请帮助核实", "mention": "朝阳社区一组组长", "next": f"/tasks/{open_task(platform, case.id).id}"}
    page = browser.post(f"/cases/{case.id}/comments", data=data, follow_redirects=True)

    assert "评论已发表，已提醒朝阳社区一组组长" in words(page.text)
    assert "请帮助核实 @朝阳社区一组组长" in words(stranger.get(f"/cases/{case.id}").text)


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    platform: Engine, sign_in: Callable[[str], FlaskClient]
) -> None:
    case, browser = file_appeal(platform), sign_in(LEADER)
    again = browser.post(f"/cases/{case.id}/comments", data={"text": "长" * 2_001})
    assert again.status_code == 422
    assert "现在是 2001 个字" in again.text
    assert "长" * 2_001 in again.text
    said = browser.post(f"/cases/{case.id}/comments", data={"text": "请@月亮社区书记看"}, follow_redirects=True)
    assert "没有找到“月亮社区书记看”" in words(said.text)


def test_one_changes_and_takes_back_the_own(platform: Engine, sign_in: Callable[[str], FlaskClient]) -> None:
    case, browser = file_appeal(platform), sign_in(LEADER)
    page = browser.post(f"/cases/{case.id}/comments", data={"text": "写错了"}, follow_redirects=True).text
    url = page.split('action="/comments/')[1].split('"')[0]
    changed = browser.post(f"/comments/{url}", data={"text": "写对了"}, follow_redirects=True)
    assert "写对了" in changed.text
    assert "写错了" not in changed.text
    assert sign_in("jinxing-secretary").post(f"/comments/{url}", data={"text": "别人的"}).status_code == 403
    gone = browser.post(f"/comments/{url}", data={"_do": "take_back"}, follow_redirects=True)
    assert "写对了" not in gone.text


def test_residents_see_nothing_of_it(
    platform: Engine, client: FlaskClient, sign_in: Callable[[str], FlaskClient]
) -> None:
    case = file_appeal(platform)
    sign_in(LEADER).post(f"/cases/{case.id}/comments", data={"text": "只在内部说"})
    assert client.post(f"/cases/{case.id}/comments", data={"text": "x"}).status_code in (401, 403)
    resident = sign_in("resident-1")
    page = resident.get(f"/cases/{case.id}")
    assert "只在内部说" not in page.text
