"""A form with as many rows in its lists as there are: what was written once stands there row by row."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from engine import feel
from engine.forms.fields import Field, FieldType, Group, Input, ListInput, Row, walk
from engine.forms.terms import Place, Scope

#: No list has more rows, and no form more in all its lists together: what is sent beyond is an error.
HIGHEST_ROWS = 200
MOST_ROWS = 500
#: A row's key: what a page sends under the name of its list, once for each row.
LONGEST_KEY = 4
_KEY = re.compile(r"\.[0-9]+(?=\.|$)")
Keys = Callable[[ListInput], Sequence[str]]


@dataclass(frozen=True)
class Layout:
    """``fields`` as they stand in the page; ``sent`` tells how many rows came for each list, by path."""

    fields: tuple[Field, ...]
    sent: Mapping[str, int]

    @cached_property
    def inputs(self) -> tuple[Input, ...]:
        """All fields with a value of their own, in their order."""
        return tuple(item for item in walk(self.fields) if isinstance(item, Input) and not isinstance(item, ListInput))

    @cached_property
    def lists(self) -> tuple[ListInput, ...]:
        """All lists, those around others first."""
        return tuple(item for item in walk(self.fields) if isinstance(item, ListInput))

    @cached_property
    def rows(self) -> frozenset[str]:
        """The paths of all rows."""
        return frozenset(row.path for item in self.lists for row in item.rows)

    def gather(self, values: Mapping[str, Any], rows: frozenset[str], shown: frozenset[str]) -> dict[str, Any]:
        """Variables of values by path: those of ``rows`` only, and no list whose id is not ``shown``."""
        return _gather(self.fields, "", values, rows, shown, {})

    def scope(
        self, values: Mapping[str, Any], rows: frozenset[str], context: Mapping[str, Any], env: feel.Environment
    ) -> Scope:
        """What expressions see under these values; lists hold ``rows`` only, but each row sees itself."""
        places: dict[str, Place] = {}
        everything = frozenset(item.id for item in self.lists)
        return Scope(_gather(self.fields, "", values, rows, everything, places), context, env, places)


def lay_out(fields: tuple[Field, ...], keys: Keys) -> Layout:
    """Lay a form out with the rows that ``keys`` names for each list."""
    sent: dict[str, int] = {}
    return Layout(_Rows(keys, sent).lay_out(fields), sent)


def template_path(path: str) -> str:
    """The path as it stands in the form, for one that was laid out: no name begins with a digit, but keys do."""
    return _KEY.sub("[]", path)


class _Rows:
    def __init__(self, keys: Keys, sent: dict[str, int]) -> None:
        self.keys = keys
        self.sent = sent
        self.left = MOST_ROWS

    def lay_out(self, fields: tuple[Field, ...]) -> tuple[Field, ...]:
        return tuple(self._laid_out(item) for item in fields)

    def _laid_out(self, item: Field) -> Field:
        if isinstance(item, ListInput):
            found = self.keys(item)
            self.sent[item.path] = len(found)
            found = found[: min(HIGHEST_ROWS, self.left)]
            self.left -= len(found)
            return replace(item, rows=tuple(self._row(item, key, number) for number, key in enumerate(found, 1)))
        if isinstance(item, Group):
            return replace(item, children=self.lay_out(item.children))
        return item

    def _row(self, item: ListInput, key: str, number: int) -> Row:
        path = f"{item.path}.{key}"
        children = tuple(_moved(child, f"{item.path}[]", path) for child in item.children)
        return Row(
            id=f"{path}/{item.id}",
            type=FieldType.GROUP,
            path=path,
            number=number,
            at=path,
            children=self.lay_out(children),
        )


def _moved(item: Field, old: str, new: str, is_in_row: bool = True) -> Field:
    """The field as it stands in one row; what is in a list in there waits for the row of that list."""
    more: dict[str, Any] = {"id": f"{new}/{item.id}", "at": new} if is_in_row else {}
    if isinstance(item, Input):
        more["path"] = new + item.path.removeprefix(old)
    if isinstance(item, Group | ListInput):
        inner = is_in_row and isinstance(item, Group)
        more["children"] = tuple(_moved(child, old, new, inner) for child in item.children)
    return replace(item, **more)


def _gather(
    fields: tuple[Field, ...],
    base: str,
    values: Mapping[str, Any],
    rows: frozenset[str],
    shown: frozenset[str],
    places: dict[str, Place],
) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for item in _flat(fields):
        if isinstance(item, ListInput):
            found = []
            for row in item.rows:
                inner = _gather(row.children, row.path, values, rows, shown, places)
                places[row.path] = Place(inner, row.number, base)
                if row.path in rows:
                    found.append(inner)
            if item.id in shown:
                _put(result, _relative(item.path, base), found)
        elif isinstance(item, Input) and item.path in values:
            _put(result, _relative(item.path, base), values[item.path])
    return result


def _flat(fields: tuple[Field, ...]) -> list[Field]:
    found: list[Field] = []
    for item in fields:
        found.extend(_flat(item.children) if isinstance(item, Group) else [item])
    return found


def _relative(path: str, base: str) -> str:
    return path[len(base) + 1 :] if base else path


def _put(target: dict[str, Any], path: str, value: Any) -> None:
    *parents, last = path.split(".")
    for name in parents:
        target = target.setdefault(name, {})
    target[last] = value
