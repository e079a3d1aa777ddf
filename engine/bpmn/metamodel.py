"""What each BPMN element is, has and holds: the table of the metamodel, read into types that inherit."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from engine.bpmn.metamodel_table import TABLE

#: Elements that are expressions under another name; all but the last two hold a program's condition or value.
EXPRESSIONS = frozenset(
    {"conditionExpression", "condition", "timeDate", "timeDuration", "timeCycle", "loopCardinality", "loopCondition"}
    | {"completionCondition", "activationCondition", "transformation", "from", "to", "messagePath", "dataPath"}
    | {"expression", "formalExpression"}
)
#: Elements that only group or only hold text; they are written inside others and never looked up.
_PLAIN = frozenset({"text", "script", "source", "target", "supports", "partitionElement"})
_ABSTRACT = frozenset(
    {
        "base",
        "root",
        "callable",
        "flowElement",
        "flowNode",
        "catchEvent",
        "throwEvent",
        "gateway",
        "activity",
        "artifact",
    }
    | {
        "conversationNode",
        "choreographyActivity",
        "anyEvent",
        "itemAware",
        "dataAssociation",
        "loop",
        "eventDefinition",
    }
)


@dataclass(frozen=True)
class Attribute:
    """``type`` is empty for any text, ``a/b`` for an enumeration; ``kinds`` are what a reference may lead to."""

    name: str
    type: str = ""
    kinds: tuple[str, ...] = ()
    required: bool = False
    may_leave_file: bool = False


@dataclass(frozen=True)
class Child:
    """``tag`` is a tag or, when ``any_of_kind``, a kind; ``most`` is None without a limit."""

    tag: str
    least: int
    most: int | None
    any_of_kind: bool = False
    kinds: tuple[str, ...] = ()
    may_leave_file: bool = False

    @property
    def name(self) -> str:
        """The tag, under the name that attributes have for it."""
        return self.tag


@dataclass
class Type:
    """One line of the table with everything that it inherits; ``open`` elements may hold anything."""

    name: str
    kinds: frozenset[str]
    attributes: dict[str, Attribute] = field(default_factory=dict)
    children: dict[str, Child] = field(default_factory=dict)
    open: bool = False

    def child(self, tag: str) -> Child | None:
        """What the type says about a child with this tag."""
        if found := self.children.get(tag):
            return found
        kinds = TYPES[tag].kinds if tag in TYPES else frozenset[str]()
        return next((each for each in self.children.values() if each.any_of_kind and each.tag in kinds), None)


def is_a(tag: str, kinds: tuple[str, ...]) -> bool:
    """Whether an element is of one of these kinds."""
    return tag in TYPES and not TYPES[tag].kinds.isdisjoint(kinds)


def _read(table: str) -> dict[str, Type]:
    types: dict[str, Type] = {}
    for line in re.sub(r"\n {4,}", " ", table.strip()).splitlines():
        head, attributes, children = (*(part.strip() for part in line.split("|")), "", "")[:3]
        name, _, parents = head.partition("<")
        found = Type(name.strip(), frozenset({name.strip()}))
        for parent in filter(None, (each.strip() for each in parents.split(","))):
            inherited = types.get(parent, Type(parent, frozenset({parent})))
            found.kinds |= inherited.kinds
            found.attributes |= inherited.attributes
            found.children |= inherited.children
            found.open |= inherited.open
        found.attributes |= {each.name: each for each in map(_attribute, attributes.split())}
        found.open |= children == "*"
        if children != "*":
            found.children |= {each.tag: each for each in map(_child, children.split())}
        types[found.name] = found
    types |= {
        tag: Type(tag, frozenset({tag, "expression"}), types["expression"].attributes, open=True)
        for tag in EXPRESSIONS - types.keys()
    }
    return types | {
        tag: Type(tag, frozenset({tag}), types["base"].attributes, open=True) for tag in _PLAIN - types.keys()
    }


def _attribute(text: str) -> Attribute:
    parts = re.fullmatch(r"(!?)(\w+)(?::([\w/]+)|([>~])([\w,]+))?", text)
    if parts is None:
        raise ValueError(f"not an attribute of the metamodel: {text}")
    required, name, type_, arrow, kinds = parts.groups()
    return Attribute(name, type_ or "", tuple(kinds.split(",")) if kinds else (), bool(required), arrow == "~")


def _child(text: str) -> Child:
    parts = re.fullmatch(r"(@?)(\w+)(?:([>~])([\w,]+))?([?*+]?)", text)
    if parts is None:
        raise ValueError(f"not a child of the metamodel: {text}")
    any_of_kind, tag, arrow, kinds, times = parts.groups()
    least, most = {"?": (0, 1), "*": (0, None), "+": (1, None), "": (1, 1)}[times]
    return Child(tag, least, most, bool(any_of_kind), tuple(kinds.split(",")) if kinds else (), arrow == "~")


#: Every element by its tag, the abstract kinds among them.
TYPES = _read(TABLE)
#: Tags that may be written in a file.
TAGS = frozenset(TYPES) - _ABSTRACT
