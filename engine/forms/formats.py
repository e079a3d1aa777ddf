"""Texts of a known make-up: addresses of mail, telephones, numbers of identity cards and organisations, postcodes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import date

from engine.errors import N_
from engine.forms.sentences import Sentence

_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
_MOBILE = re.compile(r"(?:\+?86)?1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"0[0-9]{2,3}-?[0-9]{7,8}(?:-[0-9]{1,6})?|400-?[0-9]{3}-?[0-9]{4}")
_ID_CARD = re.compile(r"[0-9]{17}[0-9X]")
_POSTCODE = re.compile(r"[0-9]{6}")
#: GB/T 2260, the first two digits: provinces; 71, 81 to 83 as on residence permits; 9 for foreigners who stay for good.
_PROVINCES = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|9[0-9]")
#: ISO 7064 MOD 11-2, as GB 11643-1999 has it.
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
#: GB 32100-2015: digits and capital letters without I, O, S, V and Z.
_CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_OF_STREETS = frozenset("路街道巷弄里号村屯组栋幢座室楼院区园坊苑城镇乡")
_SHORTEST_ADDRESS = 6


def normal(format_: str, text: str) -> str:
    """The text as it is stored: in half-width characters and without blanks; only an address keeps its own."""
    if format_ == "address":
        return text
    text = "".join(unicodedata.normalize("NFKC", text).split())
    return text.upper() if format_ in ("id-card", "credit-code") else text


def check_format(format_: str, text: str) -> Iterator[Sentence]:
    """Say what is wrong with a text in its normal form: the first thing that is, since the others follow from it."""
    problem = next(FORMATS[format_](text), None)
    if problem is not None:
        yield problem


def _email(text: str) -> Iterator[Sentence]:
    if not _EMAIL.fullmatch(text):
        yield Sentence(N_("{label}的格式不对，应像 name@example.com 这样。"))


def _phone(text: str) -> Iterator[Sentence]:
    if not _MOBILE.fullmatch(text) and not _LANDLINE.fullmatch(text):
        yield Sentence(N_("{label}不是有效的电话号码，请填写 11 位手机号，或者带区号的固定电话。"))


def _mobile(text: str) -> Iterator[Sentence]:
    if text.isdigit() and len(text) != 11 and not _MOBILE.fullmatch(text):
        yield Sentence(N_("{label}应为 11 位手机号，现在是 {length} 位，请核对。"), length=len(text))
    if not _MOBILE.fullmatch(text):
        yield Sentence(N_("{label}不是有效的手机号，请填写 11 位手机号。"))


def _landline(text: str) -> Iterator[Sentence]:
    if not _LANDLINE.fullmatch(text):
        yield Sentence(N_("{label}不是有效的固定电话，请带区号填写，如 0571-12345678。"))


def _id_card(text: str) -> Iterator[Sentence]:
    if len(text) == 15 and text.isdigit():
        yield Sentence(N_("{label}是 15 位的旧号码，请填写现在身份证上的 18 位号码。"))
    if len(text) != 18:
        yield Sentence(N_("{label}应为 18 位，现在是 {length} 位，请核对。"), length=len(text))
    if not _ID_CARD.fullmatch(text):
        yield Sentence(N_("{label}应为 17 位数字加 1 位数字或 X，请核对。"))
    if not _PROVINCES.fullmatch(text[:2]):
        yield Sentence(N_("{label}的前两位不是行政区划代码，请核对。"))
    if not _is_birthday(text[6:14]):
        yield Sentence(N_("{label}的第 7 至 14 位不是有效的出生日期，请核对。"))
    if (
        _ID_CHECKS[sum(int(digit) * weight for digit, weight in zip(text[:17], _ID_WEIGHTS, strict=True)) % 11]
        != text[17]
    ):
        yield Sentence(N_("{label}的最后一位校验不对，请核对。"))


def _is_birthday(digits: str) -> bool:
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return 1900 <= day.year <= 2100


def _credit_code(text: str) -> Iterator[Sentence]:
    if len(text) != 18:
        yield Sentence(N_("{label}应为 18 位，现在是 {length} 位，请核对。"), length=len(text))
    if not all(char in _CODE for char in text):
        yield Sentence(N_("{label}只含数字和大写字母，不含 I、O、S、V、Z，请核对。"))
    total = sum(_CODE.index(char) * pow(3, place, 31) for place, char in enumerate(text[:17]))
    if _CODE[-total % 31] != text[17]:
        yield Sentence(N_("{label}的最后一位校验不对，请核对。"))


def _postcode(text: str) -> Iterator[Sentence]:
    if not _POSTCODE.fullmatch(text):
        yield Sentence(N_("{label}应为 6 位数字，请核对。"))


def _address(text: str) -> Iterator[Sentence]:
    if len(text) < _SHORTEST_ADDRESS or not _OF_STREETS & set(text):
        yield Sentence(N_("{label}要写到能找到的地方，如“金星街道和平路 12 号 3 单元 201 室”。"))


#: The makes by name, each with its rules. ``email`` and ``phone`` are form-js's own (``validationType``), the others
#: are named by the property ``format``.
FORMATS: Mapping[str, Callable[[str], Iterator[Sentence]]] = {
    "email": _email,
    "phone": _phone,
    "mobile": _mobile,
    "landline": _landline,
    "id-card": _id_card,
    "credit-code": _credit_code,
    "postcode": _postcode,
    "address": _address,
}
#: Those that tell of one person; their fields are personal unless the form says otherwise.
PERSONAL_FORMATS = frozenset({"id-card"})
