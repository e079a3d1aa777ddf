"""Words that people have to give with an act: a reason, a question, an answer."""

from __future__ import annotations

from engine.errors import N_, InvalidVariables

LONGEST = 1_000


def written(text: str, field: str, missing: str, longest: int = LONGEST) -> str:
    """The text without spaces around it. Raises InvalidVariables, under ``field``, when it is empty or too long."""
    words = text.strip()
    if not words:
        raise InvalidVariables.at(field, missing)
    if len(words) > longest:
        template = N_("最多填写 {most} 个字，现在是 {count} 个字。")
        raise InvalidVariables.at(field, template, most=longest, count=len(words))
    if "\0" in words:
        raise InvalidVariables.at(field, N_("文字中有不能保存的字符，请重新填写。"))
    return words
