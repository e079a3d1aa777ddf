"""The names of several words that expressions of a model may use, besides those of variables and types."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, Final

from engine.dmn import model

#: Two words with a blank between them are never an expression of their own, so such a name can be known everywhere.
_SPACED: Final = re.compile(r"[^\W\d]\w*( +\w+)+")


def inner_names(logic: Any) -> Iterator[str]:
    """The names that boxed expressions make: entries, parameters, columns, results of tables, loop variables."""
    if isinstance(logic, tuple):
        for each in logic:
            yield from inner_names(each)
    elif isinstance(logic, model.DecisionTable):
        yield from (output.name for output in logic.outputs)
    elif isinstance(logic, model.Loop):
        yield logic.variable
        yield from (*inner_names(logic.items), *inner_names(logic.body))
    elif is_dataclass(logic):
        if isinstance(logic, model.Entry | model.Parameter):
            yield logic.name
        for each in fields(logic):
            yield from inner_names(getattr(logic, each.name))


def spaced_names(*files: model.Definitions) -> frozenset[str]:
    """The inner names of several plain words, of all elements: those of one decision's value are read by others."""
    found = (
        name
        for file in files
        for element in file.elements
        if isinstance(element, model.DecisionElement | model.KnowledgeModel)
        for name in inner_names(element.logic)
    )
    return frozenset(name for name in found if _SPACED.fullmatch(name))
