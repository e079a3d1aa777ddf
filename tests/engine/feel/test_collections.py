"""Lists, contexts, filters, for, some, every."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.engine.feel.worker import worth

PEOPLE = {"people": [{"name": "甲", "age": 30}, {"name": "乙", "age": 70}, {"name": "丙", "age": 65}], "limit": 60}


def numbers(*values: float) -> list[Decimal]:
    return [Decimal(str(value)) for value in values]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[]", []),
        ("[1, [2], null]", [Decimal(1), numbers(2), None]),
        ("{}", {}),
        ('{a: 1, "b c": 2}', {"a": Decimal(1), "b c": Decimal(2)}),
        ("{a: 1, b: a + 1, c: b * 2}.c", Decimal(4)),
        ("[1, 2, 3][1]", Decimal(1)),
        ("[1, 2, 3][-1]", Decimal(3)),
        ("[1, 2, 3][0]", None),
        ("[1, 2, 3][4]", None),
        ("[1, 2, 3][1.5]", None),
        ("[1, 2, 3][item > 1]", numbers(2, 3)),
        ("[1, 2, 3][item > 9]", []),
        ("[1, null, 3][item > 1]", numbers(3)),
        ("[1, 2, 3][1 + 1]", Decimal(2)),
        ("{n: 2, r: [4, 5, 6][n]}.r", Decimal(5)),
        ("[][1]", None),
        ("[][item > 1]", []),
        ("5[1]", Decimal(5)),
        ("null[item > 1]", []),
        ("people[age > limit].name", ["乙", "丙"]),
        ("people[item.age > limit][1].name", "乙"),
        ('people[name = "甲"].age', numbers(30)),
        ("[{item: 1}, {item: 2}][item = 1]", [{"item": Decimal(1)}]),
        ("[[1, 2], [3]][count(item) = 1]", [numbers(3)]),
        ("[{a: [1, 5]}, {a: [2]}][count(a[item > 1]) = 1].a", [numbers(1, 5), numbers(2)]),
        ("for x in [1, 2] return x * 2", numbers(2, 4)),
        ("for x in 1..3 return x", numbers(1, 2, 3)),
        ("for x in 3..1 return x", numbers(3, 2, 1)),
        ("for x in [1..3) return x", numbers(1, 2)),
        ("for x in (1..3) return x", numbers(2)),
        ("for x in [1, 2], y in [x, 10] return x * y", numbers(1, 10, 4, 20)),
        ("for x in 1..2 return for y in 1..x return y", [numbers(1), numbers(1, 2)]),
        ("for i in 0..4 return if i = 0 then 1 else i * partial[-1]", numbers(1, 1, 2, 6, 24)),
        ("for i in 1..2 return partial", [[], [[]]]),
        ('count(for d in @"2026-02-27"..@"2026-03-02" return d)', Decimal(4)),
        ("for x in null return x", None),
        ("for x in 5 return x", numbers(5)),
        ("for x in [] return x", []),
        ("some x in [1, 2] satisfies x > 1", True),
        ("some x in [1, null] satisfies x > 1", None),
        ("some x in [] satisfies true", False),
        ("every x in [1, 2] satisfies x > 0", True),
        ("every x in [1, 2, null] satisfies x > 1", False),
        ("every x in [1, null] satisfies x > 0", None),
        ("every x in [] satisfies false", True),
        ("some x in [1, 2], y in [2, 3] satisfies x > y", False),
        ("every x in null satisfies true", None),
        ("{a: {b: [1, 2]}}.a.b[2]", Decimal(2)),
        ("]1..3[.start", Decimal(1)),
        ("2 in ]1..3[ and true", True),
    ],
)
def test_a_collection_has_this_value(text: str, value: Any) -> None:
    assert worth(text, PEOPLE) == value


def test_a_function_keeps_the_value_of_its_own_turn() -> None:
    assert worth("(for i in 1..3 return function() i)[2]()") == 2


def test_the_end_of_a_range_may_be_an_item_of_a_list() -> None:
    assert worth("[1..[3, 4][1]]").end == 3
