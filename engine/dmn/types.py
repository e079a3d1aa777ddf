"""Types of a model: item definitions, and how values are made to fit them (DMN 1.5, 7.3.3 and 10.3.2.9.4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from engine.dmn.errors import N_
from engine.feel.frame import Run
from engine.feel.functions import FUNCTIONS
from engine.feel.nodes import UnaryTests
from engine.feel.types import MISFIT, Type, fit
from engine.feel.values import kind_name

#: Makes a value fit, or returns MISFIT.
Fit = Callable[[Run, Any], Any]


class ItemType:
    """A type that a value can be made to fit.

    ``feel`` is the same type as FEEL's ``instance of`` knows it, ``tests`` are those that a value must meet, ``item``
    is the type of the items of a list, ``components`` are those of a context.
    """

    __slots__ = ("_fit", "components", "feel", "item", "name", "tests")

    def __init__(
        self,
        name: str,
        feel: Type,
        fit: Fit,
        tests: UnaryTests | None = None,
        item: ItemType | None = None,
        components: tuple[tuple[str, ItemType], ...] = (),
    ) -> None:
        self.name = name
        self.feel = feel
        self.tests = tests
        self.item = item
        self.components = components
        self._fit = fit

    def fit(self, run: Run, value: Any) -> Any:
        """Return the value as this type takes it, or MISFIT."""
        return None if value is None else self._fit(run, value)

    def coerce(self, run: Run, value: Any, what: str) -> Any:
        """Return the value as this type takes it; null with a note that names ``what`` if it does not fit."""
        found = self.fit(run, value)
        if found is MISFIT:
            self.complain(run, value, what)
            return None
        return found

    def completed(self, value: Any) -> Any:
        """Return a value from outside with null for each component that it lacks: callers leave out what is empty."""
        if type(value) is list and self.item is not None:
            return [self.item.completed(each) for each in value]
        if type(value) is not dict or not self.components:
            return value
        return {**value, **{key: kind.completed(value.get(key)) for key, kind in self.components}}

    def complain(self, run: Run, value: Any, what: str) -> None:
        """Write down that the value of ``what`` does not fit."""
        message = N_("“{name}”应为“{type}”，得到的{kind}不符，按空值处理。")
        run.note(message, name=what, type=self.name, kind=kind_name(value))


def simple(name: str) -> ItemType:
    """One of FEEL's own types: ``number``, ``date and time``, ``Any``."""
    wanted = Type(name)
    return ItemType(name, wanted, lambda run, value: fit(value, wanted))


def list_of(name: str, item: ItemType) -> ItemType:
    """Lists of a type; a value alone becomes a list of one."""

    def fit(run: Run, value: Any) -> Any:
        values = value if type(value) is list else [value]
        run.spend_items(len(values))
        found = [item.fit(run, each) for each in values]
        return MISFIT if any(each is MISFIT for each in found) else found

    return ItemType(name, Type("list", (item.feel,)), fit, item=item)


def record(name: str, components: tuple[tuple[str, ItemType], ...], feel: Type) -> ItemType:
    """Contexts with these entries; others may be there too."""

    def fit(run: Run, value: Any) -> Any:
        if type(value) is list and len(value) == 1:
            value = value[0]
        if type(value) is not dict:
            return MISFIT
        run.spend_items(len(components))
        found = dict(value)
        for key, kind in components:
            if key not in value:
                return MISFIT
            found[key] = kind.fit(run, value[key])
            if found[key] is MISFIT:
                return MISFIT
        return found

    return ItemType(name, feel, fit, components=components)


def function_of(name: str, parameters: tuple[Type, ...], output: Type) -> ItemType:
    """Functions with this many parameters."""
    feel = Type("function", (*parameters, output))

    def fit(run: Run, value: Any) -> Any:
        fits = isinstance(value, FUNCTIONS) and len(value.parameters) == len(parameters)
        return value if fits else MISFIT

    return ItemType(name, feel, fit)


def constrained(name: str, base: ItemType, holds: Callable[[Run, Any], bool], tests: UnaryTests) -> ItemType:
    """The values of a type that also meet these tests."""

    def fit(run: Run, value: Any) -> Any:
        found = base.fit(run, value)
        return found if found is MISFIT or found is None or holds(run, found) else MISFIT

    return ItemType(name, base.feel, fit, tests, base.item, base.components)


ANY: Final = simple("Any")
