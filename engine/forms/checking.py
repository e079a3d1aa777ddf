"""What is wrong with the settled values: the schema's problems, missing values, options, limits that are FEEL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.clock import TIMEZONE
from engine.errors import N_
from engine.forms.bound import Bound, Raw
from engine.forms.fields import (
    Checkbox,
    Choice,
    Computed,
    FileInput,
    Input,
    ListInput,
    MomentInput,
    NumberInput,
    TextInput,
)
from engine.forms.inputs import DEFAULT_LENGTH, LONGEST_TEXT
from engine.forms.options import Option
from engine.forms.sentences import Sentence
from engine.forms.settling import Settled, choose
from engine.forms.terms import Scope, Term, look_up, show
from engine.forms.values import check_length, check_range


def check(settled: Settled, raw: Raw, files: Mapping[str, list[dict[str, Any]]]) -> Bound:
    """Put the clean values and the sentences about all others together. Hidden and locked fields can't be wrong."""
    errors: dict[str, list[Sentence]] = {}
    clean: dict[str, Any] = {}
    for item in settled.layout.inputs:
        if not settled.counts(item):
            continue
        if item.path in settled.locked:
            if isinstance(item, Computed) or _is_new(item, settled):
                clean[item.path] = settled.values[item.path]
            continue
        if not _note(errors, item, settled, _problems(item, settled)):
            clean[item.path] = settled.values[item.path]
    for repeated, row in _repeated(settled, errors):
        sentence = Sentence(N_("{label}与第 {row} 项重复，请核对。"), row=row)
        _note(errors, repeated, settled, iter([sentence]))
    for each in settled.layout.lists:
        # What did not even fit on the page was sent all the same.
        if settled.counts(each) or settled.layout.sent[each.path] > len(each.rows):
            _note(errors, each, settled, _row_problems(each, settled))
    return Bound(
        raw={path: list(texts) for path, texts in raw.items()},
        files={path: list(refs) for path, refs in files.items()},
        values=settled.layout.gather(clean, settled.rows, settled.visible),
        errors=errors,
        settled=settled,
    )


def _repeated(settled: Settled, errors: Mapping[str, Any]) -> Iterator[tuple[Input, int]]:
    """Fields of lists that say what another row said before, and the number of that row."""
    numbers = {row.path: row.number for each in settled.layout.lists for row in each.rows}
    seen: dict[tuple[str, Any], int] = {}
    for item in settled.layout.inputs:
        value = settled.values[item.path]
        if not item.unique or value == item.empty or item.path in errors or not settled.counts(item):
            continue
        column = f"{item.at.rpartition('.')[0]}[]{item.path.removeprefix(item.at)}"
        if (first := seen.setdefault((column, value), numbers[item.at])) != numbers[item.at]:
            yield item, first


def _note(errors: dict[str, list[Sentence]], item: Input, settled: Settled, problems: Iterator[Sentence]) -> bool:
    found = list(problems)
    if found:
        label = item.label.render(settled.scope.at(item.at))
        errors[item.path] = [sentence.about(label) for sentence in found]
    return bool(found)


def _is_new(item: Input, settled: Settled) -> bool:
    """Whether a read-only field brings a default that the case does not have yet; a disabled one never writes.

    In a list it always comes along: the list is written as a whole.
    """
    known = look_up(settled.scope.case, item.path)
    value = settled.values[item.path]
    return bool(item.at) or (not item.disabled and known is None and value != item.empty)


def _row_problems(item: ListInput, settled: Settled) -> Iterator[Sentence]:
    count = settled.layout.sent[item.path]
    if not item.may_change:
        return
    if count > item.maximum or count > len(item.rows):
        most = min(item.maximum, len(item.rows) if count > len(item.rows) else item.maximum)
        yield Sentence(N_("{label}最多 {limit} 项，现在是 {count} 项，请删去多出的。"), limit=most, count=count)
    elif len(item.rows) < item.minimum:
        yield Sentence(N_("{label}至少要 {limit} 项，现在是 {count} 项。"), limit=item.minimum, count=len(item.rows))


def _problems(item: Input, settled: Settled) -> Iterator[Sentence]:
    if item.path in settled.given.problems:
        yield from settled.given.problems[item.path]
        return
    value, typed = settled.values[item.path], settled.given.typed[item.path]
    if isinstance(item, Choice) and _is_forged(item, typed, settled.options[item.path]):
        yield Sentence(_unknown(item), typed=show(typed)[:40])
    elif value == item.empty:
        if item.required:
            yield Sentence(_missing(item))
    else:
        yield from _dynamic(item, value, settled)


def _is_forged(item: Choice, typed: Any, options: tuple[Option, ...]) -> bool:
    asked = typed if isinstance(typed, list) else [typed]
    return any(choose(item, [one] if item.many else one, options) in (None, []) for one in asked if one is not None)


def _unknown(item: Choice) -> str:
    if item.searchable:
        return N_("{label}里没有“{typed}”，请从列出的项里选择。")
    return N_("{label}里没有所选的这一项，请重新选择。")


def _missing(item: Input) -> str:
    if isinstance(item, Checkbox):
        return N_("请勾选“{label}”。")
    if isinstance(item, Choice):
        return N_("请选择“{label}”。")
    if isinstance(item, FileInput):
        return N_("请在“{label}”处签名。") if item.signature else N_("请上传“{label}”。")
    return N_("请填写“{label}”。")


def _dynamic(item: Input, value: Any, settled: Settled) -> Iterator[Sentence]:
    """Rules that depend on variables or on the moment; the literal ones are in the schema."""
    scope = settled.scope.at(item.at)
    if isinstance(item, TextInput):
        yield from check_length(value, _given(item.min_length, scope), _longest(item, scope))
    elif isinstance(item, NumberInput):
        yield from check_range(value, _given(item.minimum, scope), _given(item.maximum, scope))
    elif isinstance(item, MomentInput) and item.not_past:
        yield from _check_past(value, scope.env.now().astimezone(TIMEZONE))


def _given(term: Term, scope: Scope) -> Decimal | None:
    value = term.value(scope) if term.expression is not None else None
    return value if isinstance(value, Decimal) else None


def _longest(item: TextInput, scope: Scope) -> Decimal | None:
    """An expression that gives nothing leaves the usual limit, and none lifts the highest one."""
    if item.max_length.expression is None:
        return None
    return min(_given(item.max_length, scope) or DEFAULT_LENGTH, LONGEST_TEXT)


def _check_past(value: Any, now: datetime) -> Iterator[Sentence]:
    if isinstance(value, datetime) and value < now.replace(second=0, microsecond=0):
        yield Sentence(N_("{label}不能早于现在（{now}）。"), now=now.strftime("%Y-%m-%d %H:%M"))
    elif isinstance(value, date) and not isinstance(value, datetime) and value < now.date():
        yield Sentence(N_("{label}不能早于今天（{today}）。"), today=now.date())
