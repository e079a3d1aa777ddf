"""Drafts on the page of a task: saved by the page itself, restored elsewhere, and two windows that differ."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine import people, tasks
from engine.database import Engine
from engine.lifecycle import UserTaskState
from engine.model.process import ProcessInstance
from engine.model.work import UserTask
from engine.people import SYSTEM
from engine.release import load_release
from tests.webapp.inbox.test_moves import TOPIC, at_the_meeting
from tests.webapp.newer_form import release_with
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


def actor(platform: Engine, login: str) -> people.Actor:
    with platform.read(SYSTEM) as tx:
        account = people.account_by_login(tx, login)
        assert account is not None
        return people.load_actor(tx, account.id)


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
    # not even who gets the task; but its author still reads it, and throws it away
    with platform.begin(actor(platform, LEADER)) as tx:
        secretary = actor(platform, "jinxing-secretary")
        assert secretary.position is not None
        assert secretary.unit_id is not None
        tasks.reassign(tx, task, people.post_holder(secretary.position, secretary.unit_id), "需要社区统筹")
    assert "只是想法" not in sign_in("jinxing-secretary").get(f"/tasks/{task}").text
    page = words(desk.get(f"/tasks/{task}").text)
    assert "本人的草稿还在" in page
    assert "只是想法" in page
    assert "没有分派给您现在的岗位" in words(save(desk, task, "再写", 1, BY_ITSELF).text)
    assert "只是想法" not in desk.post(f"/tasks/{task}/draft/discard", follow_redirects=True).text


def test_what_a_new_form_no_longer_asks_is_shown_as_text_until_it_is_sent(
    platform: Engine, desk: FlaskClient, task: UUID
) -> None:
    # given a draft, and a case whose form has lost a field and an option since
    save(desk, task, "写了一半", 0, BY_ITSELF)
    with platform.begin(SYSTEM) as tx:
        row = tx.get(UserTask, task)
        instance = tx.get(ProcessInstance, row.instance_id)
        release = load_release(tx, instance.definition_id)
        instance.definition_id = release_with(tx, release, release.form_of(row.element_id), changed).id
    # then what has no place any more is told in the words of the old form, and the rest is in its place
    page = desk.get(f"/tasks/{task}").text
    assert "没有放进新表单的内容" in page
    assert "写了一半" in words(page)
    assert "不予受理原因 其他原因" in words(page)
    assert re.search(r'value="不予受理"[^>]* checked', page)
    # and it stays there when the form is saved
    saved = desk.post(f"/tasks/{task}", data={"受理意见": "不予受理", "_do": "draft", "_draft": "1"}, headers=BY_ITSELF)
    assert 'name="_draft" value="2"' in saved.text
    page = words(desk.get(f"/tasks/{task}").text)
    assert "写了一半" in page
    assert page.count("不予受理原因 其他原因") == 1


def changed(component: dict[str, Any]) -> dict[str, Any] | None:
    """Without the explanation, and without one of the reasons."""
    if component.get("key") == "不予受理原因":
        component["values"] = [each for each in component["values"] if each["value"] != "其他原因"]
    return None if component.get("key") == "不予受理说明" else component


def test_a_draft_is_thrown_away_with_two_presses(desk: FlaskClient, task: UUID) -> None:
    # the way to do it comes along as soon as there is one
    assert "确认删除草稿" not in desk.get(f"/tasks/{task}").text
    assert "确认删除草稿" in save(desk, task, "写了一半", 0, BY_ITSELF).text
    assert "确认删除草稿" not in save(desk, task, "写了更多", 1, BY_ITSELF).text
    gone = desk.post(f"/tasks/{task}/draft/discard", data={"back": str(task)}, follow_redirects=True).text
    assert "草稿已删除" in gone
    assert "写了更多" not in gone
    # another window is told
    told = words(save(desk, task, "写了再多", 2, BY_ITSELF).text)
    assert "删除了草稿，这里填写的还没有保存" in told
    assert "请选择是否保留" in words(save(desk, task, "写了再多", 2).text)


def test_what_was_typed_before_the_case_left_the_step_is_offered_again(platform: Engine, desk: FlaskClient) -> None:
    # given a step that was left with a draft, and to which the case has come again
    case = at_the_meeting(platform, desk)
    first = open_task(platform, case)
    desk.post(f"/tasks/{first.id}", data={"议事意见": "写了一半", "_do": "draft", "_draft": "0"})
    (target,) = re.findall(r'name="to" value="([^"]+)"', desk.get(f"/tasks/{first.id}/return").text)
    desk.post(f"/tasks/{first.id}/return", data={"to": target, "reason": "议题没有写清楚"})
    desk.post(f"/tasks/{open_task(platform, case).id}", data=TOPIC)
    again = open_task(platform, case)
    assert again.name == first.name
    # then the page says where it comes from, and what it says
    page = desk.get(f"/tasks/{again.id}").text
    assert "有一份之前的草稿" in page
    assert "写了一半" in words(page)
    # when something else was typed since, then both are shown
    desk.post(f"/tasks/{again.id}", data={"议事意见": "另写的", "_do": "draft", "_draft": "0"})
    both = desk.post(f"/tasks/{again.id}/draft/take-over", data={"_draft": "0"})
    assert both.status_code == 409
    assert "写了一半" in both.text
    assert "另写的" in both.text
    # and the chosen one is in the form
    page = desk.post(f"/tasks/{again.id}/draft/take-over", data={"_draft": "1"}, follow_redirects=True).text
    assert "之前填写的内容已经放进表单" in page
    assert "写了一半" in page
    assert "有一份之前的草稿" not in page


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
