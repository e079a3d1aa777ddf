"""Built-ins for texts (DMN 1.5, 10.3.4.3). Positions count from 1, characters are Unicode code points."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.feel.decimals import whole
from engine.feel.errors import N_
from engine.feel.frame import Run
from engine.feel.functions import builtin


@builtin("substring", "string: string, start position: number, length?: number")
def substring(run: Run, text: str, start: Decimal, length: Decimal | None = None) -> str | None:
    first, size = whole(start), len(text) if length is None else int(min(length, Decimal(10**9)))
    if not first or size < 0 or abs(first) > len(text):
        run.note(N_("substring() 的起点或长度超出文本。"))
        return None
    begin = first - 1 if first > 0 else len(text) + first
    return text[begin : begin + size]


@builtin("string length", "string: string")
def string_length(run: Run, text: str) -> Decimal:
    return Decimal(len(text))


@builtin("upper case", "string: string")
def upper_case(run: Run, text: str) -> str:
    run.spend_text(len(text))
    return text.upper()


@builtin("lower case", "string: string")
def lower_case(run: Run, text: str) -> str:
    run.spend_text(len(text))
    return text.lower()


@builtin("trim", "string: string")
def trim(run: Run, text: str) -> str:
    """Remove white space at both ends (as in Camunda's FEEL; not in the specification)."""
    return text.strip()


@builtin("substring before", "string: string, match: string")
def substring_before(run: Run, text: str, match: str) -> str:
    run.spend_text(len(text))
    return text.partition(match)[0] if match and match in text else ""


@builtin("substring after", "string: string, match: string")
def substring_after(run: Run, text: str, match: str) -> str:
    if not match:
        return text
    run.spend_text(len(text))
    return text.partition(match)[2]


@builtin("contains", "string: string, match: string")
def contains(run: Run, text: str, match: str) -> bool:
    run.spend_text(len(text))
    return match in text


@builtin("starts with", "string: string, match: string")
def starts_with(run: Run, text: str, match: str) -> bool:
    return text.startswith(match)


@builtin("ends with", "string: string, match: string")
def ends_with(run: Run, text: str, match: str) -> bool:
    return text.endswith(match)


@builtin("string join", "list: list, delimiter?: string|null")
def string_join(run: Run, items: list[Any], delimiter: str | None = None) -> str | None:
    texts = [item for item in items if item is not None]
    if any(type(text) is not str for text in texts):
        run.note(N_("string join() 的列表里有不是文本的项。"))
        return None
    run.spend_items(len(items))
    run.spend_text(sum(map(len, texts)) + len(delimiter or "") * len(texts))
    return (delimiter or "").join(texts)
