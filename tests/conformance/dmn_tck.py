"""The DMN Technology Compatibility Kit: each result that a test case expects is one case, as in its own reports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lxml.etree as etree

from engine import dmn
from tests.conformance.groups import Failure, Group, Promise, Row
from tests.conformance.tck_values import read, same, shown

LEFT_OUT = "0076-feel-external-java"  # needs a JVM
PROMISED = 0.95


@dataclass(frozen=True)
class Result:
    """One expected result of one test case."""

    suite: str
    case: str
    failure: str  # empty when it passed


def run(folder: Path) -> Group:
    """Run every suite under ``dmn-tck``; 95 of 100 cases must pass, those that need Java left out."""
    suites = sorted(path for path in (folder / "dmn-tck").glob("compliance-level-*/*") if path.is_dir())
    results = [each for suite in suites if suite.name != LEFT_OUT for each in _suite(suite)]
    rows = []
    for suite in dict.fromkeys(each.suite for each in results):
        own = [each for each in results if each.suite == suite]
        failed = sum(bool(each.failure) for each in own)
        rows.append(Row(suite, passed=len(own) - failed, failed=failed))
    failures = tuple(Failure(f"{each.suite}/{each.case}", each.failure) for each in results if each.failure)
    passed = len(results) - len(failures)
    share = passed / len(results) if results else 0.0
    promise = Promise(f"{passed} of {len(results)} pass ({share:.1%}; promised {PROMISED:.0%})", share >= PROMISED)
    return Group("DMN TCK", tuple(rows), failures, (promise,))


def _suite(folder: Path) -> Iterator[Result]:
    for path in sorted(folder.glob("*test*.xml")):
        root = etree.parse(path, etree.XMLParser(remove_comments=True)).getroot()
        model_name = root.findtext("{*}modelName") or ""
        others = [each.read_bytes() for each in sorted(folder.glob("*.dmn")) if each.name != model_name]
        try:
            model = dmn.load((folder / model_name).read_bytes(), others)
        except (dmn.DmnError, OSError) as error:
            # Every result that was expected counts as failed, so that a file that can't be read weighs what it holds.
            for node in root.iterfind("{*}testCase/{*}resultNode"):
                yield Result(folder.name, f"{node.getparent().get('id')} {node.get('name')}", f"not loaded: {error}")
            continue
        for case in root.iterfind("{*}testCase"):
            yield from _case(folder.name, model, case)


def _case(suite: str, model: dmn.Model, case: etree._Element) -> Iterator[Result]:
    for node in case.iterfind("{*}resultNode"):
        try:
            failure = _judge(model, case, node)
        except Exception as error:  # a fault of ours in one case must not hide the others
            failure = f"broke down: {error!r}"
        yield Result(suite, f"{case.get('id')} {node.get('name')}", failure)


def _judge(model: dmn.Model, case: etree._Element, node: etree._Element) -> str:
    expected = node.find("{*}expected")
    wanted = None if expected is None else read(expected)
    try:
        found = _evaluate(model, case, node.get("name"), _inputs(case))
    except dmn.DmnError as error:
        return "" if node.get("errorResult") == "true" else f"expected {shown(wanted)}, but: {error}"
    if same(wanted, found):
        return ""
    return f"expected {shown(wanted)}, got {shown(found)}"


def _inputs(case: etree._Element) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for node in case.iterfind("{*}inputNode"):
        namespace = node.get("namespace")
        found[f"{{{namespace}}}{node.get('name')}" if namespace else node.get("name")] = read(node)
    return found


def _evaluate(model: dmn.Model, case: etree._Element, name: str, inputs: dict[str, Any]) -> Any:
    invocable = case.get("invocableName")
    if case.get("type") == "decision" or invocable is None:
        return model.evaluate(name, inputs)
    value = model.evaluate(invocable, inputs)
    return value[name] if isinstance(value, dict) and name in value else value
