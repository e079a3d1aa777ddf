"""Words and the entries of the index under which texts are found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.search import grams, sought

TEXT = "3号楼一楼餐馆油烟直排\nSQ-2026-00017\n金星社区一组居民"
chinese = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=30)


def found(words: str, text: str = TEXT) -> bool:
    entries = grams(text)
    wanted = sought(words)
    return bool(wanted) and all(any(gram in one for gram in entries) for one in wanted)


@pytest.mark.parametrize(
    "words", ["油烟", "3号", "3号楼一楼", "排", "号", "00017", "17", "SQ-2026-00017", "sq-2026", "ＳＱ", "居民"]
)
def test_a_text_is_found_by_its_parts(words: str) -> None:
    assert found(words)


@pytest.mark.parametrize("words", ["烟油", "直排餐馆", "018", "2027", "没有", "", "%", "_", "——"])
def test_a_text_is_not_found_by_what_is_not_in_it(words: str) -> None:
    assert not found(words)


@given(chinese, st.data())
def test_every_part_of_a_chinese_text_finds_it(text: str, data: st.DataObject) -> None:
    begin = data.draw(st.integers(0, len(text) - 2))
    end = data.draw(st.integers(begin + 1, len(text)))
    assert found(text[begin:end], text)


@given(st.text(max_size=200))
def test_any_text_has_few_entries_that_fit_the_database(text: str) -> None:
    assert len(grams(text)) <= 400
    assert all(0 <= gram < 1 << 63 for gram in grams(text))
