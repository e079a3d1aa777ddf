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
    FileInput,
    Input,
    MomentInput,
    NumberInput,
    TextInput,
    look_up,
    nest,
    option_key,
)
from engine.forms.inputs import DEFAULT_LENGTH, LONGEST_TEXT
from engine.forms.sentences import Sentence
from engine.forms.settling import Settled
from engine.forms.terms import Term
from engine.forms.values import check_length, check_range


def check(settled: Settled, raw: Raw, files: Mapping[str, list[dict[str, Any]]]) -> Bound:
    """Put the clean values and the sentences about all others together. Hidden and locked fields can't be wrong."""
    errors: dict[str, list[Sentence]] = {}
    clean: dict[str, Any] = {}
    for item in settled.inputs:
        if item.id not in settled.visible:
            continue
        if item.path in settled.locked:
            if _is_new(item, settled):
                clean[item.path] = settled.values[item.path]
            continue
        found = list(_problems(item, settled))
        if found:
            label = item.label.render(settled.scope)
            errors[item.path] = [sentence.about(label) for sentence in found]
        else:
            clean[item.path] = settled.values[item.path]
    return Bound(
        raw={path: list(texts) for path, texts in raw.items()},
        files={path: list(refs) for path, refs in files.items()},
        values=nest(clean),
        errors=errors,
        settled=settled,
    )


def _is_new(item: Input, settled: Settled) -> bool:
    """Whether a read-only field brings a default that the case does not have yet; a disabled one never writes."""
    known = look_up(settled.scope.case, item.path)
    return not item.disabled and known is None and settled.values[item.path] != item.empty


def _problems(item: Input, settled: Settled) -> Iterator[Sentence]:
    if item.path in settled.given.problems:
        yield from settled.given.problems[item.path]
        return
    value, typed = settled.values[item.path], settled.given.typed[item.path]
    if isinstance(item, Choice) and _is_forged(typed, settled.options[item.path]):
        yield Sentence(N_("{label}里没有所选的这一项，请重新选择。"))
    elif value == item.empty:
        if item.required:
            yield Sentence(_missing(item))
    else:
        yield from _dynamic(item, value, settled)


def _is_forged(typed: Any, options: Any) -> bool:
    keys = {option.key for option in options}
    return any(
        option_key(one) not in keys for one in (typed if isinstance(typed, list) else [typed]) if one is not None
    )


def _missing(item: Input) -> str:
    if isinstance(item, Checkbox):
        return N_("请勾选“{label}”。")
    if isinstance(item, Choice):
        return N_("请选择“{label}”。")
    return N_("请上传“{label}”。") if isinstance(item, FileInput) else N_("请填写“{label}”。")


def _dynamic(item: Input, value: Any, settled: Settled) -> Iterator[Sentence]:
    """Rules that depend on variables or on the moment; the literal ones are in the schema."""
    if isinstance(item, TextInput):
        yield from check_length(value, _given(item.min_length, settled), _longest(item, settled))
    elif isinstance(item, NumberInput):
        yield from check_range(value, _given(item.minimum, settled), _given(item.maximum, settled))
    elif isinstance(item, MomentInput) and item.not_past:
        yield from _check_past(value, settled.scope.env.now().astimezone(TIMEZONE))


def _given(term: Term, settled: Settled) -> Decimal | None:
    value = term.value(settled.scope) if term.expression is not None else None
    return value if isinstance(value, Decimal) else None


def _longest(item: TextInput, settled: Settled) -> Decimal | None:
    """An expression that gives nothing leaves the usual limit, and none lifts the highest one."""
    if item.max_length.expression is None:
        return None
    return min(_given(item.max_length, settled) or DEFAULT_LENGTH, LONGEST_TEXT)


def _check_past(value: Any, now: datetime) -> Iterator[Sentence]:
    if isinstance(value, datetime) and value < now.replace(second=0, microsecond=0):
        yield Sentence(N_("{label}不能早于现在（{now}）。"), now=now.strftime("%Y-%m-%d %H:%M"))
    elif isinstance(value, date) and not isinstance(value, datetime) and value < now.date():
        yield Sentence(N_("{label}不能早于今天（{today}）。"), today=now.date().isoformat())
