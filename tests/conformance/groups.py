"""What a group of conformance cases reports, where the material is, and the table that is printed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

VARIABLE = "WUJI_CONFORMANCE"
_BESIDE = Path(__file__).resolve().parents[3] / "shared" / "conformance"


@dataclass(frozen=True)
class Row:
    """One line of the table: a suite, or a kind of case. ``refused`` are cases that we turn away with a sentence."""

    name: str
    passed: int = 0
    failed: int = 0
    refused: int = 0

    @property
    def total(self) -> int:
        """All cases of the row."""
        return self.passed + self.failed + self.refused


@dataclass(frozen=True)
class Failure:
    """A case that did not come out as its authors expect, and why, in a sentence."""

    case: str
    sentence: str


@dataclass(frozen=True)
class Promise:
    """What was promised about the group, with the figure in the sentence, and whether it is kept."""

    what: str
    kept: bool


@dataclass(frozen=True)
class Group:
    """All cases of one kind of material."""

    name: str
    rows: tuple[Row, ...]
    failures: tuple[Failure, ...] = ()
    promises: tuple[Promise, ...] = ()

    @property
    def total(self) -> Row:
        """The sum of all rows."""
        sums = (sum(getattr(row, field) for row in self.rows) for field in ("passed", "failed", "refused"))
        return Row("total", *sums)

    @property
    def kept(self) -> bool:
        """Whether every promise is kept."""
        return all(promise.kept for promise in self.promises)


def material() -> Path | None:
    """The folder of the material, or None where it does not exist."""
    folder = Path(os.environ.get(VARIABLE) or _BESIDE)
    return folder if folder.is_dir() else None


def lines(group: Group) -> Iterator[str]:
    """The table of the group, its failures and its promises."""
    width = max([len(row.name) for row in group.rows] + [len("total")])
    yield f"## {group.name}"
    yield f"{'':{width}}  {'cases':>6} {'passed':>7} {'failed':>7} {'refused':>8}"
    for row in (*group.rows, group.total):
        yield f"{row.name:{width}}  {row.total:>6} {row.passed:>7} {row.failed:>7} {row.refused:>8}"
    yield from (f"  ✗ {failure.case}: {failure.sentence}" for failure in group.failures)
    yield from (f"{'✓' if promise.kept else '✗'} {promise.what}" for promise in group.promises)
