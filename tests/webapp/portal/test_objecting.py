"""Objecting on the portal: a number to keep, nothing typed is lost, and machines are slowed down."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from engine import counter_limits
from engine.database import Engine
from engine.model.notice import Objection
from engine.people import SYSTEM
from tests.clock import FrozenClock
from tests.webapp.official import words
from tests.webapp.portal.board import OBJECTION, conclude, object_to, publish, send, withdraw
from tests.webapp.portal.resident import errors, texts, values
from tests.webapp.portal.resident import send as file_appeal
from tests.webapp.test_access import _manifest
from webapp import assets, create_app

SignIn = Callable[[str], FlaskClient]


def filed(engine: Engine) -> list[Objection]:
    with engine.read(SYSTEM) as tx:
        return list(tx.session.scalars(select(Objection).order_by(Objection.seq)))


def test_who_objects_gets_a_number(client: FlaskClient, platform: Engine) -> None:
    _, number = publish(platform)
    answer = send(client, number)
    assert (answer.status_code, answer.location) == (303, f"/notices/{number}/receipt")
    page = client.get(answer.location).text
    assert texts(page, "//section[contains(@class, 'receipt')]//dd") == [f"{number}-1"]
    (objection,) = filed(platform)
    assert {"text": objection.text, "name": objection.name, "phone": objection.phone} == OBJECTION


def test_without_an_objection_there_is_no_receipt(client: FlaskClient, platform: Engine) -> None:
    _, number = publish(platform)
    _, other = publish(platform, "chaoyang")
    assert client.get(f"/notices/{number}/receipt").location == f"/notices/{number}"
    send(client, number)
    assert client.get(f"/notices/{other}/receipt").location == f"/notices/{other}"


def test_what_is_missing_is_named_and_what_was_typed_stays(client: FlaskClient, platform: Engine) -> None:
    _, number = publish(platform)
    answer = send(client, number, name=" ", phone="110")
    assert answer.status_code == 422
    wanted = ["请填写您的姓名。", "请填写正确的联系电话，如 13812345678 或 0543-3361234。"]
    assert errors(answer.text) == wanted
    assert values(answer.text, "text") == [OBJECTION["text"]]
    assert values(answer.text, "phone") == ["110"]
    assert filed(platform) == []


def test_errors_are_said_in_english(client: FlaskClient, platform: Engine) -> None:
    _, number = publish(platform)
    client.set_cookie("locale", "en")
    assert errors(send(client, number, name="").text) == ["Enter your name."]


def test_who_comes_too_late_reads_why_and_can_copy_the_text(
    client: FlaskClient, platform: Engine, clock: FrozenClock
) -> None:
    _, number = publish(platform)
    clock.advance(days=7)
    answer = send(client, number)
    assert answer.status_code == 409
    shown = words(answer.text)
    assert f"异议没有提交。 {number} 公示期满，不能再提出异议。" in shown
    assert "您刚才填写的内容 异议内容 车位挡住消防通道。" in shown


@pytest.mark.parametrize("end", [conclude, withdraw])
def test_an_ended_notice_takes_no_objection(
    client: FlaskClient, platform: Engine, end: Callable[[Engine, str, str], object]
) -> None:
    _, number = publish(platform)
    end(platform, number, "有误")
    assert send(client, number).status_code == 409
    assert filed(platform) == []


def test_an_objection_to_nothing_is_not_found(client: FlaskClient) -> None:
    assert send(client, "GS-1999-00001").status_code == 404


def test_objections_count_with_all_that_an_address_files_and_nothing_is_lost(
    client: FlaskClient, app: Flask, platform: Engine, clock: FrozenClock
) -> None:
    with platform.begin(SYSTEM) as tx:
        counter_limits.set_limits(tx, {"address_hour": "2"})
    _, number = publish(platform)
    assert send(client, number, text="").status_code == 422, "what does not fit is not counted"
    assert [send(client, number).status_code for _time in range(2)] == [303] * 2
    answer = send(app.test_client(), number, text="还有一条")
    assert answer.status_code == 429
    assert "分钟后再提交。填写的内容还在。着急的，请打电话联系金星社区：0543-1234511。" in words(answer.text)
    assert values(answer.text, "text") == ["还有一条"]
    assert file_appeal(client).status_code == 429, "nor is a case taken now"
    clock.advance(hours=1)
    assert send(client, number).status_code == 303
    assert len(filed(platform)) == 3


def test_the_form_needs_its_token(platform: Engine, tmp_path: Path) -> None:
    _, number = publish(platform)
    strict = create_app(platform, {"SECRET_KEY": "a key for tests"})
    assets.init_app(strict, _manifest(tmp_path))
    assert send(strict.test_client(), number).status_code == 400
    assert filed(platform) == []


def test_officials_who_see_the_case_read_who_objected(platform: Engine, sign_in: SignIn) -> None:
    case, number = publish(platform)
    object_to(platform, number)
    clerk = sign_in("jinxing-clerk")
    page = clerk.get(f"/notices/{number}/objections").text
    shown = words(page)
    assert "车位挡住消防通道。" in shown
    assert "姓名 王小明 联系电话 13812345678" in shown
    assert f"/cases/{case.id}" in page
    assert "查看异议内容和联系方式" in clerk.get(f"/notices/{number}").text


@pytest.mark.parametrize("login", ["admin", "auditor", "jinxing-supervisor"])
def test_who_may_not_see_personal_data_reads_it_masked(platform: Engine, sign_in: SignIn, login: str) -> None:
    _, number = publish(platform)
    object_to(platform, number)
    page = sign_in(login).get(f"/notices/{number}/objections").text
    assert "姓名 王** 联系电话 138****5678" in words(page)
    assert not any(secret in page for secret in ("王小明", "13812345678"))


@pytest.mark.parametrize("login", ["resident-1", "chaoyang-clerk", "jinxing-1-deputy", "developer"])
def test_others_do_not_read_what_people_objected(platform: Engine, sign_in: SignIn, login: str) -> None:
    _, number = publish(platform)
    object_to(platform, number)
    browser = sign_in(login)
    answer = browser.get(f"/notices/{number}/objections")
    assert answer.status_code == 403
    assert "车位挡住" not in answer.text
    assert "查看异议内容和联系方式" not in browser.get(f"/notices/{number}").text


def test_who_has_not_signed_in_is_asked_to(client: FlaskClient, platform: Engine) -> None:
    _, number = publish(platform)
    assert client.get(f"/notices/{number}/objections").status_code == 401


def test_the_page_of_a_case_leads_to_its_notices(platform: Engine, sign_in: SignIn) -> None:
    case, number = publish(platform)
    for _ in range(3):
        object_to(platform, number)
    for login, address in (("jinxing-clerk", f"/cases/{case.id}"), ("admin", f"/cockpit/cases/{case.id}")):
        page = sign_in(login).get(address).text
        assert f'href="/notices/{number}"' in page
        assert texts(page, f"//a[@href='/notices/{number}/objections']") == ["异议 3 条"]
    clerk = sign_in("jinxing-clerk").get(f"/cases/{case.id}").text
    assert f"收到异议 {number}-1 至 {number}-3" in words(clerk)
    assert f"发布公示 {number}" in words(clerk)


def test_the_audit_reads_the_history_of_a_notice_and_it_verifies(platform: Engine, sign_in: SignIn) -> None:
    case, number = publish(platform)
    object_to(platform, number)
    conclude(platform, number, "不成立", False)
    page = sign_in("auditor").get(f"/audit/cases/{case.id}").text
    assert f"公布公示 {number} 的结果：不成立" in page
    assert "校验失败" not in page
    assert not any(secret in page for secret in ("王小明", "13812345678", "车位挡住"))
