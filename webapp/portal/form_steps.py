"""The steps of a start form: every group at its top is one, and so is what stands between groups."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from engine.forms import Field, Form, Group, Input, walk


@dataclass(frozen=True)
class Step:
    """Some fields of a form that are asked for on one page."""

    fields: tuple[Field, ...]


def steps_of(form: Form) -> list[Step]:
    """The steps of a form; one that has no groups is one step."""
    found = []
    for _group, fields in groupby(form.fields, lambda each: each.id if isinstance(each, Group) else ""):
        items = tuple(fields)
        if any(isinstance(each, Input) for each in walk(items)):
            found.append(Step(items))
    return found
