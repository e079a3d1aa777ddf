"""Words that people have to give with an act: a reason, a question, an answer."""

from __future__ import annotations

from engine.errors import N_, InvalidVariables

LONGEST = 1_000


def written(text: str, field: str, missing: str, longest: int = LONGEST) -> str:
    """The text without spaces around it. Raises InvalidVariables, under ``field``, when it is empty or too long."""
    words = text.strip()
    if not words:
        raise InvalidVariables(missing, {field: [missing]})
    if len(words) > longest:
        template = N_("最多填写 {most} 个字，现在是 {count} 个字。")
        sentence = template.format(most=longest, count=len(words))
        raise InvalidVariables(template, {field: [sentence]}, most=longest, count=len(words))
    if "\0" in words:
        wrong = N_("文字中有不能保存的字符，请重新填写。")
        raise InvalidVariables(wrong, {field: [wrong]})
    return words
