"""The forms of the library say all that they say in English, too."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import forms, policy
from tests.form_texts import CHINESE, texts
from tools import translations

FILES = sorted((Path(__file__).parents[2] / "forms").glob("*.form"))


@pytest.fixture(scope="module")
def catalogue() -> dict[str, str]:
    return translations.load()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_text_is_there_in_english(file: Path, catalogue: dict[str, str]) -> None:
    form = forms.compile(file.read_bytes())
    shown = {text for text in texts(form) if CHINESE.search(text)}
    assert sorted(text for text in shown if not (form.english.get(text) or catalogue.get(text))) == [], "not told"
    assert sorted(text for text in form.english if text not in {*shown, form.title}) == [], "said nowhere"
    assert [text for text in form.english.values() if CHINESE.search(text)] == [], "Chinese"


def test_units_of_settings_are_there_in_english(catalogue: dict[str, str]) -> None:
    files = (FILES[0].parent.parent / "processes").glob("*/policy.yaml")
    settings = [each for file in files for each in policy.parse(file.read_text(encoding="utf-8")).values()]
    told = {each.unit for each in settings if each.unit_english} | catalogue.keys()
    told |= {text for file in FILES for text in forms.compile(file.read_bytes()).english}
    assert {each.unit for each in settings if CHINESE.search(each.unit)} - told == set()


def test_one_text_is_told_in_one_way() -> None:
    """All forms share one list: of two translations of a text, nobody could say which is shown."""
    found: dict[str, set[str]] = {}
    for file in FILES:
        for text, english in forms.compile(file.read_bytes()).english.items():
            found.setdefault(text, set()).add(english)
    assert {text: sorted(each) for text, each in found.items() if len(each) > 1} == {}
