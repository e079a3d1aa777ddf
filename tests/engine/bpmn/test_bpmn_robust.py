"""Damaged files: whatever is missing, double or wrong, the reader refuses in Chinese and the checker only finds."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import lxml.etree as etree
import pytest

from engine.bpmn import check, read
from engine.bpmn.diagram import Diagram
from engine.bpmn.layout import outline
from engine.errors import InvalidDefinition
from engine.tokens import build
from tests.engine.bpmn.test_bpmn_rules import CASES
from tests.engine.bpmn.world import WORLD, Case

SOURCE = Path(__file__).with_name("camunda8.bpmn").read_bytes()


def damaged(dice: random.Random) -> bytes:
    """The file with one to four faults: things lost, doubled, moved or mixed up."""
    root = etree.fromstring(SOURCE)
    for _ in range(dice.randint(1, 4)):
        elements = [each for each in root.iter(etree.Element) if each.getparent() is not None]
        victim, other = dice.sample(elements, 2)
        match dice.randrange(5):
            case 0:
                victim.getparent().remove(victim)
            case 1 if victim.attrib:
                del victim.attrib[dice.choice(list(victim.attrib))]
            case 2 if victim.attrib:
                victim.set(
                    dice.choice(list(victim.attrib)), dice.choice(["", "=", "=1 +", "未知", "Check", "F1", "x:y:z"])
                )
            case 3:
                victim.append(etree.fromstring(etree.tostring(other)))
            case _:
                victim.tag, other.tag = other.tag, victim.tag
    return bytes(etree.tostring(root))


def read_if_possible(source: bytes) -> Diagram | None:
    try:
        return read(source)
    except InvalidDefinition:
        return None


@pytest.mark.parametrize("seed", range(150))
def test_a_damaged_file_is_refused_or_found_out_and_never_crashes(seed: int) -> None:
    diagram = read_if_possible(damaged(random.Random(seed)))

    if diagram is not None:
        findings = (*check(diagram, WORLD), *check(diagram, deploy=False))
        assert all(finding.message.endswith("。") for finding in findings)
        assert len(outline(diagram)) >= len(diagram.processes)


@pytest.mark.parametrize("seed", range(150))
def test_what_the_checker_accepts_can_be_built(seed: int) -> None:
    diagram = read_if_possible(damaged(random.Random(seed)))

    if diagram is not None and not any(finding.severity == "error" for finding in check(diagram)):
        process = diagram.process()
        assert process is not None
        build(process)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_what_cannot_be_built_the_checker_has_refused(case: Case) -> None:
    diagram = read(case.broken.xml())
    process = diagram.process()
    if process is None:
        return
    try:
        build(process)
    except InvalidDefinition:
        # What is built here has no decision files beside it.
        assert any(finding.severity == "error" for finding in check(diagram, replace(WORLD, decisions={})))
