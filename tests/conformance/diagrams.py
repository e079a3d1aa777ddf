"""Diagrams that others drew, held against the rules of BPMN itself: what breaks them is refused, the others are not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from math import ceil
from pathlib import Path

from engine.bpmn import Finding, World, check, read
from engine.bpmn.check import RULES
from engine.errors import InvalidDefinition
from tests.conformance.groups import Failure, Group, Promise, Row

#: The share of the diagrams that each break one rule of the standard that is refused at least.
MIN_REFUSED = Fraction(150, 161)


def illegal(folder: Path) -> Group:
    """Diagrams that each break one numbered constraint, a row for each; refused by a rule with that number is passed.

    Refused by another rule counts as refused: something is said, but not about this constraint.
    """
    rows, failures = [], []
    for place in sorted((folder / "bpmn" / "illegal").glob("EXT*")):
        number = int(place.name.removeprefix("EXT"))
        passed = refused = failed = 0
        for path in sorted(place.glob("*.bpmn")):
            rules = {each.rule for each in errors(path)}
            if any(number in RULES[rule].ext for rule in rules & RULES.keys()):
                passed += 1
            elif rules:
                refused += 1
                failures.append(Failure(path.stem, f"refused by {', '.join(sorted(rules))}"))
            else:
                failed += 1
                failures.append(Failure(path.stem, "nothing is said"))
        rows.append(Row(place.name, passed, failed, refused))
    total = sum(row.passed + row.refused for row in rows)
    cases = sum(row.total for row in rows)
    return Group(
        "illegal",
        tuple(rows),
        tuple(failures),
        (Promise(f"{total} of {cases} refused, at least {ceil(MIN_REFUSED * cases)}", total >= MIN_REFUSED * cases),),
    )


def legal(folder: Path) -> Group:
    """The twins in which nothing is wrong."""
    return _clean("legal", sorted((folder / "bpmn" / "legal").glob("*.bpmn")))


def miwg(folder: Path) -> Group:
    """The reference diagrams of the Model Interchange Working Group."""
    return _clean("miwg", sorted((folder / "bpmn" / "miwg-reference").glob("*.bpmn")))


def errors(path: Path) -> list[Finding]:
    """The errors of a file as a drawing; one without a rule of ours when it can't be read."""
    try:
        world = World(beside=frozenset(each.name for each in path.parent.iterdir()))
        return [each for each in check(read(path.read_bytes()), world, deploy=False) if each.severity == "error"]
    except InvalidDefinition as error:
        return [Finding("", "file", "error", error.template, error.params)]


def _clean(name: str, paths: Iterable[Path]) -> Group:
    rows: dict[str, list[bool]] = defaultdict(list)
    failures = []
    for path in paths:
        found = errors(path)
        rows[path.stem.split("_")[0].split(".")[0]].append(not found)
        failures += [Failure(path.stem, f"{each.rule}: {each.message}") for each in found]
    counted = tuple(Row(kind, sum(good), len(good) - sum(good)) for kind, good in rows.items())
    wrong = sum(row.failed for row in counted)
    return Group(name, counted, tuple(failures), (Promise(f"{wrong} files with errors, none allowed", wrong == 0),))
