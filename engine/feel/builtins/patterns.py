"""Built-ins with regular expressions (DMN 1.5, 10.3.4.3), in XPath's syntax, without back-references."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from engine.feel.errors import N_
from engine.feel.frame import Run
from engine.feel.functions import builtin
from engine.feel.regex import Match, Matcher, PatternError, compile_pattern

_REFERENCE = re.compile(r"\\(.)|\$([0-9])|([\\$])", re.DOTALL)
MAX_PATTERN = 1000


def _matcher(run: Run, pattern: str, flags: str | None) -> Matcher | None:
    run.spend(20 + len(pattern))
    try:
        if len(pattern) > MAX_PATTERN:
            raise PatternError
        return compile_pattern(pattern, flags or "")
    except PatternError:
        run.note(N_("“{pattern}”不是可用的正则表达式。"), pattern=pattern[:60])
        return None


@builtin("matches", "input: string, pattern: string, flags?: string|null")
def matches(run: Run, text: str, pattern: str, flags: str | None = None) -> bool | None:
    matcher = _matcher(run, pattern, flags)
    return None if matcher is None else matcher.search(text, 0, run.spend) is not None


@builtin("replace", "input: string, pattern: string, replacement: string, flags?: string|null")
def replace(run: Run, text: str, pattern: str, replacement: str, flags: str | None = None) -> str | None:
    """Replace every match; ``$1`` stands for a group, ``\\$`` for a dollar. Null if the pattern matches nothing."""
    matcher = _matcher(run, pattern, flags)
    fill = _filler(replacement) if "q" not in (flags or "") else lambda match, source: replacement
    if fill is None:
        run.note(N_("替换文本“{text}”里的“$”或“\\”后面不对。"), text=replacement[:40])
    if matcher is None or fill is None or _matches_nothing(run, matcher):
        return None
    parts, end, length = [], 0, len(text)
    for match in matcher.find_all(text, run.spend):
        parts += [text[end : match.start], fill(match, text)]
        end, length = match.end, length + len(parts[-1])
        run.spend_text(length)
    return "".join((*parts, text[end:]))


def _matches_nothing(run: Run, matcher: Matcher) -> bool:
    if matcher.search("", 0, run.spend) is None:
        return False
    run.note(N_("正则表达式不能匹配空文本。"))
    return True


def _filler(replacement: str) -> Callable[[Match, str], str] | None:
    wrong = [found for found in _REFERENCE.finditer(replacement) if found[3] or (found[1] and found[1] not in "\\$")]
    if wrong:
        return None

    def fill(match: Match, text: str) -> str:
        def value(found: re.Match[str]) -> str:
            if found[1]:
                return found[1]
            number = int(found[2])
            if number == 0:
                return text[match.start : match.end]
            return (match.groups[number - 1] or "") if number <= len(match.groups) else ""

        return _REFERENCE.sub(value, replacement)

    return fill


@builtin("split", "string: string, delimiter: string")
def split(run: Run, text: str, delimiter: str) -> list[str] | None:
    matcher = _matcher(run, delimiter, None)
    if matcher is None or _matches_nothing(run, matcher):
        return None
    parts, end = [], 0
    for match in matcher.find_all(text, run.spend):
        parts.append(text[end : match.start])
        end = match.end
    run.spend_items(len(parts))
    return [*parts, text[end:]]


@builtin("extract", "string: string, pattern: string")
def extract(run: Run, text: str, pattern: str) -> list[Any] | None:
    """Return all matches of the pattern (as in Camunda's FEEL; not in the specification)."""
    matcher = _matcher(run, pattern, None)
    if matcher is None:
        return None
    found = [text[match.start : match.end] for match in matcher.find_all(text, run.spend)]
    run.spend_items(len(found))
    return found
