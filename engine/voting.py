"""How a vote comes out: pure arithmetic, the same for ballots that the platform took and for a show of hands.

A share is always "more than": 50 % means more than half. The majority is of all who voted (or were present), so that an
abstention counts as much as a vote against: 城市居民委员会组织法第十条 asks for more than half of those who came.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any

from engine.errors import N_, StepFailed
from engine.feel import FeelEvaluationError, Function

IN_FAVOUR, AGAINST, ABSTAINED = N_("同意"), N_("反对"), N_("弃权")
#: The choices of a vote that names none.
CHOICES = (IN_FAVOUR, AGAINST, ABSTAINED)
#: What a majority may be of.
OF_VOTED, OF_ELECTORS = "voted", "electors"
_HUNDRED = 100
_MOST_PEOPLE = 1_000_000_000


class Result(StrEnum):
    """The four ways in which a vote comes out; the values are what processes ask for."""

    PASSED = N_("通过")
    FAILED = N_("未通过")
    #: Too few took part; what they chose does not matter.
    NO_QUORUM = N_("未达法定人数")
    #: As many for as against, and one of them would have decided it; or two options lead.
    TIED = N_("平票")


def is_yes_or_no(options: list[str] | tuple[str, ...]) -> bool:
    """Whether the options are to agree or to disagree, perhaps to abstain, and nothing else."""
    return {IN_FAVOUR, AGAINST} <= set(options) <= set(CHOICES)


def result_of(in_favour: int, against: int, *, voted: int, electors: int, quorum: Decimal, majority: Decimal,
              of: str = OF_VOTED) -> Result:  # fmt: skip
    """How a vote on one proposal comes out. Percentages are from 0 to 100; ``of`` is what the majority is of.

    With as many for as against it is a tie if one vote changed from against to in favour would have made a majority;
    where it would not (many abstained, or two thirds are needed), the proposal has simply failed.
    """
    if not _exceeds(voted, electors, quorum):
        return Result.NO_QUORUM
    base = electors if of == OF_ELECTORS else voted
    if _exceeds(in_favour, base, majority):
        return Result.PASSED
    if in_favour == against > 0 and _exceeds(in_favour + 1, base, majority):
        return Result.TIED
    return Result.FAILED


def choice_of(counts: Mapping[str, int], *, electors: int, quorum: Decimal, majority: Decimal,
              of: str = OF_VOTED) -> tuple[Result, str | None]:  # fmt: skip
    """How a vote between options comes out, and the option with the most votes, None when two lead or nobody chose.

    It passes when the leading option has the majority; abstentions count as voted and lead nothing.
    """
    voted = sum(counts.values())
    if not _exceeds(voted, electors, quorum):
        return Result.NO_QUORUM, None
    chosen = {option: count for option, count in counts.items() if option != ABSTAINED}
    most = max(chosen.values(), default=0)
    leading = [option for option, count in chosen.items() if count == most > 0]
    if len(leading) != 1:
        return (Result.TIED if leading else Result.FAILED), None
    passed = _exceeds(most, electors if of == OF_ELECTORS else voted, majority)
    return (Result.PASSED if passed else Result.FAILED), leading[0]


def tally_of(counts: Mapping[str, int], *, electors: int, quorum: Decimal, majority: Decimal,
             of: str = OF_VOTED) -> dict[str, Any]:  # fmt: skip
    """The whole tally as plain values: electors, voted, counts, outcome, winner."""
    voted = sum(counts.values())
    shares: dict[str, Any] = {"electors": electors, "quorum": quorum, "majority": majority, "of": of}
    if is_yes_or_no(tuple(counts)):
        outcome = result_of(counts[IN_FAVOUR], counts[AGAINST], voted=voted, **shares)
        winner = None
    else:
        outcome, winner = choice_of(counts, **shares)
    return {
        "electors": electors,
        "voted": voted,
        "counts": dict(counts),
        "outcome": str(outcome),
        "winner": winner,
    }


def percent(value: Any, name: str) -> Decimal:
    """A percentage as an input gives it. Raises StepFailed for what is none."""
    number = Decimal(value) if type(value) is int else value
    if not isinstance(number, Decimal) or not 0 <= number <= _HUNDRED:
        raise StepFailed(N_("{name} 应当是 0 到 100 的百分数，现在是“{value}”。"), name=name, value=value)
    return number


def _exceeds(part: int, whole: int, share: Decimal) -> bool:
    """Whether the part is more than this percentage of the whole; exact, since nothing is divided."""
    numerator, denominator = share.as_integer_ratio()
    return part * _HUNDRED * denominator > whole * numerator


def _by_show_of_hands(entitled: Any, present: Any, in_favour: Any, against: Any, abstained: Any, quorum: Any,
                      majority: Any) -> str:  # fmt: skip
    """Raises FeelEvaluationError for numbers that no meeting can have."""
    people = [_count(value, name) for value, name in zip((entitled, present), _PEOPLE, strict=True)]
    hands = [_count(value, name) for value, name in zip((in_favour, against, abstained), CHOICES, strict=True)]
    shares = [_share(value, name) for value, name in zip((quorum, majority), _SHARES, strict=True)]
    if people[1] > people[0]:
        raise FeelEvaluationError(N_("实到 {present} 人，多于应到 {entitled} 人。"), present=people[1],
                                  entitled=people[0])  # fmt: skip
    if sum(hands) > people[1]:
        raise FeelEvaluationError(N_("同意、反对、弃权共 {votes} 票，多于实到 {present} 人。"), votes=sum(hands),
                                  present=people[1])  # fmt: skip
    return str(result_of(hands[0], hands[1], voted=people[1], electors=people[0], quorum=shares[0], majority=shares[1]))


_PEOPLE = (N_("应到人数"), N_("实到人数"))
_SHARES = (N_("到会比例"), N_("同意比例"))


def _count(value: Any, name: str) -> int:
    if not isinstance(value, Decimal) or not 0 <= value <= _MOST_PEOPLE or value != value.to_integral_value():
        raise FeelEvaluationError(N_("{name}应当是不小于 0 的整数，现在是“{value}”。"), name=name, value=_said(value))
    return int(value)


def _share(value: Any, name: str) -> Decimal:
    if not isinstance(value, Decimal) or not 0 <= value <= _HUNDRED:
        raise FeelEvaluationError(
            N_("{name}应当是 0 到 100 的百分数，现在是“{value}”。"), name=name, value=_said(value)
        )
    return value


def _said(value: Any) -> str:
    return N_("空值") if value is None else str(value)


_PARAMETERS = {
    "表决结果": (*_PEOPLE, *CHOICES, *_SHARES),
    "vote outcome": ("entitled", "present", "in favour", "against", "abstained", "quorum", "majority"),
}
#: What expressions may call: ``表决结果(应到, 实到, 同意, 反对, 弃权, 到会比例, 同意比例)``, also as ``vote outcome``.
FUNCTIONS: Mapping[str, Function] = {
    name: Function(name, parameters, _by_show_of_hands) for name, parameters in _PARAMETERS.items()
}
