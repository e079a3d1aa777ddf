"""Words and the entries of the index under which texts are found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.process import ProcessInstance
from engine.search import grams, imprint, sought, sought_imprint, sought_person, text_of

TEXT = "3号楼一楼餐馆油烟直排\nSQ-2026-00017\n金星社区一组居民"
chinese = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=30)


def found(words: str, text: str = TEXT) -> bool:
    entries = grams(text)
    wanted = sought(words)
    is_found = bool(wanted) and all(any(gram in one for gram in entries) for one in wanted)
    assert possible(words, text) or not is_found
    return is_found


def possible(words: str, text: str) -> bool:
    """Whether the imprint of the text has all that the words ask for."""
    pairs = zip(sought_imprint(sought(words)), imprint(grams(text)), strict=True)
    return all(has & asked == asked for asked, has in pairs)


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


def test_an_imprint_leaves_few_other_texts_possible() -> None:
    words = [f"{first}{second}" for first in "蜂围宠充健管外电树" for second in "窝挡物桩身渗墙梯木"]
    assert possible("油烟", TEXT)
    assert sum(possible(word, TEXT) for word in words) <= len(words) / 10
    assert all(0 <= part < 1 << 63 for part in imprint(grams(TEXT)))


@pytest.mark.parametrize("words", ["王晓芳", " 王 晓芳", "138-0000-0001", "１３８００００0001"])
def test_a_person_is_found_by_the_whole_of_a_name_or_number(words: str) -> None:
    person = sought_person(words)
    assert person is not None
    assert person.start in grams(_case_of("王晓芳", "13800000001"))


@pytest.mark.parametrize("words", ["王晓", "晓芳", "芳", "138", "13800000001王晓芳", "", "——"])
def test_a_person_is_not_found_by_parts_nor_by_the_words_of_a_text(words: str) -> None:
    text = _case_of("王晓芳", "13800000001")
    person = sought_person(words)
    assert person is None or person.start not in grams(text)
    assert not found(words or "王晓芳", text)


def _case_of(*people: str) -> str:
    return text_of(ProcessInstance(title="油烟", business_key="SQ-2026-00017", started_by_name="居民"), [], people)
