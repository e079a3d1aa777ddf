"""How votes come out, by number and by FEEL; what no meeting can have gets a sentence."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from engine import voting
from engine.expressions import compile_expression
from engine.feel import Environment, FeelEvaluationError
from engine.voting import Result, choice_of, result_of

HALF, TWO_THIRDS = Decimal(50), Decimal("66.67")


def outcome(in_favour: int, against: int, abstained: int = 0, **more: Any) -> str:
    voted = in_favour + against + abstained
    facts = {"voted": voted, "electors": voted, "quorum": HALF, "majority": HALF} | more
    return str(result_of(in_favour, against, **facts))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (outcome(6, 4), "通过"),
        (outcome(4, 6), "未通过"),
        (outcome(5, 5), "平票"),
        (outcome(5, 4, 1), "未通过"),  # half of those who voted is not more than half
        (outcome(3, 3, 1), "平票"),  # one vote changed makes 4 of 7
        (outcome(4, 4, 2), "未通过"),  # one vote changed makes 5 of 10: nothing
        (outcome(0, 0, 8), "未通过"),
        (outcome(5, 5, majority=TWO_THIRDS), "未通过"),
        (outcome(2, 1, majority=TWO_THIRDS), "未通过"),
        (outcome(2, 1, majority=Decimal("66.66")), "通过"),
        (outcome(7, 3, of="electors", electors=14), "未通过"),
        (outcome(8, 2, of="electors", electors=14), "通过"),
        (outcome(6, 6, of="electors", electors=12), "平票"),
        (outcome(4, 4, of="electors", electors=10), "未通过"),
        (outcome(10, 0, electors=20), "未达法定人数"),
        (outcome(10, 1, electors=20), "通过"),
        (outcome(0, 0, electors=0), "未达法定人数"),
        (outcome(1, 0, quorum=Decimal(0), electors=9), "通过"),
        (outcome(1, 0, quorum=Decimal(100)), "未达法定人数"),
    ],
)
def test_the_outcome(said: str, expected: str) -> None:
    assert said == expected


@pytest.mark.parametrize(
    ("counts", "more", "expected"),
    [
        ({"甲": 3, "乙": 2}, {}, (Result.PASSED, "甲")),
        ({"甲": 2, "乙": 2, "丙": 1}, {}, (Result.TIED, None)),
        ({"甲": 2, "乙": 1, "丙": 1}, {}, (Result.FAILED, "甲")),
        ({"甲": 2, "乙": 1, "丙": 1}, {"majority": Decimal(0)}, (Result.PASSED, "甲")),
        ({"甲": 1, "弃权": 4}, {"majority": Decimal(10)}, (Result.PASSED, "甲")),
        ({"甲": 0, "乙": 0, "弃权": 4}, {}, (Result.FAILED, None)),
        ({"甲": 3, "乙": 1}, {"electors": 8}, (Result.NO_QUORUM, None)),
        ({"甲": 3, "乙": 2}, {"electors": 8, "of": "electors"}, (Result.FAILED, "甲")),
    ],
)
def test_the_choice(counts: dict[str, int], more: dict[str, Any], expected: tuple[Result, str | None]) -> None:
    facts = {"electors": sum(counts.values()), "quorum": HALF, "majority": HALF} | more
    assert choice_of(counts, **facts) == expected


def test_agreeing_and_disagreeing_is_told_from_choosing() -> None:
    assert voting.is_yes_or_no(("反对", "同意"))
    assert not voting.is_yes_or_no(("同意", "弃权"))
    assert not voting.is_yes_or_no(("同意", "反对", "再议"))


def evaluated(text: str) -> Any:
    return compile_expression(text).evaluate({}, Environment(functions=voting.FUNCTIONS))


@pytest.mark.parametrize("name", ["表决结果", "vote outcome"])
def test_a_show_of_hands_comes_out_as_ballots_do(name: str) -> None:
    assert evaluated(f"{name}(40, 21, 11, 10, 0, 50, 50)") == "通过"
    assert evaluated(f"{name}(40, 20, 20, 0, 0, 50, 50)") == "未达法定人数"
    assert evaluated(f"{name}(40, 30, 15, 15, 0, 50, 50)") == "平票"
    assert evaluated(f"{name}(40, 30, 15, 10, 5, 50, 50)") == "未通过"
    assert evaluated(f"{name}(40, 30, 20, 10, 0, 50, 66.67)") == "未通过"


def test_those_who_raised_no_hand_count_as_present() -> None:
    assert evaluated("表决结果(40, 30, 15, 3, 0, 50, 50)") == "未通过"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("null, 1, 1, 0, 0, 50, 50", "应到人数应当是不小于 0 的整数，现在是“空值”。"),
        ("10, -1, 0, 0, 0, 50, 50", "实到人数应当是不小于 0 的整数，现在是“-1”。"),
        ('10, 5, "3", 0, 0, 50, 50', "同意应当是不小于 0 的整数"),
        ("10, 5, 2.5, 0, 0, 50, 50", "同意应当是不小于 0 的整数"),
        ("10, 11, 5, 0, 0, 50, 50", "实到 11 人，多于应到 10 人。"),
        ("10, 5, 3, 2, 1, 50, 50", "同意、反对、弃权共 6 票，多于实到 5 人。"),
        ("10, 5, 3, 2, 0, 101, 50", "到会比例应当是 0 到 100 的百分数，现在是“101”。"),
        ("10, 5, 3, 2, 0, 50, null", "同意比例应当是 0 到 100 的百分数，现在是“空值”。"),
        ("10 ** 40, 5, 3, 2, 0, 50, 50", "应到人数应当是"),
    ],
)
def test_numbers_that_no_meeting_can_have_are_refused(arguments: str, said: str) -> None:
    with pytest.raises(FeelEvaluationError) as refused:
        evaluated(f"表决结果({arguments})")
    assert said in str(refused.value)
