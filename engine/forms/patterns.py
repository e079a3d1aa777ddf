"""Regular expressions that an analyst may write: anchored, and only such as can't run away.

form-js tests patterns anywhere in the text, in JavaScript's dialect. Here a pattern must fit the whole text, ``\\d``
and ``\\w`` are ASCII as in JavaScript, and one that could need very many attempts on a text as long as the field allows
is refused when the form is compiled.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable
from typing import Any

from engine.errors import N_, EngineError

#: A text longer than this is never tried against a pattern.
LONGEST = 200
_MOST_ATTEMPTS = 200_000
# Python's own parser of regular expressions: the only one that agrees with what re then runs.
_parser: Any = importlib.import_module("re._parser")
_UNIT = {"LITERAL", "NOT_LITERAL", "ANY", "IN", "AT"}


class UnsafePattern(EngineError):
    """A pattern that is no regular expression, or one that could take too long."""

    code = "unsafe_pattern"


def compile_pattern(text: str, longest: int) -> re.Pattern[str]:
    """Compile a pattern for texts of at most ``longest`` characters. Raises UnsafePattern."""
    if len(text) > 500:
        raise UnsafePattern(N_("校验规则超过 500 个字符，请改短。"))
    try:
        tree = _parser.parse(text, re.ASCII)
        pattern = re.compile(text, re.ASCII)
    except (re.error, OverflowError, RecursionError) as error:
        raise UnsafePattern(N_("校验规则不是正则表达式：{reason}。"), reason=str(error)) from error
    if _attempts(tree, min(longest, LONGEST)) > _MOST_ATTEMPTS:
        raise UnsafePattern(N_("校验规则可能要算很久，请去掉嵌套的重复，或者把最大字数改小。"))
    return pattern


def _attempts(items: Iterable[Any], longest: int) -> int:
    """An upper bound of the ways in which a sequence can be tried on a text: what backtracking goes through."""
    ways = 1
    for operator, argument in items:
        ways = min(ways * _ways(str(operator), argument, longest), _MOST_ATTEMPTS + 1)
    return ways


def _ways(operator: str, argument: Any, longest: int) -> int:
    if operator in _UNIT:
        return 1
    if operator == "SUBPATTERN":
        return _attempts(argument[3], longest)
    if operator == "BRANCH":
        return sum(_attempts(branch, longest) for branch in argument[1])
    if operator in ("MAX_REPEAT", "MIN_REPEAT"):
        low, high, body = argument
        return _repeats(low, min(int(high), longest), _attempts(body, longest))
    raise UnsafePattern(N_("校验规则用了不支持的写法（前后查找、反向引用等），请改用简单的写法。"))


def _repeats(low: int, high: int, inner: int) -> int:
    counts = max(high - low, 0) + 1
    if inner == 1:
        return counts
    # high times inner ways: past 17 repeats of two ways, the bound is exceeded anyway.
    return int(counts * inner ** min(high, 18))
