"""The harness of the DMN TCK: it reads the values of test cases, and tells a right result from a wrong one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import lxml.etree as etree
import pytest

from engine import feel
from tests.conformance import dmn_tck
from tests.conformance.tck_values import read, same
from tests.dmn_xml import decision, input_data, literal, model, service

HEAD = (
    '<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">'
    "<modelName>m.dmn</modelName>"
)
NIL = '<value xsi:nil="true"/>'


def value(text: str, kind: str = "decimal") -> str:
    return f'<value xsi:type="xsd:{kind}">{text}</value>'


def result(name: str, expected: str, error: bool = False) -> str:
    return f'<resultNode name="{name}" errorResult="{str(error).lower()}"><expected>{expected}</expected></resultNode>'


def failures(tmp_path: Path, *cases: str) -> list[str]:
    """The sentences of the cases that fail, in a suite with a small model."""
    suite = tmp_path / "dmn-tck" / "compliance-level-2" / "0001-own"
    suite.mkdir(parents=True)
    parts = (
        input_data("x"),
        decision("sum", literal("x + 1"), "x"),
        decision("wrong", literal("1 +")),
        decision("pair", literal('{a: x, b: ["t"]}'), "x"),
        service("s", "sum", inputs="x"),
    )
    (suite / "m.dmn").write_text(model(*parts), encoding="utf-8")
    (suite / "own-test-01.xml").write_text(HEAD + "".join(cases) + "</testCases>", encoding="utf-8")
    return [failure.sentence for failure in dmn_tck.run(tmp_path).failures]


def case(*results: str, attributes: str = "", x: str = value("2")) -> str:
    return f'<testCase id="1" {attributes}><inputNode name="x">{x}</inputNode>{"".join(results)}</testCase>'


def test_right_results_pass(tmp_path: Path) -> None:
    pair = f'<component name="a">{value("2")}</component><component name="b"><list><item>{value("t", "string")}'
    cases = [
        case(result("sum", value("3.0")), result("pair", pair + "</item></list></component>")),
        case(result("sum", NIL, error=True), x=NIL),
        case(result("wrong", NIL, error=True)),
        case(result("sum", value("3")), attributes='type="decisionService" invocableName="s"'),
    ]
    assert failures(tmp_path, *cases) == []


def test_wrong_results_fail_with_a_sentence(tmp_path: Path) -> None:
    found = failures(
        tmp_path,
        case(result("sum", value("4"))),
        case(result("sum", value("3", "string"))),
        case(result("sum", NIL, error=True)),
        case(result("wrong", NIL)),
        case(result("sum", value("3", "somethingElse"))),
    )
    assert len(found) == 5
    assert found[0] == "expected 4, got 3"
    assert "broke down" in found[4]


def test_a_file_that_is_missing_fails_every_result(tmp_path: Path) -> None:
    suite = tmp_path / "dmn-tck" / "compliance-level-3" / "0001-own"
    suite.mkdir(parents=True)
    text = HEAD + case(result("sum", value("1")), result("pair", value("1"))) + "</testCases>"
    (suite / "own-test-01.xml").write_text(text, encoding="utf-8")

    group = dmn_tck.run(tmp_path)
    assert (group.total.failed, group.total.passed, group.kept) == (2, 0, False)


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        (value("2020-01-02", "date"), date(2020, 1, 2)),
        (value("true", "boolean"), True),
        (value("P1Y", "yearMonthDuration"), feel.YearsMonths(12)),
        ("<list/>", []),
        ('<list xsi:nil="true"/>', None),
        ("<value>text</value>", "text"),
        ("", None),
    ],
)
def test_values_are_read(written: str, wanted: Any) -> None:
    root = etree.fromstring(f"{HEAD}<expected>{written}</expected></testCases>".encode())
    assert read(root.find("{*}expected")) == wanted


@pytest.mark.parametrize(
    ("expected", "found", "alike"),
    [
        (Decimal("1"), Decimal("1.000"), True),
        (Decimal("1.33"), Decimal("1.3333"), False),
        (Decimal("1.33333333"), Decimal("1.333333333333"), True),
        (Decimal("1.33333333"), Decimal("1.33333"), False),
        ("[1..2]", feel.Range(Decimal(1), Decimal(2)), True),
        (True, Decimal(1), False),
        ({"a": Decimal(1)}, {"a": Decimal(1), "b": None}, False),
        ([Decimal(1)], [Decimal(1), None], False),
        (None, None, True),
        (None, [], False),
    ],
)
def test_values_are_compared_by_kind_and_value(expected: Any, found: Any, alike: bool) -> None:
    assert same(expected, found) is alike
