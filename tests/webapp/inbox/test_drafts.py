"""Drafts on the page of a task: saved by the page itself, restored elsewhere, and two windows that differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine import people, tasks
from engine.database import Engine
from engine.lifecycle import UserTaskState
from engine.people import SYSTEM
from tests.webapp.official import file_appeal, open_task, task_row, words

LEADER = "jinxing-1-leader"
DECLINED = {"受理意见": "不予受理", "不予受理原因": "其他原因"}
BY_ITSELF = {"HX-Request": "true"}


@pytest.fixture
def task(platform: Engine) -> UUID:
    return open_task(platform, file_appeal(platform).id).id


@pytest.fixture
def desk(sign_in: Callable[[str], FlaskClient]) -> FlaskClient:
    return sign_in(LEADER)


def save(
    desk: FlaskClient, task: UUID, text: str, known: int, headers: Mapping[str, str] | None = None
) -> TestResponse:
    data = {**DECLINED, "不予受理说明": text, "_do": "draft", "_draft": str(known)}
    return desk.post(f"/tasks/{task}", data=data, headers=headers)


def test_the_page_saves_by_itself_and_says_when(desk: FlaskClient, task: UUID) -> None:
    answer = save(desk, task, "写了一半", 0, BY_ITSELF)
    assert "已保存 今日" in words(answer.text)
    assert 'name="_draft" value="1"' in answer.text
    assert "<html" not in answer.text


def test_another_device_goes_on_and_says_from_when(
    sign_in: Callable[[str], FlaskClient], desk: FlaskClient, task: UUID
) -> None:
    save(desk, task, "写了一半", 0, BY_ITSELF)
    page = sign_in(LEADER).get(f"/tasks/{task}").text
    assert "写了一半" in page
    assert "草稿保存于今日" in words(page)


def test_two_windows_that_differ_are_shown_side_by_side(desk: FlaskClient, task: UUID) -> None:
    # given a draft that the other window does not know
    save(desk, task, "电脑上写的", 0)
    # when it saves by itself, then it is told, and nothing is overwritten
    assert "保存了不同的内容" in words(save(desk, task, "手机上写的", 0, BY_ITSELF).text)
    assert "电脑上写的" in desk.get(f"/tasks/{task}").text
    # when the person asks, then both are there, field by field, without those that are equal
    choice = save(desk, task, "手机上写的", 0)
    assert choice.status_code == 409
    table = choice.text[choice.text.index("<table") : choice.text.index("</table>")]
    assert "电脑上写的" in table
    assert "手机上写的" in table
    assert "其他原因" not in table
    # and one of them is chosen
    assert 'name="_draft" value="1"' in choice.text
    save(desk, task, "手机上写的", 1)
    assert "手机上写的" in desk.get(f"/tasks/{task}").text


def test_submitting_from_an_old_window_asks_first(platform: Engine, desk: FlaskClient, task: UUID) -> None:
    save(desk, task, "电脑上写的", 0)
    late = desk.post(f"/tasks/{task}", data={**DECLINED, "不予受理说明": "手机上写的", "_draft": "0"})
    assert late.status_code == 409
    assert "两份内容不同" in late.text
    assert task_row(platform, task).state is UserTaskState.CREATED
    done = desk.post(f"/tasks/{task}", data={**DECLINED, "不予受理说明": "电脑上写的", "_draft": "0"})
    assert done.status_code == 302
    assert task_row(platform, task).state is UserTaskState.COMPLETED


def test_nobody_else_sees_it(
    platform: Engine, sign_in: Callable[[str], FlaskClient], desk: FlaskClient, task: UUID
) -> None:
    save(desk, task, "只是想法", 0)
    above = sign_in("jinxing-secretary").get(f"/tasks/{task}")
    assert above.status_code == 200
    assert "只是想法" not in above.text


def test_what_a_new_form_no_longer_asks_is_shown_as_text(platform: Engine, desk: FlaskClient, task: UUID) -> None:
    # given a draft that was typed into an older form
    with platform.read(SYSTEM) as tx:
        account = people.account_by_login(tx, LEADER)
        assert account is not None
        leader = people.load_actor(tx, account.id)
    with platform.begin(leader) as tx:
        tasks.save_draft(tx, task, {"旧的一项": ["以前写的一段话"], "受理意见": ["受理"]}, "older")
    # then what has no place any more is told, and the rest is in its place
    page = words(desk.get(f"/tasks/{task}").text)
    assert "表单有了新版本" in page
    assert "以前写的一段话" in page


def test_a_session_that_ended_loses_nothing(desk: FlaskClient, task: UUID) -> None:
    # given somebody who is signed out while typing
    desk.post("/logout")
    by_itself = save(desk, task, "会话过期前写的", 0, BY_ITSELF)
    assert by_itself.status_code == 401
    # when the form is sent, then the sign-in page carries it along
    kept = desk.post(f"/tasks/{task}", data={**DECLINED, "不予受理说明": "会话过期前写的", "_draft": "0"})
    assert kept.status_code == 401
    assert "会话过期前写的" in kept.text
    assert 'name="kept._draft"' in kept.text
