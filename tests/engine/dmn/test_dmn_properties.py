"""Random decision tables against a naive reading of the specification, and their analysis against trying everything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engine import dmn
from tests.dmn_xml import decision, input_data, model, table

NUMBERS = [Decimal(n) / 2 for n in range(-1, 12)]
TEXTS = ["a", "b", "c", "其他"]
SPACE = [dict(zip("xsb", values, strict=True)) for values in product(NUMBERS, TEXTS, [True, False])]
PRIORITIES = [3, 1, 2, 0]


@dataclass(frozen=True)
class Cell:
    """A cell as it is written, and what it means."""

    text: str
    meets: Callable[[Any], bool]


def _range(low: int, high: int, opening: str, closing: str) -> Cell:
    above: Callable[[Any], bool] = (lambda v: v >= low) if opening == "[" else (lambda v: v > low)
    below: Callable[[Any], bool] = (lambda v: v <= high) if closing == "]" else (lambda v: v < high)
    return Cell(f"{opening}{low}..{high}{closing}", lambda v: above(v) and below(v))


def _either(cells: list[Cell]) -> Cell:
    return Cell(", ".join(cell.text for cell in cells), lambda v: any(cell.meets(v) for cell in cells))


def _negated(cell: Cell) -> Cell:
    return Cell(f"not({cell.text})", lambda v: not cell.meets(v))


ANY = Cell("-", lambda v: True)
points = st.integers(0, 5)
number_tests = st.one_of(
    st.builds(lambda n: Cell(str(n), lambda v: bool(v == n)), points),
    st.builds(lambda n: Cell(f"< {n}", lambda v: bool(v < n)), points),
    st.builds(lambda n: Cell(f">= {n}", lambda v: bool(v >= n)), points),
    st.builds(lambda n: Cell(f"? > {n} - 0", lambda v: bool(v > n)), points),
    st.builds(_range, points, points, st.sampled_from("[("), st.sampled_from("])")),
)
text_tests = st.builds(lambda t: Cell(f'"{t}"', lambda v: bool(v == t)), st.sampled_from(TEXTS[:3]))


def cells(tests: st.SearchStrategy[Cell]) -> st.SearchStrategy[Cell]:
    lists = st.lists(tests, min_size=1, max_size=3).map(_either)
    return st.one_of(st.just(ANY), lists, lists.map(_negated))


booleans = st.sampled_from([ANY, Cell("true", lambda v: v is True), Cell("false", lambda v: v is False)])
rows = st.lists(st.tuples(cells(number_tests), cells(text_tests), booleans, st.integers(0, 3)), max_size=6)
policies = st.sampled_from(["U", "A", "P", "F", "R", "O", "C", "C+", "C<", "C>", "C#"])


def load(rules: list[tuple[Cell, Cell, Cell, int]], hit: str) -> dmn.Model:
    written = [[x.text, s.text, b.text, str(result)] for x, s, b, result in rules]
    inputs = ["x", "s", ("b", "boolean")]
    logic = table(inputs, [""], *written, hit=hit, outputValues1=", ".join(map(str, PRIORITIES)))
    found = dmn.load(model(*(input_data(name) for name in "xsb"), decision("d", logic, "x, s, b")))
    assert not found.problems
    return found


def matching(rules: list[tuple[Cell, Cell, Cell, int]], at: dict[str, Any]) -> list[int]:
    return [n for n, (x, s, b, _) in enumerate(rules) if x.meets(at["x"]) and s.meets(at["s"]) and b.meets(at["b"])]


def expected(hit: str, results: list[int]) -> Any:
    """DMN 1.5, 8.2.8, as it reads."""
    lists = {"R": results, "C": results, "O": sorted(results, key=PRIORITIES.index)}
    if hit in lists:
        return lists[hit]
    if hit == "C#":
        return len(results)
    if not results or (hit == "U" and len(results) > 1) or (hit == "A" and len(set(results)) > 1):
        return None
    aggregated = {"C+": sum, "C<": min, "C>": max, "P": lambda found: min(found, key=PRIORITIES.index)}
    return aggregated[hit](results) if hit in aggregated else results[0]


@settings(max_examples=200, deadline=None)
@given(rows, policies)
def test_a_table_gives_what_the_specification_says(rules: Any, hit: str) -> None:
    found = load(rules, hit)
    for at in SPACE:
        outcome = found.trace("d", at)
        hits = matching(rules, at)
        assert outcome.value == expected(hit, [rules[n][3] for n in hits])
        told = [rule.number - 1 for rule in outcome.steps[0].tables[0].rules]
        assert told == (hits[:1] if hit == "F" else hits)


@settings(max_examples=150, deadline=None)
@given(rows, st.sampled_from("UAF"))
def test_the_analysis_finds_what_trying_everything_finds(rules: Any, hit: str) -> None:
    analysis = dmn.analyse(load(rules, hit).tables[0])
    assert analysis.complete
    assert not analysis.not_analysed
    taken = {n: matching(rules, at) for n, at in enumerate(SPACE)}

    _compare_gaps(analysis, rules, bool([n for n, hits in taken.items() if not hits]))
    pairs = {(a + 1, b + 1) for hits in taken.values() for a in hits for b in hits if a < b}
    assert {each.rules for each in analysis.overlaps} == (pairs if hit != "F" else set())
    for each in analysis.overlaps:
        assert {number - 1 for number in each.rules} <= set(matching(rules, _place(each.example)))
        assert each.differ == (rules[each.rules[0] - 1][3] != rules[each.rules[1] - 1][3])
    if hit == "F":
        behind = {n for n in range(len(rules)) if not any(hits[:1] == [n] for hits in taken.values())}
        possible = {n for hits in taken.values() for n in hits}
        assert {number - 1 for number in analysis.unreachable} == behind & possible


def _compare_gaps(analysis: dmn.Analysis, rules: Any, any_gap: bool) -> None:
    assert bool(analysis.gaps) == any_gap
    for gap in analysis.gaps:
        assert matching(rules, _place(gap.example)) == []


def _place(example: tuple[Any, ...]) -> dict[str, Any]:
    """The example, where a column that no cell divides may have any value."""
    return dict(zip("xsb", example, strict=True))
