"""Handing on and asking others, as pages: what they offer, what they keep of wrong input, and who reads the answers."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from engine import people, tasks
from engine.database import Engine
from engine.model.consultation import Consultation
from engine.model.work import UserTask
from engine.people import SYSTEM
from tests.webapp.official import file_appeal, open_task, task_row, words

LEADER = "jinxing-1-leader"
SignIn = Callable[[str], FlaskClient]


@pytest.fixture
def task(platform: Engine) -> UserTask:
    return open_task(platform, file_appeal(platform).id)


def post(engine: Engine, position: str, code: str) -> str:
    with engine.read(SYSTEM) as tx:
        unit = people.org_tree(tx).by_code(code)
        assert unit is not None
        return people.post_holder(position, unit.id)


def questions(engine: Engine, task_id: UUID) -> list[Consultation]:
    with engine.read(SYSTEM) as tx:
        return list(tx.session.scalars(select(Consultation).where(Consultation.task_id == task_id)))


def test_a_task_is_handed_on_to_a_post_near_by(platform: Engine, sign_in: SignIn, task: UserTask) -> None:
    browser = sign_in(LEADER)
    assert f"/tasks/{task.id}/hand-on" in browser.get(f"/tasks/{task.id}").text
    page = browser.get(f"/tasks/{task.id}/hand-on").text
    assert "金星社区书记" in page
    holder = post(platform, "community_secretary", "jinxing")

    answer = browser.post(
        f"/tasks/{task.id}/hand-on", data={"holder": holder, "reason": "需要社区统筹"}, follow_redirects=True
    )

    assert "已转办“受理登记”" in answer.text
    assert task_row(platform, task.id).handed_on == 1
    received = sign_in("jinxing-secretary")
    assert "3号楼一楼餐馆油烟直排" in received.get("/tasks?tab=open").text
    assert "由金星社区一组组长转给金星社区书记" in words(received.get(f"/tasks/{task.id}").text)


def test_a_search_finds_other_posts_and_loses_nothing(sign_in: SignIn, task: UserTask) -> None:
    browser = sign_in(LEADER)
    page = browser.post(f"/tasks/{task.id}/hand-on", data={"q": "民政局", "reason": "写到一半", "_do": "search"}).text
    assert "区民政局经办人" in page
    assert "写到一半" in page
    nothing = browser.post(f"/tasks/{task.id}/hand-on", data={"q": "没有的单位", "_do": "search"}).text
    assert "没有找到这个名称的岗位" in nothing


def test_what_is_missing_is_said_beside_what_was_typed(platform: Engine, sign_in: SignIn, task: UserTask) -> None:
    browser, holder = sign_in(LEADER), post(platform, "community_secretary", "jinxing")
    for data, sentence in (({"holder": holder}, "请填写转办原因"), ({"reason": "换人"}, "请选择岗位")):
        answer = browser.post(f"/tasks/{task.id}/hand-on", data=data)
        assert answer.status_code == 422
        assert sentence in answer.text
        assert "换人" in answer.text or f'value="{holder}" checked' in answer.text
    both = browser.post(f"/tasks/{task.id}/hand-on", data={"reason": " "})
    assert "请改正以下 2 处" in both.text
    assert browser.post(f"/tasks/{task.id}/consult", data={"question": "怎么看"}).status_code == 422
    assert questions(platform, task.id) == []


def test_several_are_asked_and_the_answers_stand_beside_the_form(
    platform: Engine, sign_in: SignIn, task: UserTask
) -> None:
    leader, secretary = sign_in(LEADER), sign_in("jinxing-secretary")
    posts = [post(platform, "community_secretary", "jinxing"), post(platform, "mediator", "shizhong")]
    asked = {"kind": "countersign", "holder": posts, "question": "能不能在社区解决"}
    assert "已请 2 个岗位会签" in leader.post(f"/tasks/{task.id}/consult", data=asked, follow_redirects=True).text
    assert "还缺" in words(leader.get(f"/tasks/{task.id}").text)

    listed = secretary.get("/opinions").text
    (mine,) = [each for each in questions(platform, task.id) if each.holder == posts[0]]
    assert f"/opinions/{mine.id}" in listed
    assert "能不能在社区解决" in secretary.get(f"/opinions/{mine.id}").text
    refused = secretary.post(f"/opinions/{mine.id}", data={"opinion": "disagree"})
    assert (refused.status_code, "请填写意见" in refused.text) == (422, True)
    secretary.post(f"/opinions/{mine.id}", data={"opinion": "disagree", "answer": "需要街道协调"})
    page = words(leader.get(f"/tasks/{task.id}").text)
    assert "不同意" in page
    assert "需要街道协调" in page
    assert "没有等待答复的意见" in secretary.get("/opinions").text
    assert "3号楼一楼餐馆油烟直排" in secretary.get("/opinions?tab=done").text

    (other,) = [each for each in questions(platform, task.id) if each.holder == posts[1]]
    leader.post(f"/opinions/{other.id}/withdraw", data={"reason": "已电话沟通"})
    page = words(leader.get(f"/tasks/{task.id}").text)
    assert "还缺" not in page
    assert "已电话沟通" in page


def test_strangers_are_offered_nothing(platform: Engine, sign_in: SignIn, task: UserTask) -> None:
    stranger = sign_in("chaoyang-1-leader")
    assert stranger.get(f"/tasks/{task.id}/hand-on").status_code == 404
    clerk = sign_in("jinxing-clerk")  # sees the case, being on its path
    assert f"/tasks/{task.id}/hand-on" not in clerk.get(f"/tasks/{task.id}").text
    holder = post(platform, "community_secretary", "jinxing")
    assert clerk.post(f"/tasks/{task.id}/hand-on", data={"holder": holder, "reason": "x"}).status_code == 403
    with platform.begin(actor_of(platform, LEADER)) as tx:
        tasks.claim(tx, task.id)
    assert f"/tasks/{task.id}/hand-on" in sign_in("jinxing-secretary").get(f"/tasks/{task.id}").text  # who leads


def actor_of(engine: Engine, login: str) -> people.Actor:
    with engine.read(SYSTEM) as tx:
        account = people.account_by_login(tx, login)
        assert account is not None
        return people.load_actor(tx, account.id)
