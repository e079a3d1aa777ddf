"""Files → one graph: references resolved across imports, logic compiled, cycles refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from engine.dmn import model, table  # noqa: F401 (importing it registers the compiler of tables)
from engine.dmn.errors import N_, DmnModelError
from engine.dmn.expressions import Vocabulary, compiled
from engine.dmn.graph import (
    DecisionNode,
    FunctionNode,
    InputNode,
    Node,
    Requirement,
    ServiceNode,
    Source,
    place,
)
from engine.dmn.item_types import Types
from engine.dmn.tree_nodes import Table
from engine.dmn.trees import Trees
from engine.dmn.types import ANY, ItemType
from engine.dmn.vocabulary import inner_names, spaced_names
from engine.feel.functions import Code
from engine.feel.scope import Reads


class File:
    """One file of the model: its elements by id, its types, and the files that it imports."""

    def __init__(self, definitions: model.Definitions) -> None:
        self.definitions = definitions
        self.types = Types(definitions)
        self.nodes: dict[str, Node] = {}
        self.imports: dict[str, tuple[str, File]] = {}
        self.tables: list[Table] = []
        self.problems: list[DmnModelError] = []

    def adopt(self, files: Mapping[str, File]) -> None:
        """Connect the imports with the files that hold them; one that is missing is a problem."""
        for each in self.definitions.imports:
            other = files.get(each.namespace)
            if other is None:
                self.problems.append(
                    DmnModelError(
                        N_("第 {line} 行：找不到被引用的决策模型“{namespace}”。请一并提供那个文件。"),
                        each.line,
                        namespace=each.namespace,
                    )
                )
            else:
                self.imports[each.namespace] = (each.name, other)
                self.types.adopt(each.name, other.types)

    def make_nodes(self) -> None:
        """Make a node for each element, still without logic."""
        self.problems += self.types.problems()
        for element in self.definitions.elements:
            if element.id in self.nodes or any(node.name == element.name for node in self.nodes.values()):
                message = N_("第 {line} 行：名称或 ID“{name}”用了两次。请改名。")
                self.problems.append(DmnModelError(message, element.line, element.name, name=element.name))
            self.nodes.setdefault(element.id, self._node(element))

    def _node(self, element: model.Element) -> Node:
        kind, fault = ANY, None
        try:
            kind = self.types.of(element.type_ref, element.line, element.name)
        except DmnModelError as error:
            fault = error
        common: tuple[str, str, str, ItemType] = (element.id, element.name, self.definitions.namespace, kind)
        if isinstance(element, model.InputData):
            self.problems += [fault] if fault else []
            return InputNode(*common, element.variable)
        if isinstance(element, model.DecisionElement):
            return DecisionNode(*common, element.variable, fault=fault)
        if isinstance(element, model.ServiceElement):
            return ServiceNode(*common, fault=fault)
        logic = element.logic
        fault = logic if isinstance(logic, DmnModelError) else fault
        names = (each.name for each in logic.parameters) if isinstance(logic, model.FunctionDefinition) else ()
        return FunctionNode(*common, parameters=tuple(names), fault=fault)

    def set_parameters(self) -> None:
        """Give each decision service its parameters: whoever calls it must know them before anything is linked."""
        for element in self.definitions.elements:
            node = self.nodes[element.id]
            if not isinstance(element, model.ServiceElement) or not isinstance(node, ServiceNode):
                continue
            try:
                node.parameters = self._sources((*element.input_data, *element.input_decisions), element)
                outputs = self._sources(element.outputs, element)
                node.outputs = tuple(each for each in outputs if isinstance(each, DecisionNode))
            except DmnModelError as error:
                node.fault = error
            if not node.outputs and node.fault is None:
                message = N_("第 {line} 行：决策服务“{node}”没有输出决策。请补上。")
                node.fault = DmnModelError(message, element.line, element.name)

    def _sources(self, references: tuple[str, ...], element: model.Element) -> tuple[Source, ...]:
        found = [self.resolve(each, element)[1] for each in references]
        return tuple(each for each in found if isinstance(each, InputNode | DecisionNode))

    def resolve(self, reference: str, element: model.Element) -> tuple[str, Node]:
        """Return the import's name and the node for ``#id`` or ``namespace#id``. Raises DmnModelError."""
        namespace, _, id_ = reference.rpartition("#")
        own = not namespace or namespace == self.definitions.namespace
        place_of = ("", self) if own else self.imports.get(namespace)
        if place_of is None or id_ not in place_of[1].nodes:
            message = N_("第 {line} 行：“{node}”需要的元素“{reference}”不存在。")
            raise DmnModelError(message, element.line, element.name, reference=reference)
        prefix, file = place_of
        return prefix, file.nodes[id_]


