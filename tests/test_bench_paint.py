"""The verdict about weight, paint and jumps; how heavy and how fast the pages are, no test says."""

from __future__ import annotations

import pytest

from bench import paint
from bench.phone import Visit, middle

GOOD = Visit(html=6_000, fcp=700, cls=0.0)


def verdicts(inbox: Visit = GOOD, portal: Visit = GOOD) -> list[bool]:
    visits = {"inbox": {"cold": GOOD, "cached": inbox}, "portal home": {"cold": portal, "cached": GOOD}}
    return [promise.kept for promise in paint.judge(visits)]


def test_all_three_promises_are_kept() -> None:
    assert verdicts() == [True, True, True]


@pytest.mark.parametrize(
    ("inbox", "portal", "kept"),
    [
        (Visit(html=30_000, css=20_000, js=10_001), GOOD, [False, True, True]),
        (GOOD, Visit(html=90_000), [True, True, True]),
        (GOOD, Visit(fcp=1_001), [True, False, True]),
        (GOOD, Visit(cls=0.01), [True, True, False]),
    ],
)
def test_a_page_that_is_too_heavy_late_or_loose_breaks_its_promise(
    inbox: Visit, portal: Visit, kept: list[bool]
) -> None:
    assert verdicts(inbox, portal) == kept


def test_a_page_that_was_never_painted_is_late() -> None:
    assert verdicts(portal=Visit(fcp=float("inf")))[1] is False


def test_of_several_visits_each_figure_is_the_median() -> None:
    visits = [Visit(html=1, fcp=30, moved=["fold"]), Visit(html=3, fcp=10), Visit(html=2, fcp=20, moved=["fold"])]
    found = middle(visits)
    assert (found.html, found.fcp, found.bytes, found.moved) == (2, 20, 2, ["fold"])


def test_the_table_names_the_worst_page_and_what_moved() -> None:
    visits = {"inbox": {"cold": GOOD, "cached": Visit(fcp=900, cls=0.2, moved=["diagram-canvas"])}}
    promises = paint.judge(visits)
    assert "inbox, cached" in promises[1].what
    assert any("diagram-canvas" in line for line in paint.lines(visits))
