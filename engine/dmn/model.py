"""A decision model as plain data, as it stands in the file; DMN 1.5, chapters 6 to 10."""

from __future__ import annotations

from dataclasses import dataclass

from engine.dmn.errors import DmnModelError


@dataclass(frozen=True, slots=True)
class Literal:
    """An expression in text; ``line`` is the line of the file."""

    text: str
    line: int
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a context, a binding of an invocation: a name, its type and its expression."""

    name: str
    value: Boxed
    line: int
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class BoxedContext:
    """A context; with ``result`` that is its value."""

    entries: tuple[Entry, ...]
    result: Boxed | None
    line: int
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class Invocation:
    """The call of a function with arguments by name."""

    function: Boxed
    bindings: tuple[Entry, ...]
    line: int
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a function; without a type it takes anything."""

    name: str
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class FunctionDefinition:
    """A function; ``kind`` is FEEL, Java or PMML."""

    kind: str
    parameters: tuple[Parameter, ...]
    body: Boxed
    line: int
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """A list of contexts with the same entries, as rows under columns."""

    columns: tuple[Parameter, ...]
    rows: tuple[tuple[Boxed, ...], ...]
    line: int
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class BoxedList:
    """A list of expressions."""

    items: tuple[Boxed, ...]
    line: int
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class Conditional:
    """If, then, else."""

    test: Boxed
    then: Boxed
    otherwise: Boxed
    line: int
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class Filter:
    """The items of a list that match."""

    items: Boxed
    match: Boxed
    line: int
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class Loop:
    """``kind`` is for, some or every."""

    kind: str
    variable: str
    items: Boxed
    body: Boxed
    line: int
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class InputClause:
    """A column of conditions: what is tested, and the values that may be tested."""

    id: str
    label: str
    expression: Literal
    allowed: Literal | None


@dataclass(frozen=True, slots=True)
class OutputClause:
    """A column of results; ``allowed`` lists them by falling priority, ``default`` stands where no rule matches."""

    id: str
    name: str
    type_ref: str
    allowed: Literal | None
    default: Literal | None


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: a test for each input column and a result for each output column."""

    id: str
    tests: tuple[Literal, ...]
    results: tuple[Literal, ...]
    line: int


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """A decision table; ``hit_policy`` is one letter, U A P F R O C, ``aggregation`` one of ``+ < > #`` or empty."""

    id: str
    hit_policy: str
    aggregation: str
    inputs: tuple[InputClause, ...]
    outputs: tuple[OutputClause, ...]
    rules: tuple[Rule, ...]
    line: int
    type_ref: str = ""


Boxed = (
    Literal
    | BoxedContext
    | Invocation
    | FunctionDefinition
    | Relation
    | BoxedList
    | Conditional
    | Filter
    | Loop
    | DecisionTable
)


@dataclass(frozen=True, slots=True)
class ItemDefinition:
    """A named type: another one, or components, or a function; ``constraint`` is on the list as a whole."""

    name: str
    type_ref: str
    is_list: bool
    allowed: Literal | None
    constraint: Literal | None
    components: tuple[ItemDefinition, ...]
    function: FunctionItem | None
    line: int


@dataclass(frozen=True, slots=True)
class FunctionItem:
    """The signature of a function type."""

    parameters: tuple[Parameter, ...]
    output: str


@dataclass(frozen=True, slots=True)
class Import:
    """Another model, under a name; with an empty name its elements stand beside our own (DMN 1.5, 6.3.3)."""

    name: str
    namespace: str
    kind: str
    line: int


@dataclass(frozen=True, slots=True)
class InputData:
    """A value that comes from outside."""

    id: str
    name: str
    variable: str
    type_ref: str
    line: int


@dataclass(frozen=True, slots=True)
class DecisionElement:
    """A decision: what it requires, as references ``namespace#id``, and its logic, or why that can't be read."""

    id: str
    name: str
    variable: str
    type_ref: str
    requires: tuple[str, ...]
    knowledge: tuple[str, ...]
    logic: Boxed | DmnModelError | None
    line: int


@dataclass(frozen=True, slots=True)
class KnowledgeModel:
    """A business knowledge model: a function with a name, or why that can't be read."""

    id: str
    name: str
    variable: str
    type_ref: str
    knowledge: tuple[str, ...]
    logic: FunctionDefinition | DmnModelError | None
    line: int


@dataclass(frozen=True, slots=True)
class ServiceElement:
    """A decision service: a part of the graph as a function; references as in decisions."""

    id: str
    name: str
    variable: str
    type_ref: str
    outputs: tuple[str, ...]
    encapsulated: tuple[str, ...]
    input_decisions: tuple[str, ...]
    input_data: tuple[str, ...]
    line: int


Element = InputData | DecisionElement | KnowledgeModel | ServiceElement


@dataclass(frozen=True, slots=True)
class Definitions:
    """A whole file."""

    namespace: str
    name: str
    imports: tuple[Import, ...]
    items: tuple[ItemDefinition, ...]
    elements: tuple[Element, ...]
