"""One's own case: what it says, adding material, rating, withdrawing, and what happens when it is too late."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from engine.database import Engine
from engine.lifecycle import InstanceState
from engine.model.process import ProcessInstance
from engine.people import SYSTEM
from engine.queries import cases
from tests.webapp.portal.resident import (
    APPEAL,
    ask_for_material,
    case_of,
    errors,
    file_appeal,
    open_task,
    photo,
    settle,
    settle_in_group,
    texts,
    values,
)


@pytest.fixture
def number(client: FlaskClient) -> str:
    """An appeal that the client has filed without an account."""
    return file_appeal(client)[0]


@pytest.fixture
def address(number: str, platform: Engine) -> str:
    """The address of its page."""
    return f"/follow/case/{case_of(platform, number)}"


def case(engine: Engine, number: str) -> ProcessInstance:
    with engine.read(SYSTEM) as tx:
        return tx.get(ProcessInstance, case_of(engine, number))


def turn(address: str, engine: Engine, number: str, element: str) -> str:
    """The address of a step that waits for the resident."""
    return f"{address}/tasks/{open_task(engine, number, element)}"


def upload(browser: FlaskClient, address: str, fields: dict[str, Any]) -> Any:
    return browser.post(address, data=fields, content_type="multipart/form-data")


def test_the_page_says_where_the_case_is_and_shows_the_own_data(client: FlaskClient, address: str) -> None:
    page = client.get(address).text
    assert "正在金星社区一组办理。" in page
    assert "金星社区一组组长" in page
    assert APPEAL["联系电话"] in page, "who filed it sees the own telephone number in full"
    assert not texts(page, "//a[contains(@href, '/tasks/')]"), "nothing waits for the resident yet"


def test_material_that_was_asked_for_can_be_added(
    app: Flask, client: FlaskClient, platform: Engine, number: str, address: str
) -> None:
    ask_for_material(app, platform, number)
    assert "请您完成“补充材料”。" in client.get(address).text
    step = turn(address, platform, number, "task_supplement")
    assert "请补充照片和时间。" in client.get(step).text

    wrong = upload(client, step, {"补充说明": "", "补充材料": photo("夜间.png")})
    assert wrong.status_code == 422
    assert errors(wrong.text) == ["请填写“补充说明”。"]
    [kept] = values(wrong.text, "补充材料")

    done = upload(client, step, {"补充说明": "每晚六点到十点。", "补充材料": kept})
    assert done.location == address
    page = client.get(address).text
    assert "正在金星社区一组办理。" in page
    assert "每晚六点到十点。" in page
    assert "夜间.png" in page


def test_the_answer_arrives_as_a_message_and_is_rated(
    app: Flask, client: FlaskClient, platform: Engine, number: str, address: str
) -> None:
    settle_in_group(app, platform, number)
    first, second = client.get(address).text, client.get(address).text
    assert "餐馆已加装油烟净化器。" in "".join(texts(first, "//ul[@class='letters']"))
    assert texts(first, "//ul[@class='letters']//span")
    assert not texts(second, "//ul[@class='letters']//span"), "what was read is no longer new"
    decided = texts(second, "//*[@class='timeline-note']")
    assert decided == ["受理意见：受理", "协商结果：各方协商一致", "给居民的答复：餐馆已加装油烟净化器。"]

    assert "向上一级投诉" not in second, "nobody is late while it waits for the resident"
    step = turn(address, platform, number, "task_rating")
    forged = client.post(step, data={"满意度": "非常满意"})
    assert forged.status_code == 422
    assert client.post(step, data={"满意度": "满意"}).location == address
    settle(app)
    ended = case(platform, number)
    assert ended.state is InstanceState.COMPLETED
    assert cases.variables(ended)["满意度"] == "满意"
    assert texts(client.get(address).text, "//*[@class='standing-word']") == ["已办结 今日 09:00办结。"]


def test_a_signed_in_resident_rates_with_the_account(
    app: Flask, platform: Engine, sign_in: Callable[[str], FlaskClient]
) -> None:
    browser = sign_in("resident-1")
    number, _code = file_appeal(browser)
    settle_in_group(app, platform, number)
    address = f"/follow/case/{case_of(platform, number)}"
    assert "餐馆已加装油烟净化器。" in browser.get(address).text
    answer = browser.post(turn(address, platform, number, "task_rating"), data={"满意度": "满意"})
    assert answer.location == address


def test_an_official_may_use_a_code_like_everybody(
    app: Flask, client: FlaskClient, platform: Engine, sign_in: Callable[[str], FlaskClient]
) -> None:
    number, code = file_appeal(client)
    ask_for_material(app, platform, number)
    browser = sign_in("jinxing-2-leader")
    browser.post("/follow", data={"number": number, "code": code})
    address = f"/follow/case/{case_of(platform, number)}"
    step = turn(address, platform, number, "task_supplement")
    assert upload(browser, step, {"补充说明": "替邻居补充。", "补充材料": photo()}).location == address


def test_what_was_answered_already_is_a_sentence_and_the_text_is_still_there(
    app: Flask, client: FlaskClient, platform: Engine, number: str, address: str
) -> None:
    ask_for_material(app, platform, number)
    step = turn(address, platform, number, "task_supplement")
    client.post(step, data={"补充说明": "第一次"})
    again = client.post(step, data={"补充说明": "第二次写了很久"})
    assert again.status_code == 409
    assert "不需要再次提交" in again.text
    assert "第二次写了很久" in again.text
    opened = client.get(step, follow_redirects=True)
    assert opened.request.path == address
    assert "不需要再次提交" in opened.text


def test_a_case_withdrawn_meanwhile_takes_no_material_but_loses_none(
    app: Flask, client: FlaskClient, platform: Engine, number: str, address: str
) -> None:
    ask_for_material(app, platform, number)
    step = turn(address, platform, number, "task_supplement")
    client.post(f"{address}/withdraw", data={"reason": "已经解决"})
    late = client.post(step, data={"补充说明": "写了很久"})
    assert late.status_code == 409
    assert "写了很久" in late.text


def test_a_step_of_the_officials_is_not_the_residents(
    client: FlaskClient, platform: Engine, number: str, address: str
) -> None:
    step = turn(address, platform, number, "task_accept")
    assert client.get(step).status_code == 404
    assert client.post(step, data={"受理意见": "受理"}).status_code == 404
    assert open_task(platform, number, "task_accept")


def test_a_step_of_another_case_is_not_reached_through_the_own(
    app: Flask, client: FlaskClient, platform: Engine, number: str, address: str
) -> None:
    other = app.test_client()
    foreign = file_appeal(other)[0]
    ask_for_material(app, platform, foreign)
    assert client.get(turn(address, platform, foreign, "task_supplement")).status_code == 404


def test_the_appeal_can_be_withdrawn_with_a_reason(
    app: Flask, client: FlaskClient, platform: Engine, number: str, address: str
) -> None:
    answer = client.post(f"{address}/withdraw", data={"reason": "已经自行解决"})
    assert answer.location == address
    settle(app)
    ended = case(platform, number)
    assert ended.state is InstanceState.COMPLETED
    assert cases.variables(ended)["办结说明"] == "已经自行解决"
    page = client.get(address).text
    assert "已由居民撤回" in page
    assert "，已撤回。" in "".join(texts(page, "//*[@class='standing-word']"))
    assert not texts(page, "//details[@class='confirm']"), "there is nothing left to withdraw"


@pytest.mark.parametrize(("reason", "sentence"), [("  ", "请填写撤回原因。"), ("长" * 501, "撤回原因最多 500 个字")])
def test_a_wrong_reason_withdraws_nothing_and_is_not_lost(
    client: FlaskClient, platform: Engine, number: str, address: str, reason: str, sentence: str
) -> None:
    answer = client.post(f"{address}/withdraw", data={"reason": reason})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert values(answer.text, "reason") == [reason.strip()]
    assert case(platform, number).state is InstanceState.ACTIVE


def test_withdrawing_twice_is_a_sentence_with_the_reason(client: FlaskClient, address: str) -> None:
    client.post(f"{address}/withdraw", data={"reason": "第一次"})
    again = client.post(f"{address}/withdraw", data={"reason": "第二次的原因"})
    assert again.status_code == 409
    assert "没有撤回" in again.text
    assert "第二次的原因" in again.text


def test_in_large_print_messages_are_a_page_of_their_own_and_new_until_it_is_opened(
    app: Flask, client: FlaskClient, platform: Engine, number: str, address: str
) -> None:
    settle_in_group(app, platform, number)
    client.set_cookie("mode", "elder")
    first = client.get(address).text
    assert "餐馆已加装油烟净化器。" not in first
    assert texts(first, "//ul[@class='elder-links']//a")[:2] == ["看办理经过", "看给您的消息（2）"]
    assert texts(client.get(f"{address}?part=messages").text, "//ul[@class='letters']//span")
    assert not texts(client.get(f"{address}?part=messages").text, "//ul[@class='letters']//span")
    assert client.get(f"{address}?part=base").status_code == 200, "what is no part shows the first page"


def test_in_large_print_a_missing_reason_stays_on_the_page_for_withdrawing(client: FlaskClient, address: str) -> None:
    client.set_cookie("mode", "elder")
    answer = client.post(f"{address}/withdraw", data={"reason": " "})
    assert answer.status_code == 422
    assert "请填写撤回原因。" in answer.text
    assert not texts(answer.text, "//*[@class='standing-word']")
