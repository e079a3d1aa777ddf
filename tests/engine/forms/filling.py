"""Fill in a form as its fields allow, by chance."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any

from engine import feel
from engine.clock import TIMEZONE
from engine.forms import Form
from engine.forms.fields import (
    Checkbox,
    Choice,
    Computed,
    FieldType,
    FileInput,
    Input,
    ListInput,
    MomentInput,
    NumberInput,
    walk,
)
from engine.forms.terms import Scope

MOST = 60


class Filling:
    """Answers to forms; ``now`` is the moment (UTC) after which dates are given."""

    def __init__(self, chance: Random, now: datetime) -> None:
        self.chance = chance
        self.soon = (now + timedelta(days=2)).astimezone(TIMEZONE).replace(tzinfo=None, second=0)

    def answers(self, form: Form, known: Mapping[str, Any], env: feel.Environment) -> dict[str, Any]:
        """Values by path. What each field may hold is worked out with the answers before it."""
        values: dict[str, Any] = {}
        for field in form.inputs:
            values[field.path] = self.answer(field, Scope(values, known, env))
        return values

    def answer(self, field: Input, scope: Scope) -> Any:
        """A value that fits the type and the bounds of a field."""
        if isinstance(field, NumberInput):
            return self._number(field, scope)
        if isinstance(field, Choice):
            return self._choice(field, scope)
        if isinstance(field, MomentInput):
            return self.soon.date() if field.subtype == "date" else self.soon
        if isinstance(field, Checkbox):
            return self.chance.random() < 0.8
        if isinstance(field, FileInput | Computed):
            return None
        if isinstance(field, ListInput):
            return self._rows(field, scope)
        return "按规定办理。\n已告知各方。" if field.type is FieldType.TEXTAREA else "居委会"

    def _rows(self, field: ListInput, scope: Scope) -> list[dict[str, Any]]:
        count = self.chance.randint(max(1, field.minimum), max(1, field.minimum) + 1)
        inside = [item for item in walk(field.children) if isinstance(item, Input)]
        return [{item.path.rpartition(".")[2]: self.answer(item, scope) for item in inside} for _row in range(count)]

    def _number(self, field: NumberInput, scope: Scope) -> int:
        least, most = field.minimum.value(scope), field.maximum.value(scope)
        bottom = int(least or 0)
        return self.chance.randint(bottom, max(bottom, int(MOST if most is None else most)))

    def _choice(self, field: Choice, scope: Scope) -> Any:
        keys = [option.value for option in field.options.resolve(scope)]
        if field.type is FieldType.CHECKLIST:
            return self.chance.sample(keys, self.chance.randint(min(1, len(keys)), len(keys)))
        return self.chance.choice(keys) if keys else None
