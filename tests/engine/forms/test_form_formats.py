"""Numbers with a make-up of their own: what is taken, and what is said about all else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.forms.form_builder import bind, form, text

# Made up: no such person, no such organisation.
ID_CARD = "11010519491231002X"
CREDIT_CODE = "91350100M000100Y43"


def told(format_: str, value: str) -> str:
    """The only sentence about a value; empty when it is taken."""
    found = bind(form(text("它", properties={"format": format_})), 它=value).errors.get("它", [""])
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("format_", "value", "stored"),
    [
        ("id-card", "１１０１０５ 19491231 002x", ID_CARD),
        ("credit-code", "9135 0100 m000 100y 43", CREDIT_CODE),
        ("mobile", "138 1234 5678", "13812345678"),
        ("landline", "0571-12345678", "0571-12345678"),
        ("postcode", "256600", "256600"),
        ("address", "金星街道和平路 12 号", "金星街道和平路 12 号"),
    ],
)
def test_what_is_taken_and_how_it_is_stored(format_: str, value: str, stored: str) -> None:
    assert bind(form(text("它", properties={"format": format_})), 它=value).values == {"它": stored}


@pytest.mark.parametrize(
    ("format_", "value", "sentence"),
    [
        ("id-card", ID_CARD[:17], "它应为 18 位，现在是 17 位，请核对。"),
        ("id-card", "110105491231002", "它是 15 位的旧号码，请填写现在身份证上的 18 位号码。"),
        ("id-card", "A" + ID_CARD[1:], "它应为 17 位数字加 1 位数字或 X，请核对。"),
        ("id-card", "00" + ID_CARD[2:], "它的前两位不是行政区划代码，请核对。"),
        ("id-card", "110105194902310021", "它的第 7 至 14 位不是有效的出生日期，请核对。"),
        ("id-card", ID_CARD[:17] + "1", "它的最后一位校验不对，请核对。"),
        ("credit-code", CREDIT_CODE[:17], "它应为 18 位，现在是 17 位，请核对。"),
        ("credit-code", "I" + CREDIT_CODE[1:], "它只含数字和大写字母，不含 I、O、S、V、Z，请核对。"),
        ("credit-code", CREDIT_CODE[:17] + "4", "它的最后一位校验不对，请核对。"),
        ("mobile", "1381234567", "它应为 11 位手机号，现在是 10 位，请核对。"),
        ("mobile", "12812345678", "它不是有效的手机号，请填写 11 位手机号。"),
        ("landline", "12345678", "它不是有效的固定电话，请带区号填写，如 0571-12345678。"),
        ("postcode", "2566", "它应为 6 位数字，请核对。"),
        ("address", "我家", "它要写到能找到的地方，如“金星街道和平路 12 号 3 单元 201 室”。"),
    ],
)
def test_the_first_thing_that_is_wrong_is_said(format_: str, value: str, sentence: str) -> None:
    assert told(format_, value) == sentence


@given(st.integers(0, 16), st.sampled_from("0123456789"))
def test_one_wrong_digit_of_an_identity_card_is_always_noticed(place: int, digit: str) -> None:
    changed = ID_CARD[:place] + digit + ID_CARD[place + 1 :]
    assert (told("id-card", changed) == "") is (changed == ID_CARD)


@given(st.integers(0, 17), st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
def test_one_wrong_character_of_a_credit_code_is_always_noticed(place: int, char: str) -> None:
    changed = CREDIT_CODE[:place] + char + CREDIT_CODE[place + 1 :]
    assert (told("credit-code", changed) == "") is (changed == CREDIT_CODE)


@given(st.text(max_size=25), st.sampled_from(["id-card", "credit-code", "mobile", "landline", "postcode", "address"]))
def test_anything_may_be_typed(value: str, format_: str) -> None:
    bound = bind(form(text("它", properties={"format": format_})), 它=value)
    assert len(bound.errors.get("它", [])) <= 1
    assert bound.raw["它"] == [value]


def test_the_number_of_an_identity_card_is_personal_unless_the_form_says_otherwise() -> None:
    card = text("身份证号码", properties={"format": "id-card"})
    public = text("样例", properties={"format": "id-card", "personal": "false"})

    assert form(card, public, text("编码", properties={"format": "credit-code"})).personal == {"身份证号码"}
