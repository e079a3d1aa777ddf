"""Following with number and code: who gets in, who does not, and how often one may guess."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from engine.database import Engine
from engine.receipts import MOST_FAILURES, WITHIN
from tests.clock import FrozenClock
from tests.webapp.portal.resident import case_of, errors, file_appeal, photo, texts

WRONG = "编号或查询码不正确，请核对后重新填写。"


@pytest.fixture
def other(app: Flask) -> FlaskClient:
    """Another browser."""
    return app.test_client()


def ask(browser: FlaskClient, number: str, code: str, follow: bool = True) -> Any:
    return browser.post("/follow", data={"number": number, "code": code}, follow_redirects=follow)


def test_number_and_code_open_the_case(client: FlaskClient, other: FlaskClient) -> None:
    number, code = file_appeal(client)
    answer = ask(other, number, code)
    assert texts(answer.text, "//h1") == ["3号楼一楼餐馆油烟直排"]
    assert "正在金星社区一组办理。" in answer.text
    assert code not in answer.request.url


def test_spaces_width_and_small_letters_do_not_matter(client: FlaskClient, other: FlaskClient) -> None:
    number, code = file_appeal(client)
    typed = f" {number.lower().replace('-', '－')} ", f"{code[:4].lower()} {code[4:]}"
    assert ask(other, *typed, follow=False).status_code == 303


@pytest.mark.parametrize("known", [True, False])
def test_a_wrong_code_and_an_unknown_number_read_the_same(client: FlaskClient, other: FlaskClient, known: bool) -> None:
    number, code = file_appeal(client)
    answer = ask(other, number, "AAAAAAAA") if known else ask(other, "SQ-1999-00001", code)
    assert answer.status_code == 422
    assert WRONG in answer.text


@pytest.mark.parametrize(
    ("number", "code", "sentences"),
    [
        ("", "", ["请填写编号。", "请填写查询码或者手机号码后四位。"]),
        ("SQ-2026-00001", " ", ["请填写查询码或者手机号码后四位。"]),
        ("", "ABCDEFGH", ["请填写编号。"]),
    ],
)
def test_what_is_missing_is_named(client: FlaskClient, number: str, code: str, sentences: list[str]) -> None:
    answer = ask(client, number, code)
    assert answer.status_code == 422
    assert errors(answer.text) == sentences


def test_guessing_is_stopped_for_a_while(client: FlaskClient, other: FlaskClient, clock: FrozenClock) -> None:
    number, code = file_appeal(client)
    statuses = [ask(other, number, f"WRONG{n:03}").status_code for n in range(MOST_FAILURES)]
    assert statuses == [422] * (MOST_FAILURES - 1) + [429]
    shut_out = ask(other, number, code)
    assert shut_out.status_code == 429
    assert "10 分钟后再试" in shut_out.text
    clock.advance(seconds=WITHIN.total_seconds() + 1)
    assert ask(other, number, code).status_code == 200


def test_a_few_mistakes_over_the_day_are_forgiven(client: FlaskClient, other: FlaskClient, clock: FrozenClock) -> None:
    number, code = file_appeal(client)
    for n in range(2 * MOST_FAILURES):
        assert ask(other, number, f"WRONG{n:03}").status_code == 422
        clock.advance(seconds=WITHIN.total_seconds() + 1)
    assert ask(other, number, code).status_code == 200


def test_somebody_elses_case_is_not_reachable(
    client: FlaskClient, platform: Engine, sign_in: Callable[[str], FlaskClient]
) -> None:
    number, _code = file_appeal(client)
    case = case_of(platform, number)
    for browser in (sign_in("resident-2"), sign_in("jinxing-1-leader")):
        assert browser.get(f"/follow/case/{case}").status_code == 404
        assert browser.get(f"/follow/case/{case}/tasks/{uuid4()}").status_code == 404
        assert browser.post(f"/follow/case/{case}/withdraw", data={"reason": "不是我的"}).status_code == 404
    assert number in client.get(f"/follow/case/{case}").text
    assert "正在金星社区一组办理" in client.get(f"/follow/case/{case}").text


@pytest.mark.parametrize("exists", [True, False])
def test_without_the_code_a_case_leads_to_the_question_for_it(
    client: FlaskClient, other: FlaskClient, platform: Engine, exists: bool
) -> None:
    number, _code = file_appeal(client)
    file_appeal(other)
    case = case_of(platform, number) if exists else uuid4()
    answer = other.get(f"/follow/case/{case}", follow_redirects=True)
    assert answer.request.path == "/follow"
    assert "请填写编号和查询码，或者登录后查看。" in answer.text


def test_what_was_typed_survives_the_end_of_the_session(
    platform: Engine, clock: FrozenClock, sign_in: Callable[[str], FlaskClient]
) -> None:
    browser = sign_in("resident-1")
    case = f"/follow/case/{case_of(platform, file_appeal(browser)[0])}"
    clock.advance(days=2)
    answer = browser.post(f"{case}/withdraw", data={"reason": "写了很久的原因"})
    assert answer.status_code == 401
    assert "写了很久的原因" in answer.text


def test_who_ends_the_query_has_to_show_the_code_again(client: FlaskClient, platform: Engine) -> None:
    number, _code = file_appeal(client)
    case = f"/follow/case/{case_of(platform, number)}"
    assert client.get(case).status_code == 200
    client.post("/follow/end")
    assert client.get(case).location == "/follow"


def test_photos_open_for_whoever_may_follow_the_case_only(
    client: FlaskClient, other: FlaskClient, platform: Engine
) -> None:
    number, code = file_appeal(client, 照片=photo())
    page = client.get(f"/follow/case/{case_of(platform, number)}").text
    [address] = html.fromstring(page).xpath("//a[contains(@href, '/files/')]/@href")
    assert client.get(address).mimetype == "image/png"
    assert other.get(address).status_code == 404
    ask(other, number, code)
    assert other.get(address).mimetype == "image/png"


def test_a_signed_in_resident_finds_the_own_cases_without_a_code(
    sign_in: Callable[[str], FlaskClient], platform: Engine
) -> None:
    browser = sign_in("resident-1")
    number, _code = file_appeal(browser)
    assert number in browser.get("/mine").text
    assert browser.get(f"/follow/case/{case_of(platform, number)}").status_code == 200
    assert number not in sign_in("resident-2").get("/mine").text
