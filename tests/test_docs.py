"""The documentation says what is there: generated pages are up to date, links lead somewhere, commands exist."""

import re
from pathlib import Path

import pytest

from engine.bpmn.check import RULES
from engine.bpmn.model import Kind
from tools import ext_rules, what_runs

ROOT = what_runs.ROOT
PAGES = sorted({*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "processes").rglob("*.md")})
GUIDES = ("admin", "analyst", "auditor", "official", "resident")
_LINK = re.compile(r"(?<![!`])\[[^\]\n]+\]\(([^)\s]+)\)")
_EVENTS = {kind for kind in Kind if kind.value.endswith("Event")}


def ids(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def test_what_runs_is_what_the_checker_says() -> None:
    assert what_runs.PAGE.read_text(encoding="utf-8") == what_runs.page(), "run make docs"


def test_the_numbered_constraints_are_those_of_the_rules() -> None:
    assert ext_rules.PAGE.read_text(encoding="utf-8") == ext_rules.page(), "run make docs"
    assert [rule.id for rule in RULES.values() if rule.ext and rule.deploy] == [], "wuji check applies them to drawings"
    assert [each for each in RULES.values() if any(not 1 <= number <= 152 for number in each.ext)] == []


def test_every_rule_and_every_element_is_listed() -> None:
    text = what_runs.page()
    assert [rule for rule in RULES if f"| `{rule}` |" not in text] == []
    assert [kind for kind in set(Kind) - _EVENTS if f"| `{kind.value}` |" not in text] == []


def test_the_events_that_cannot_run_are_not_said_to_run() -> None:
    lines = [line for line in what_runs.page().splitlines() if " · " in line and line.count("|") == 8]
    cells = {line.split(" · ")[0].strip("| "): [cell.strip() for cell in line.split("|")[2:-1]] for line in lines}
    assert cells["终止"] == ["–", "–", "–", "–", "–", "是 yes"]
    assert cells["取消"] == ["–", "–", "–", "是 yes", "–", "是 yes"]
    assert cells["定时"].count("是 yes") == 4


@pytest.mark.parametrize("page", PAGES, ids=ids(PAGES))
def test_relative_links_lead_to_files(page: Path) -> None:
    links = [link for link in _LINK.findall(page.read_text(encoding="utf-8")) if "://" not in link and link[0] != "#"]
    assert [link for link in links if not (page.parent / link.partition("#")[0]).exists()] == []


@pytest.mark.parametrize("guide", GUIDES)
def test_every_guide_is_there_in_both_languages(guide: str) -> None:
    chinese, english = (ROOT / "docs" / "guides" / name for name in (f"{guide}.md", f"{guide}.en.md"))
    count = [len(re.findall(r"^#+ ", path.read_text(encoding="utf-8"), re.MULTILINE)) for path in (chinese, english)]
    assert count[0] == count[1] > 3, "both languages have the same headings"


def test_the_make_targets_of_the_readmes_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for name in ("README.md", "README.zh-CN.md"):
        named = set(re.findall(r"`make ([a-z]+)`", (ROOT / name).read_text(encoding="utf-8")))
        assert named <= targets
        assert {"run", "test", "docs"} <= named
