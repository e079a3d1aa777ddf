"""What stands around the act: how the deadline came about, the story, files, neighbours, and the sheet for paper."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from flask.testing import FlaskClient

from engine import files, instances, people
from engine.database import Engine
from engine.people import ANONYMOUS
from tests.browser.visitor import PHOTO
from tests.clock import FrozenClock
from tests.engine.commands.house import House
from tests.webapp.official import APPEAL, file_appeal, open_task, words

SignIn = Callable[[str], FlaskClient]
LEADER = "jinxing-1-leader"


def test_the_deadline_is_explained_with_its_numbers(platform: Engine, sign_in: Callable[[str], FlaskClient]) -> None:
    task = open_task(platform, file_appeal(platform).id)
    page = words(sign_in(LEADER).get(f"/tasks/{task.id}").text)
    assert "其间有 2 个工作日" in page
    assert "期限取自制度参数 小组受理期限（2 工作日） ，来源" in page


def test_earlier_cases_at_the_same_place_are_near_as_far_as_one_may_see_them(
    platform: Engine, sign_in: Callable[[str], FlaskClient]
) -> None:
    # given two appeals about one place, and one about the same in a group that the leader does not know
    first, second = file_appeal(platform), file_appeal(platform)
    elsewhere = file_appeal(platform, "chaoyang-1")
    # when the leader opens the second, then the first is named and the other is not
    page = words(sign_in(LEADER).get(f"/tasks/{open_task(platform, second.id).id}").text)
    assert f"{first.business_key} · 反向协调诉求 · 同一地点" in page
    assert elsewhere.business_key not in page


def test_files_are_shown_with_size_and_who_added_them(platform: Engine, sign_in: Callable[[str], FlaskClient]) -> None:
    # given an appeal with a photo
    with platform.begin(ANONYMOUS) as tx:
        group = people.org_tree(tx).by_code("jinxing-1")
        assert group is not None
        photo = files.store(tx, files.inspect("现场.png", PHOTO), "s")
        started = instances.start(tx, "appeal", {**APPEAL, "照片": [photo]}, group.id, upload_session="s")
    # then the page shows it, and the browser gets it
    page = sign_in(LEADER).get(f"/cases/{started.instance.id}")
    assert "现场.png 1 KB 居民 · " in words(page.text)
    assert f'<img src="/files/{photo["id"]}"' in page.text
    assert BytesIO(sign_in(LEADER).get(f"/files/{photo['id']}").data).read() == PHOTO


@pytest.mark.parametrize(
    ("name", "content", "disposition"),
    [
        ("图纸.pdf", b"%PDF-1.4\n%%EOF", "inline"),
        ("现场.png", PHOTO, "inline"),
        ("说明.txt", "见图纸".encode(), "attachment"),
    ],
)
def test_what_a_browser_shows_by_itself_is_opened_and_the_rest_is_saved(
    platform: Engine, clock: FrozenClock, sign_in: SignIn, name: str, content: bytes, disposition: str
) -> None:
    # given a file of an official
    with House(platform, clock).at(LEADER) as tx:
        file = files.store(tx, files.inspect(name, content))
    # then it is opened or saved, under a policy that lets nothing of it act, and as nothing but what it is
    answer = sign_in(LEADER).get(f"/files/{file['id']}")
    assert answer.headers["Content-Disposition"].partition(";")[0] == disposition
    assert "object-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_sheet_has_whole_dates_and_says_who_printed_it(
    platform: Engine, sign_in: Callable[[str], FlaskClient]
) -> None:
    case = file_appeal(platform)
    browser = sign_in(LEADER)
    sheet = browser.get(f"/cases/{case.id}/sheet")
    text = words(sheet.text)
    for part in (case.business_key, "13800000000", "提出事项", "由金星社区一组组长于 20", "今日"):
        assert (part in text) is (part != "今日"), part
    assert "<svg" in sheet.text
    assert " style=" not in sheet.text
    assert sign_in("chaoyang-1-leader").get(f"/cases/{case.id}/sheet").status_code == 404


def test_the_sheet_hides_personal_data_from_posts_that_may_not_see_it(
    platform: Engine, sign_in: Callable[[str], FlaskClient]
) -> None:
    text = words(sign_in("auditor").get(f"/cases/{file_appeal(platform).id}/sheet").text)
    assert "13800000000" not in text
    assert "个人信息已部分隐去" in text
