"""The page of one task: completing, drafts, conditions, wrong input, and somebody who was faster."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from engine.database import Engine
from engine.lifecycle import UserTaskState
from tests.webapp.official import file_appeal, open_task, task_row, words

ACCEPTED = {"受理意见": "受理", "事项性质": "共性问题"}


def test_the_page_says_what_until_when_and_on_which_basis(
    platform: Engine, sign_in: Callable[[str], FlaskClient]
) -> None:
    task = open_task(platform, file_appeal(platform).id)
    page = words(sign_in("jinxing-1-leader").get(f"/tasks/{task.id}").text)
    for text in ("受理登记", "办理期限", "3号楼一楼餐馆油烟直排", "居民夜里没法开窗", "DB3716/T69 5.2.2", "办理经过"):
        assert text in page


def test_completing_moves_the_case_on(platform: Engine, sign_in: Callable[[str], FlaskClient]) -> None:
    case = file_appeal(platform)
    task, other = open_task(platform, case.id), open_task(platform, file_appeal(platform).id)
    leader = sign_in("jinxing-1-leader")

    answer = leader.post(f"/tasks/{task.id}", data=ACCEPTED, follow_redirects=True)

    assert "已办结" in answer.text
    assert f'<a href="/tasks/{other.id}">办理下一项</a>' in answer.text
    assert task_row(platform, task.id).state is UserTaskState.COMPLETED
    assert task_row(platform, task.id).holder_name == "金星社区一组组长"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "请选择"),
        ({"受理意见": "伪造的选项"}, "受理意见"),
        ({"受理意见": "不予受理", "不予受理说明": "长" * 100_000}, "字"),
        ({"受理意见": "不予受理"}, "请填写"),
    ],
)
def test_wrong_input_is_explained_and_kept(
    platform: Engine, sign_in: Callable[[str], FlaskClient], data: dict[str, str], sentence: str
) -> None:
    task = open_task(platform, file_appeal(platform).id)

    answer = sign_in("jinxing-1-leader").post(f"/tasks/{task.id}", data=data)

    assert answer.status_code == 422
    assert "提交有误" in answer.text
    assert sentence in words(answer.text)
    assert data.get("不予受理说明", "") in answer.text
    assert task_row(platform, task.id).state is UserTaskState.CREATED


def test_a_draft_comes_back_as_it_was_typed(platform: Engine, sign_in: Callable[[str], FlaskClient]) -> None:
    task = open_task(platform, file_appeal(platform).id)
    browser = sign_in("jinxing-1-leader")

    browser.post(f"/tasks/{task.id}", data={"受理意见": "不予受理", "不予受理说明": "还没写完", "_do": "draft"})

    assert "还没写完" in browser.get(f"/tasks/{task.id}").text
    assert task_row(platform, task.id).state is UserTaskState.CREATED


def test_changing_an_answer_shows_the_fields_that_depend_on_it(
    platform: Engine, sign_in: Callable[[str], FlaskClient]
) -> None:
    task = open_task(platform, file_appeal(platform).id)
    browser = sign_in("jinxing-1-leader")
    assert 'name="不予受理原因"' not in browser.get(f"/tasks/{task.id}").text

    changed = browser.post(f"/tasks/{task.id}", data={"受理意见": "不予受理", "_do": "refresh"})

    assert changed.status_code == 200
    assert 'name="不予受理原因"' in changed.text
    assert "提交有误" not in changed.text


def test_who_comes_second_hears_who_was_faster_and_keeps_the_text(
    platform: Engine, sign_in: Callable[[str], FlaskClient]
) -> None:
    task = open_task(platform, file_appeal(platform).id)
    first, second = sign_in("jinxing-1-leader"), sign_in("jinxing-1-leader")
    first.post(f"/tasks/{task.id}", data=ACCEPTED)

    late = second.post(
        f"/tasks/{task.id}",
        data={"受理意见": "不予受理", "不予受理原因": "其他原因", "不予受理说明": "我的意见写了很久"},
    )

    assert late.status_code == 409
    assert "金星社区一组组长" in late.text
    assert "我的意见写了很久" in late.text


def test_a_task_of_somebody_else_can_not_be_found(platform: Engine, sign_in: Callable[[str], FlaskClient]) -> None:
    task = open_task(platform, file_appeal(platform).id)
    stranger = sign_in("chaoyang-1-leader")
    assert stranger.get(f"/tasks/{task.id}").status_code == 404
    assert stranger.post(f"/tasks/{task.id}", data=ACCEPTED).status_code == 404
    assert stranger.get(f"/tasks/{uuid4()}").status_code == 404
    assert task_row(platform, task.id).state is UserTaskState.CREATED


def test_a_post_above_may_look_but_not_act(platform: Engine, sign_in: Callable[[str], FlaskClient]) -> None:
    task = open_task(platform, file_appeal(platform).id)
    above = sign_in("jinxing-secretary")
    page = above.get(f"/tasks/{task.id}")
    assert page.status_code == 200
    assert "没有分派给当前岗位" in page.text
    assert above.post(f"/tasks/{task.id}", data=ACCEPTED).status_code == 403
    assert task_row(platform, task.id).state is UserTaskState.CREATED
