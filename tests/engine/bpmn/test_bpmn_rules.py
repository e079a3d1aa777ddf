"""Every rule finds a diagram that breaks it, and nothing in the twin that does not."""

from __future__ import annotations

from collections import Counter

import pytest

from engine.bpmn import Finding, check, read
from engine.bpmn.check import RULES
from tests.bpmn_xml import Drawing
from tests.engine.bpmn import (
    content_cases,
    data_cases,
    decision_cases,
    drawing_cases,
    event_cases,
    return_cases,
    soundness_cases,
    structure_cases,
    talk_cases,
    undoing_cases,
)
from tests.engine.bpmn.world import WORLD, Case, File

CASES = (
    *structure_cases.CASES,
    *event_cases.CASES,
    *content_cases.CASES,
    *decision_cases.CASES,
    *drawing_cases.CASES,
    *data_cases.CASES,
    *talk_cases.CASES,
    *undoing_cases.CASES,
    *soundness_cases.CASES,
    *return_cases.CASES,
)


def findings(file: File, *, drawing: bool = False, about: str = "") -> tuple[Finding, ...]:
    """What is said of a file; of what only follows from the drawing, no more than the one rule that it is about."""
    found = check(read(file.xml()), WORLD, deploy=not drawing)
    return tuple(each for each in found if each.severity != "note" or each.rule == about)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_the_rule_finds_what_breaks_it(case: Case) -> None:
    found = findings(case.broken, drawing=case.drawing, about=case.rule)

    assert case.element in {each.element for each in found if each.rule == case.rule}
    assert {each.rule for each in found} == {case.rule, *case.also}, [each.message for each in found]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_the_twin_breaks_nothing(case: Case) -> None:
    assert [each.message for each in findings(case.clean, drawing=case.drawing, about=case.rule)] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_every_sentence_is_complete_and_ends(case: Case) -> None:
    for finding in findings(case.broken, drawing=case.drawing, about=case.rule):
        assert finding.message.endswith(("。", "）。")), finding.message
        assert "{" not in finding.message.replace(repr(finding.params), "")


def test_every_rule_has_its_case_and_only_one() -> None:
    assert Counter(case.rule for case in CASES) == Counter(RULES.keys())


def test_findings_come_in_the_order_of_the_lines() -> None:
    drawing = Drawing().start().user_task("b", form=None).user_task("a", groups=None).end()

    lines = [each.line for each in findings(drawing)]

    assert lines == sorted(lines)
    assert len(lines) == 2
