"""Personal data for eyes that need not see all of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from engine.masking import mask


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
