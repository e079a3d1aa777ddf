"""Which policy settings the dates of a diagram hang on: those that they read, by themselves or through mappings.

A date may read a variable that an input mapping of its element, or of a sub-process around it, has worked out:
``=工作日后(now(), policy.小组办理期限)`` → 本级期限, and then ``dueDate="=本级期限"``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from engine.bpmn.model import Kind, Mapping, Node, Process, Scope, Text
from engine.expressions import compile_expression
from engine.feel import FeelSyntaxError

POLICY = "policy"


@dataclass(frozen=True)
class Mapped:
    """A variable that input mappings of an element write, with the basis of what they write."""

    element: str
    name: str
    basis: Basis


@dataclass(frozen=True)
class Basis:
    """What an expression rests on: settings by name (``any_setting``: it reads the policy as a whole), and mappings."""

    settings: frozenset[str] = frozenset()
    any_setting: bool = False
    mappings: frozenset[Mapped] = frozenset()

    def rests_on(self, setting: str) -> bool:
        """Whether another value of the setting may mean another value here."""
        return self.any_setting or setting in self.settings

    def __or__(self, other: Basis) -> Basis:
        return Basis(
            self.settings | other.settings, self.any_setting or other.any_setting, self.mappings | other.mappings
        )


@dataclass(frozen=True)
class Dates:
    """The dates of a process by element: due dates of user tasks, and timers by their texts."""

    due: dict[str, Basis] = field(default_factory=dict)
    timers: dict[str, dict[Text, Basis]] = field(default_factory=dict)

    def mappings_of(self, setting: str) -> dict[str, frozenset[str]]:
        """The mappings by which a setting reaches a date: the variables that they write, by element."""
        bases = [*self.due.values(), *(basis for each in self.timers.values() for basis in each.values())]
        used = {each for basis in bases for each in basis.mappings if each.basis.rests_on(setting)}
        return {one.element: frozenset(each.name for each in used if each.element == one.element) for one in used}

    def hang_on(self, setting: str) -> bool:
        """Whether any date hangs on the setting."""
        timers = (basis for each in self.timers.values() for basis in each.values())
        return any(basis.rests_on(setting) for basis in (*self.due.values(), *timers))


def dates_of(process: Process) -> Dates:
    """The dates of everything in a process but its own start events, which come before there is a case."""
    found = Dates()
    for node, scope, around in _places(process.scope, ()):
        if node.kind is Kind.USER_TASK and node.due is not None:
            found.due[node.id] = basis_of(node.due, (node, *around))
        timers = [each.timer.text for each in node.definitions if each.timer is not None]
        if timers and (around or node.kind is not Kind.START_EVENT):
            seen = _seen_by_events(node, scope, around)
            found.timers[node.id] = {text: basis_of(text, seen) for text in timers}
    return found


def basis_of(text: Text, around: tuple[Node, ...] = ()) -> Basis:
    """What a text rests on, as seen from inside the elements ``around`` it, the innermost first."""
    return _basis(text, around, frozenset())


def settings_in(text: Text) -> frozenset[str]:
    """The settings that a text names."""
    return _reads(text)[0]


def names_in(text: Text) -> frozenset[str]:
    """The variables that a text reads."""
    return _reads(text)[2]


def _basis(text: Text, around: tuple[Node, ...], seen: frozenset[tuple[str, str]]) -> Basis:
    settings, any_setting, names = _reads(text)
    found = Basis(settings, any_setting)
    for name in names:
        place = next((number for number, node in enumerate(around) if _makes(node, name)), None)
        if place is None or (around[place].id, name) in seen:
            continue
        for mapping in _mappings(around[place], name):
            source = _basis(mapping.source, around[place:], seen | {(around[place].id, name)})
            if source.settings or source.any_setting:
                found |= source | Basis(mappings=frozenset({Mapped(around[place].id, name, source)}))
    return found


@lru_cache(maxsize=4096)
def _reads(text: Text) -> tuple[frozenset[str], bool, frozenset[str]]:
    """The settings that an expression names, whether it reads the policy as a whole, and all its variables."""
    if not text.is_feel:
        return frozenset(), False, frozenset()
    try:
        expression = compile_expression(text.value)
    except FeelSyntaxError:
        return frozenset(), False, frozenset()
    named = frozenset(path[1] for path in expression.paths if path[0] == POLICY and len(path) > 1)
    names = expression.variables | expression.uncertain
    whole = POLICY in expression.uncertain or (POLICY in expression.variables and not named)
    return named, whole, names - {POLICY}


def _makes(node: Node, name: str) -> bool:
    """Whether the element gives what is inside it a variable of this name."""
    own = node.multi_instance is not None and node.multi_instance.input_element == name
    return own or name in node.declared or bool(_mappings(node, name))


def _mappings(node: Node, name: str) -> list[Mapping]:
    return [each for each in node.inputs if each.target.partition(".")[0] == name]


def _places(scope: Scope, around: tuple[Node, ...]) -> Iterator[tuple[Node, Scope, tuple[Node, ...]]]:
    """Every node with its scope and the sub-processes around it, the innermost first."""
    for node in scope.nodes.values():
        yield node, scope, around
        if node.scope is not None:
            yield from _places(node.scope, (node, *around))


def _seen_by_events(node: Node, scope: Scope, around: tuple[Node, ...]) -> tuple[Node, ...]:
    """The elements whose variables a timer sees: on a boundary those of its host, at a start those outside."""
    if node.kind is Kind.BOUNDARY_EVENT:
        host = scope.nodes.get(node.attached_to or "")
        return (host, *around) if host is not None else around
    return around[1:] if node.kind is Kind.START_EVENT else (node, *around)
