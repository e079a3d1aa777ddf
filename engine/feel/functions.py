"""Calling functions: the expression's own, the built-ins with their typed parameters, and the host's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from types import NoneType
from typing import Any, TypeVar

from engine.feel import conversion
from engine.feel.errors import N_
from engine.feel.frame import Frame, Run
from engine.feel.types import MISFIT, Type, fit
from engine.feel.values import Function, Range, YearsMonths, kind_name


class Lambda:
    """A function that an expression defines; it keeps the frame where it was made."""

    __slots__ = ("_body", "_cost", "_frame", "parameters", "types")

    def __init__(self, parameters: tuple[tuple[str, Type | None], ...], body: Code, cost: int, frame: Frame) -> None:
        self.parameters = tuple(name for name, _ in parameters)
        self.types = tuple(kind for _, kind in parameters)
        self._body = body
        self._cost = cost
        self._frame = frame

    def call(self, run: Run, arguments: list[Any]) -> Any:
        """Work the body out with these arguments; null if their number or kinds do not fit."""
        if len(arguments) != len(self.parameters):
            message = N_("函数要 {wanted} 个参数，给了 {found} 个。")
            run.note(message, wanted=len(self.parameters), found=len(arguments))
            return None
        arguments = [fit(value, kind, run.spend) for value, kind in zip(arguments, self.types, strict=True)]
        if any(each is MISFIT for each in arguments):
            run.note(N_("函数的参数类型不符。"))
            return None
        run.spend(self._cost)
        run.call()
        local = {**self._frame.local, **dict(zip(self.parameters, arguments, strict=True))}
        value = self._body(Frame(self._frame.root, local, run))
        run.leave()
        return value


Code = Callable[[Frame], Any]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a built-in: the kinds it takes (None: any), whether it may be left out or takes the rest."""

    name: str
    kinds: frozenset[type] | None
    optional: bool
    rest: bool


@dataclass(frozen=True, slots=True)
class Overload:
    """One way to call a built-in."""

    parameters: tuple[Parameter, ...]
    run: Callable[..., Any]

    def by_name(self, given: dict[str, Any]) -> list[Any] | None:
        """Return the arguments in order if exactly these names may be given."""
        known = {parameter.name for parameter in self.parameters}
        if not given.keys() <= known:
            return None
        if any(not (p.optional or p.rest) and p.name not in given for p in self.parameters):
            return None
        return [given.get(parameter.name, _ABSENT) for parameter in self.parameters]

    def is_written_as(self, given: dict[str, Any]) -> bool:
        """Say whether the names come in this order: only that tells before(point, range) from before(range, point)."""
        return [parameter.name for parameter in self.parameters] == list(given)

    def accept(self, arguments: list[Any]) -> list[Any] | None:
        """Return the arguments, converted as DMN 1.5, 10.3.2.9.4 allows, or None if they do not fit."""
        parameters = self.parameters
        if parameters and parameters[-1].rest:
            parameters = parameters[:-1] + (parameters[-1],) * max(1, len(arguments) - len(parameters) + 1)
        if len(arguments) > len(parameters):
            return None
        if any(not p.optional for p in parameters[len(arguments) :]):
            return None
        accepted: list[Any] = []
        for value, parameter in zip(arguments, parameters, strict=False):
            converted = None if value is _ABSENT else _fit(value, parameter)
            if converted is _MISFIT:
                return None
            accepted.append(converted)
        return accepted


_MISFIT = object()
_ABSENT = object()  # an optional parameter that a call by name leaves out
F = TypeVar("F", bound=Callable[..., Any])


def _fit(value: Any, parameter: Parameter) -> Any:
    kinds = parameter.kinds
    if kinds is None or type(value) in kinds:
        return value
    if type(value) is list and len(value) == 1 and type(value[0]) in kinds:
        return value[0]
    if list in kinds and value is not None:
        return [value]
    if type(value) is date and datetime in kinds:
        return datetime.combine(value, time())
    return _MISFIT


