"""The clause catalogue against the text of the issued standard, and against the catalogue that others made of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from tests.conformance.groups import Failure, Group, Promise, Row

_OWN = Path(__file__).resolve().parents[2] / "processes" / "clauses.yaml"
_BINDING = "DB3716/T69 "
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: What the page breaks of the source leave in the middle of a sentence: a page number and the running head.
_PAGE = re.compile(r"\n\s*\w{1,4}\s*\nDB 3716/T 69—2024\n")
_FULL_WIDTH = str.maketrans("，；：（）", ",;:()")


def run(folder: Path) -> Group:
    """Hold every row against both; ``folder`` is that of the material, which the source texts lie beside."""
    source = folder.parent / "standard"
    text = _bare(_PAGE.sub("\n", next(source.glob("001_*.txt")).read_text("utf-8")))
    theirs = {row["id"]: row for row in _rows(source / "clauses.yaml") if row["id"].startswith(_BINDING)}
    ours = {row["id"]: row for row in _rows(_OWN)}
    failures = [Failure(id, said) for id, row in ours.items() for said in _wrong(row, text, theirs.get(id))]
    failures += [Failure(id, "is missing in processes/clauses.yaml") for id in theirs.keys() - ours.keys()]
    faulty = {failure.case for failure in failures}
    row = Row("issued standard", passed=len(ours.keys() - faulty), failed=len(faulty))
    kept = not failures and len(ours) == len(theirs) > 0
    return Group("clauses", (row,), tuple(failures), (Promise(f"{row.passed} of {len(theirs)} rows verbatim", kept),))


def _wrong(row: dict[str, Any], text: str, theirs: dict[str, Any] | None) -> list[str]:
    said = []
    if theirs is None:
        said.append("is not a clause of the issued standard")
    elif theirs["modality"] != row["modality"]:
        said.append(f"modality {row['modality']} is {theirs['modality']} in the source")
    if _bare(row["quote"]) not in text:
        said.append("its quote does not stand in the source")
    sentence = _bare(row["text"].replace("（积）", "")).rstrip("。…")
    if sentence not in text:
        said.append("its sentence does not stand in the source")
    return said


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text).translate(_FULL_WIDTH)


def _rows(path: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = yaml.load(path.read_text("utf-8"), Loader=_LOADER)  # noqa: S506 (both are the safe ones)
    return rows
