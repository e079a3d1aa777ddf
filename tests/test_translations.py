"""Everything that people read can be read in English: nothing missing, nothing stale, nothing unmarked."""

from pathlib import Path

import pytest

from tools import translations
from tools.translations import placeholders, problems, unmarked_in_python, unmarked_in_template, unraised_in_engine

HERE = translations.ROOT / "webapp" / "sample"


@pytest.fixture(scope="module")
def marked() -> set[str]:
    return set(translations.collect())


def test_texts_are_collected_from_python_templates_and_the_engine(marked: set[str]) -> None:
    assert {"还有{n}天", "退出登录", "没有找到这个{thing}，可能已被删除，或者地址有误。"} <= marked


def test_the_english_catalogue_is_complete(marked: set[str]) -> None:
    found = problems(marked, translations.load())
    assert not found, "make translations updates en.po; then translate:\n" + "\n".join(found)


def test_all_chinese_text_is_marked() -> None:
    found = translations.unmarked()
    assert not found, 'wrap it in _("…") or N_("…"), or say `# zh: reason` on the line:\n' + "\n".join(map(str, found))


@pytest.mark.parametrize(
    ("catalogue", "complaint"),
    [
        ({}, "missing"),
        ({"好{n}": ""}, "missing"),
        ({"好{n}": "good {n}", "旧": "old"}, "stale"),
        ({"好{n}": "good {m}"}, "placeholders differ"),
        ({"好{n}": "good {n"}, "placeholders differ"),
        ({"好{n}": "好 {n}"}, "still Chinese"),
    ],
)
def test_a_bad_catalogue_is_found_out(catalogue: dict[str, str], complaint: str) -> None:
    assert complaint in problems({"好{n}"}, catalogue)[0]


def test_a_good_catalogue_is_left_alone() -> None:
    assert problems({"好{n}"}, {"好{n}": "good {n}"}) == []


def test_placeholders_are_compared_by_name() -> None:
    assert placeholders("{day}（{n:.1f}）{{x}}") == {"day", "n"}


@pytest.mark.parametrize("text", ['x = "好"', 'x = f"好{n}"', 'x = {"a": "好"}', 'show("好")', 'x = "，"'])
def test_unmarked_python_is_found(text: str) -> None:
    assert list(unmarked_in_python(HERE, text))


@pytest.mark.parametrize(
    "text", ['"""好"""', '_("好" "的")', 'N_("好")', "x = 1  # 好", 'x = "好"  # zh: a name', 'def f():\n    "好"']
)
def test_marked_python_passes(text: str) -> None:
    assert list(unmarked_in_python(HERE, text)) == []


@pytest.mark.parametrize("text", ["<p>好</p>", '<p title="好">', '{{ _("好") }}：', '{{ x or "好" }}'])
def test_an_unmarked_template_is_found(text: str) -> None:
    assert list(unmarked_in_template(HERE, text))


@pytest.mark.parametrize(
    "text",
    ['{{ _("好{n}", n=1) }}', "{# 好\n好 #}<p></p>", "{{ _('好') }}", '{% if x == "无" %}{# zh: a value #}'],
)
def test_a_marked_template_passes(text: str) -> None:
    assert list(unmarked_in_template(HERE, text)) == []


def test_an_engine_error_without_a_mark_is_found() -> None:
    assert list(unraised_in_engine(HERE, 'raise NotFound("没有")'))
    assert list(unraised_in_engine(HERE, 'raise NotFound(f"没有{x}")'))
    assert list(unraised_in_engine(HERE, 'raise NotFound(N_("没有"))')) == []


def test_an_update_keeps_what_is_translated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(translations, "ENGLISH", tmp_path / "en.po")
    monkeypatch.setattr(translations, "collect", lambda: {"好{n}": ["a.py"], "新": ["b.py"]})
    monkeypatch.setattr(translations, "load", lambda: {"好{n}": "good {n}", "旧": "old"})
    assert translations.update() == ["新"]
    first = (tmp_path / "en.po").read_bytes()
    translations.update()
    assert (tmp_path / "en.po").read_bytes() == first
    assert b"good {n}" in first
    assert b"old" not in first
