"""The page docs/feel.md names every built-in and the limits as they are."""

from __future__ import annotations

import re
from dataclasses import astuple
from pathlib import Path

from engine.feel import Limits
from engine.feel.functions import BUILTINS

PAGE = (Path(__file__).parents[3] / "docs" / "feel.md").read_text(encoding="utf-8")


def _rows(heading: str) -> list[str]:
    section = PAGE.partition(f"## {heading}")[2].partition("\n## ")[0]
    return [line for line in section.splitlines() if line.startswith("| ")][1:]


def test_the_page_lists_every_built_in_once() -> None:
    assert sorted(re.findall(r"`([^`]+)`", "\n".join(_rows("内置函数")))) == sorted(BUILTINS)


def test_the_page_gives_the_limits_as_they_are() -> None:
    given = [int(row.split("|")[2].replace(",", "")) for row in _rows("上限")]
    assert given == list(astuple(Limits()))
