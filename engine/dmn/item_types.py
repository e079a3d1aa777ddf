"""Item definitions → types, by name; recursive ones are allowed as long as a value could end."""

from __future__ import annotations

from collections.abc import Iterator

from engine.dmn import types
from engine.dmn.errors import N_, DmnModelError
from engine.dmn.expressions import Vocabulary, compiled, frame
from engine.dmn.model import Definitions, ItemDefinition, Literal
from engine.dmn.types import ANY, ItemType
from engine.feel.types import GENERIC, SIMPLE, Type

_BUILT_IN = {name: types.simple(name) for name in (*SIMPLE, *GENERIC, "Any", "Null")}
#: What editors write where no type was chosen.
_UNDEFINED = frozenset(("", "Undefined", "<Undefined>", "undefined", "null"))


class Types:
    """The types of one file; those of imported files go by the import's name and a point."""

    def __init__(self, definitions: Definitions) -> None:
        self._items = {item.name: item for item in definitions.items}
        self._imported: dict[str, Types] = {}
        self._made: dict[str, ItemType] = {}
        self._vocabulary = Vocabulary()

    def adopt(self, prefix: str, other: Types) -> None:
        """Make the types of an imported file known."""
        self._imported[prefix] = other

    def of(self, type_ref: str, line: int, node: str) -> ItemType:
        """Return the type of that name; no name at all means Any. Raises DmnModelError if there is none."""
        if type_ref in _UNDEFINED:
            return ANY
        if type_ref in self._items:
            return self._item(self._items[type_ref], node)
        for prefix, other in self._imported.items():
            name = type_ref.removeprefix(f"{prefix}.") if prefix else type_ref
            if (not prefix or name != type_ref) and name in other._items:
                return other.of(name, line, node)
        if type_ref in _BUILT_IN:
            return _BUILT_IN[type_ref]
        raise DmnModelError(N_("第 {line} 行：“{node}”用了没有定义的类型“{type}”。"), line, node, type=type_ref)

    def feel_types(self) -> dict[str, Type]:
        """All types as ``instance of`` may name them; those at fault are left out."""
        found: dict[str, Type] = {}
        for prefix, other in self._imported.items():
            found.update({f"{prefix}.{name}" if prefix else name: kind for name, kind in other._own_feel()})
        return {**found, **dict(self._own_feel())}

    def _own_feel(self) -> Iterator[tuple[str, Type]]:
        for name, item in self._items.items():
            try:
                yield name, self._item(item, name).feel
            except DmnModelError:
                continue  # told by ``problems``

    def problems(self) -> Iterator[DmnModelError]:
        """What is wrong with the item definitions themselves."""
        for name, item in self._items.items():
            try:
                self._item(item, name)
                self._ensure_parts(item, name)
            except DmnModelError as error:
                yield error

    def _ensure_parts(self, item: ItemDefinition, node: str) -> None:
        for part in item.components:
            self.of(part.type_ref, part.line, node)
            self._ensure_parts(part, node)

    def component_names(self) -> Iterator[str]:
        """The names of all components, those of imported files too."""
        yield from (name for item in self._items.values() for name in _names(item))
        for other in self._imported.values():
            yield from (name for item in other._items.values() for name in _names(item))

    def _item(self, item: ItemDefinition, node: str) -> ItemType:
        if item.name not in self._made:
            self._ensure_ends(item)
            self._made[item.name] = self._build(item, node, (item.name,))
        return self._made[item.name]

    def _ensure_ends(self, item: ItemDefinition) -> None:
        seen: set[str] = set()
        current: ItemDefinition | None = item
        while current is not None and not current.components and current.function is None:
            if current.name in seen:
                raise DmnModelError(
                    N_("第 {line} 行：类型“{name}”由它自己定义，没有尽头。"), item.line, item.name, name=item.name
                )
            seen.add(current.name)
            current = self._items.get(current.type_ref)

    def _build(self, item: ItemDefinition, node: str, path: tuple[str, ...]) -> ItemType:
        found = self._structure(item, node, path)
        if item.allowed is not None:
            found = self._constrained(item.name, found, item.allowed, node)
        if item.is_list:
            found = types.list_of(item.name, found)
        if item.constraint is not None:
            found = self._constrained(item.name, found, item.constraint, node)
        return found

    def _structure(self, item: ItemDefinition, node: str, path: tuple[str, ...]) -> ItemType:
        if item.components:
            return self._record(item, node, path)
        if item.function is not None:
            parameters = tuple(self.of(each.type_ref, item.line, node).feel for each in item.function.parameters)
            return types.function_of(item.name, parameters, self.of(item.function.output, item.line, node).feel)
        if item.type_ref in _BUILT_IN and item.type_ref not in self._items:
            return _BUILT_IN[item.type_ref]
        return self._reference(item.type_ref, item.line, node, path)

    def _record(self, item: ItemDefinition, node: str, path: tuple[str, ...]) -> ItemType:
        parts = tuple((part.name, self._build(part, node, path)) for part in item.components)
        feel = Type("context", tuple(part.feel for _, part in parts), tuple(name for name, _ in parts))
        return types.record(item.name, parts, feel)

    def _reference(self, name: str, line: int, node: str, path: tuple[str, ...]) -> ItemType:
        if name not in self._items:
            return self.of(name, line, node)
        if name in path:  # a person has children, who are persons: find the type when a value comes
            return ItemType(name, Type("Any"), lambda run, value: self._made[name].fit(run, value))
        if name in self._made:
            return self._made[name]
        self._ensure_ends(self._items[name])
        self._made[name] = self._build(self._items[name], node, (*path, name))
        return self._made[name]

    def _constrained(self, name: str, base: ItemType, literal: Literal, node: str) -> ItemType:
        tests = self._vocabulary.parse_tests(literal, node)
        code, _reads = compiled(tests, ("?",))
        return types.constrained(name, base, lambda run, value: code(frame({"?": value}, run)) is True, tests)


def _names(item: ItemDefinition) -> Iterator[str]:
    for part in item.components:
        yield part.name
        yield from _names(part)