class Linker:
    """Gives the nodes of a file their requirements and their logic."""

    def __init__(self, file: File, names: Iterable[str] = ()) -> None:
        self._file = file
        spaced = spaced_names(file.definitions, *(other.definitions for _, other in file.imports.values()))
        everywhere = {*file.types.component_names(), *spaced, *names}
        self._vocabulary = Vocabulary(everywhere, file.types.feel_types())

    def link(self) -> None:
        """Link every element; what is wrong with one is its fault, and nobody else's."""
        for element in self._file.definitions.elements:
            node = self._file.nodes[element.id]
            if isinstance(node, InputNode):
                continue
            try:
                self._link(element, node)
            except DmnModelError as error:
                node.fault = node.fault or error

    def _link(self, element: model.Element, node: Node) -> None:
        if isinstance(element, model.DecisionElement) and isinstance(node, DecisionNode):
            self._link_decision(element, node)
        elif isinstance(element, model.KnowledgeModel) and isinstance(node, FunctionNode):
            self._link_function(element, node)

    def _link_decision(self, element: model.DecisionElement, node: DecisionNode) -> None:
        node.functions = self._functions(element)
        node.requires = tuple(self._requirements(element, node.functions))
        if element.logic is None:
            return  # a decision that only people can make
        bound = dict(node.functions)
        for requirement in node.requires:
            for name in requirement.names:
                place(bound, requirement.prefix, name, None)
        node.code, reads = self._compiled(element.logic, element, bound)
        node.free = frozenset(reads.variables | reads.uncertain)
        node.reads = frozenset(reads.variables)

    def _requirements(self, element: model.DecisionElement, functions: Mapping[str, Any]) -> Iterator[Requirement]:
        """What the decision requires; a name of one is never taken by a variable or an id of another."""
        found = [self._file.resolve(reference, element) for reference in element.requires]
        taken = {*functions, *(node.name for _, node in found)}
        for prefix, node in found:
            if isinstance(node, InputNode | DecisionNode):
                others = [node.variable, node.id] if isinstance(node, DecisionNode) else [node.variable]
                yield Requirement(prefix, node, (node.name, *(name for name in others if name not in taken)))

    def _functions(self, element: model.DecisionElement | model.KnowledgeModel) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for reference in element.knowledge:
            prefix, node = self._file.resolve(reference, element)
            if isinstance(node, FunctionNode | ServiceNode):
                if node.fault is not None:
                    raise node.fault
                place(found, prefix, node.name, node.value())
        return found

    def _link_function(self, element: model.KnowledgeModel, node: FunctionNode) -> None:
        node.functions.update({node.name: node.value(), **self._functions(element)})
        if element.logic is not None:
            bound = {**node.functions, **dict.fromkeys(node.parameters)}
            node.code, reads = self._compiled(element.logic, element, bound)
            node.reads = frozenset(reads.variables)

    def _compiled(
        self, logic: model.Boxed | DmnModelError, element: model.Element, bound: Mapping[str, Any]
    ) -> tuple[Code, Reads]:
        if isinstance(logic, DmnModelError):
            raise logic
        words = {*bound, *inner_names(logic)}
        for value in bound.values():
            words.update(value if isinstance(value, dict) else ())
        trees = Trees(element.name, Vocabulary(words, parent=self._vocabulary), self._file.types, self._file.tables)
        if isinstance(element, model.KnowledgeModel) and isinstance(logic, model.FunctionDefinition):
            return compiled(trees.body_of(logic), bound)
        return compiled(trees.of(logic), bound)
