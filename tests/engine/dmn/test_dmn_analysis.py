"""Gaps, overlaps and unreachable rules, each with an example; and an honest word about what can't be seen through."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from engine import dmn
from tests.dmn_xml import decision, input_data, item, model, table


def analysis(*arguments: Any, types: tuple[str, ...] = (), **clauses: Any) -> dmn.Analysis:
    found = dmn.load(
        model(*types, input_data("x"), input_data("y"), decision("d", table(*arguments, **clauses), "x, y"))
    )
    assert not found.problems, found.problems
    return dmn.analyse(found.tables[0])


def rules(*cells: str) -> list[list[str]]:
    return [[cell, str(number)] for number, cell in enumerate(cells)]


@pytest.mark.parametrize(
    ("cells", "gaps"),
    [
        (["< 5", ">= 5"], []),
        (["< 5", "> 5"], ["5"]),
        (["<= 5", "[6..10]", "> 10"], ["(5..6)"]),
        (["[1..3)", "(4..5]"], ["< 1, [3..4], > 5"]),
        (["-"], []),
        (["not(3)"], ["3"]),
        (["? > 3 and ? < 7"], ["<= 3, >= 7"]),
        (["? in [1..2]", "not(? >= 1)"], ["> 2"]),
        (['"a"', '"b"'], ['not("a", "b")']),
        (["true"], ["false"]),
        (["true, false"], []),
        (['< @"2026-01-01"', '> @"2026-01-02"'], ['[@"2026-01-01"..@"2026-01-02"]']),
        (['<= date("2026-01-01")', '>= date("2026-01-02")'], []),
        (['<= duration("P1D")'], ['> @"P1D"']),
        (['< @"P1M"', '> @"P2M"'], ['[@"P1M"..@"P2M"]']),
    ],
)
def test_values_that_no_rule_takes_are_gaps(cells: list[str], gaps: list[str]) -> None:
    assert [gap.tests[0] for gap in analysis(["x"], [""], *rules(*cells), hit="R").gaps] == gaps


def test_allowed_values_bound_the_gaps() -> None:
    by_table = analysis(["x"], [""], *rules('"a"'), inputValues1='"a", "b"')
    colour = item("tColour", "string", allowed='"a", "b", "c"')
    by_type = analysis([("x", "tColour")], [""], *rules('"a"'), types=(colour,))
    numbers = analysis(["x"], [""], *rules("< 5"), inputValues1="[0..10]")
    boolean = analysis([("x", "boolean")], [""], *rules("-"))

    assert [gap.tests for gap in by_table.gaps] == [('"b"',)]
    assert [gap.tests for gap in by_type.gaps] == [('"b", "c"',)]
    assert [gap.tests for gap in numbers.gaps] == [("[5..10]",)]
    assert boolean.gaps == ()


def test_gaps_of_several_columns_are_boxes_with_an_example() -> None:
    found = analysis(["x", "y"], [""], ["< 5", "true", "1"], [">= 5", "-", "2"])

    assert [gap.tests for gap in found.gaps] == [("< 5", "false")]
    assert found.gaps[0].example == (Decimal(4), False)
    assert found.inputs == ("x", "y")


def test_a_default_fills_every_gap() -> None:
    assert analysis(["x"], [""], *rules("1"), default1="0").gaps == ()


def test_rules_that_match_together_are_named_with_an_example() -> None:
    found = analysis(["x", "y"], [""], ["< 5", "-", "1"], ["[4..9]", '"a"', "2"], ["> 9", "-", "1"], ["-", '"b"', "1"])

    assert [(each.rules, each.differ) for each in found.overlaps] == [
        ((1, 2), True),
        ((1, 4), False),
        ((3, 4), False),
    ]
    assert found.overlaps[0].example == (Decimal(4), "a")


def test_policies_that_choose_among_rules_have_no_overlaps() -> None:
    assert analysis(["x"], [""], *rules("-", "-"), hit="F").overlaps == ()
    assert analysis(["x"], [""], *rules("-", "-"), hit="A").overlaps[0].rules == (1, 2)


def test_null_overlaps_but_is_no_gap() -> None:
    found = analysis(["x"], [""], *rules("null", "-"))
    assert found.gaps == ()
    assert found.overlaps[0].example == (None,)


def test_rules_behind_earlier_ones_are_unreachable() -> None:
    found = analysis(["x"], [""], *rules("< 5", ">= 3", "4", "[0..10]", "-"), hit="F")
    assert found.unreachable == (3, 4, 5)


@pytest.mark.parametrize("cell", ["y", "< y", "? + 1 > 3", 'starts with(?, "a")', "> today()", "? > y"])
def test_expressions_are_said_to_be_not_analysed(cell: str) -> None:
    found = analysis(["x"], [""], *rules("1", cell))

    assert found.not_analysed == (dmn.NotAnalysed(2, 1),)
    assert found.overlaps == ()
    assert found.complete


@pytest.mark.parametrize("cells", [('"a"', "1"), ('"a"', '@"2026-01-01"'), ("{a: 1}", "{a: 2}")])
def test_a_column_of_several_kinds_is_not_analysed(cells: tuple[str, ...]) -> None:
    found = analysis(["x"], [""], *rules(*cells))
    assert not found.complete or found.not_analysed


def test_texts_are_not_ordered() -> None:
    assert analysis(["x"], [""], *rules('"a"', '< "m"')).not_analysed == (dmn.NotAnalysed(2, 1),)


def test_the_last_day_of_all_has_no_neighbour() -> None:
    found = analysis(["x"], [""], *rules('< @"9999-12-31"'))
    assert found.gaps[0].example == (date.max,)


def test_a_table_that_is_too_large_is_said_to_be() -> None:
    cells = [[f"[{n}..{n + 3}]"] * 8 + [str(n)] for n in range(0, 900)]
    found = analysis(["x", "y"] * 4, [""], *cells)
    assert not found.complete
    assert found.gaps == found.overlaps == ()