class Builtin:
    """A built-in function with its overloads."""

    __slots__ = ("name", "overloads")

    def __init__(self, name: str) -> None:
        self.name = name
        self.overloads: list[Overload] = []

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameter names of its first form."""
        return tuple(parameter.name for parameter in self.overloads[0].parameters)

    def call(self, run: Run, arguments: list[Any]) -> Any:
        """Call the first overload that takes these arguments; null with a note if none does."""
        for overload in self.overloads:
            accepted = overload.accept(arguments)
            if accepted is not None:
                return self._work_out(run, overload, accepted)
        return self._misfit(run, arguments)

    def call_by_name(self, run: Run, given: dict[str, Any]) -> Any:
        """Call the first overload that has these parameters; null with a note if none does."""
        for overload in sorted(self.overloads, key=lambda each: not each.is_written_as(given)):
            arguments = overload.by_name(given)
            accepted = None if arguments is None else overload.accept(arguments)
            if accepted is not None:
                return self._work_out(run, overload, accepted)
        return self._misfit(run, list(given.values()))

    def _work_out(self, run: Run, overload: Overload, arguments: list[Any]) -> Any:
        run.spend(2)
        try:
            value = overload.run(run, *arguments)
        except (ArithmeticError, ValueError):
            run.note(N_("函数“{name}”的结果不存在或超出范围。"), name=self.name)
            return None
        if type(value) is str:
            run.spend_text(len(value))
        return value

    def _misfit(self, run: Run, arguments: list[Any]) -> None:
        kinds = ", ".join(kind_name(value) for value in arguments)
        run.note(N_("函数“{name}”不能用于（{kinds}）。"), name=self.name, kinds=kinds)
        return None


FUNCTIONS = (Lambda, Builtin, Function)
for _kind in (Lambda, Builtin):
    conversion.keep(_kind)


def invoke(run: Run, function: Any, arguments: list[Any]) -> Any:
    """Call a function value with arguments by position; null with a note for what is no function."""
    if isinstance(function, Lambda | Builtin):
        return function.call(run, arguments)
    if isinstance(function, Function):
        return _call_host(run, function, arguments)
    run.note(N_("{kind}不是函数，不能调用。"), kind=kind_name(function))
    return None


def invoke_by_name(run: Run, function: Any, given: dict[str, Any]) -> Any:
    """Call a function value with arguments by name; null with a note if the names do not fit."""
    if isinstance(function, Builtin):
        return function.call_by_name(run, given)
    if not isinstance(function, Lambda | Function):
        return invoke(run, function, [])
    arguments = [given[name] for name in function.parameters if name in given]
    # A gap would shift the rest: only parameters at the end may be left out.
    if len(arguments) != len(given) or not given.keys() <= set(function.parameters[: len(given)]):
        run.note(N_("参数名称不符，应为：{names}。"), names=", ".join(function.parameters))
        return None
    return invoke(run, function, arguments)


def _call_host(run: Run, function: Function, arguments: list[Any]) -> Any:
    total = len(function.parameters)
    required = total if function.required is None else function.required
    if not required <= len(arguments) <= total:
        message = N_("函数“{name}”要 {wanted} 个参数，给了 {found} 个。")
        run.note(message, name=function.name, wanted=required, found=len(arguments))
        return None
    run.spend(10)
    return conversion.enter(run, function.callable(*arguments))


_KINDS: dict[str, tuple[type, ...]] = {
    "null": (NoneType,),
    "number": (Decimal,),
    "string": (str,),
    "boolean": (bool,),
    "list": (list,),
    "context": (dict,),
    "date": (date,),
    "time": (time,),
    "datetime": (datetime,),
    "days": (timedelta,),
    "months": (YearsMonths,),
    "range": (Range,),
    "function": FUNCTIONS,
    "point": (Decimal, str, date, time, datetime, timedelta, YearsMonths),
}
BUILTINS: dict[str, Builtin] = {}


def builtin(name: str, signature: str) -> Callable[[F], F]:
    """Register a form of a built-in, as ``"input: string, *rest: any, flags?: string"``; kinds joined by ``|``."""

    def register(function: F) -> F:
        parameters = tuple(_parameter(part) for part in signature.split(",") if part)
        BUILTINS.setdefault(name, Builtin(name)).overloads.append(Overload(parameters, function))
        return function

    return register


def _parameter(text: str) -> Parameter:
    name, _, kinds = (part.strip() for part in text.partition(":"))
    wanted = None if kinds == "any" else frozenset(kind for word in kinds.split("|") for kind in _KINDS[word])
    return Parameter(name.strip("*?"), wanted, name.endswith("?"), name.startswith("*"))
