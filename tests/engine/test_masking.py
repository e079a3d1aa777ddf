"""Personal data for eyes that need not see all of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from engine.masking import black_out, mask


@pytest.mark.parametrize(
    ("value", "masked"),
    [
        ("13812341234", "138****1234"),
        ("372301199001011234", "372***********1234"),
        ("37230119900101123X", "372***********123X"),
        ("欧阳某某", "欧***"),
        ("某某", "某*"),
        ("name@example.com", "n***@example.com"),
        ("金星社区3号楼2单元501", "金****"),
        ("短", "****"),
        ("0543-3188888", "0****"),
        (date(1990, 1, 1), "****"),
        (Decimal(5000), "****"),
        (True, True),
        (None, None),
        ("", ""),
        (["13812341234"], ["138****1234"]),
        ({"姓名": "某某", "已婚": False}, {"姓名": "某*", "已婚": False}),
    ],
)
def test_the_telling_part_is_covered(value: object, masked: object) -> None:
    assert mask(value) == masked


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("张家小店的路灯装好了", "＊＊＊的路灯装好了"),
        ("3号楼居民反映的3盏路灯", "＊＊＊反映的3盏路灯"),
        ("问 138 0000 0000 或 0543-3361234", "问 ＊＊＊ 或 ＊＊＊"),
        ("证件 11010519491231002X，共 120 户、12 盏、2026 年", "证件 ＊＊＊，共 120 户、12 盏、2026 年"),
    ],
)
def test_what_everybody_reads_has_no_secret_and_no_long_number(text: str, told: str) -> None:
    assert black_out(text, ["张家小店", "3号楼居民", "3", " "]) == told
