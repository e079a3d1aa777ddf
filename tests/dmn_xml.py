"""A pen for decision models: ``model(input_data("x"), decision("d", literal("x + 1"), "x"))`` is a whole file."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

DMN = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def model(*parts: str, namespace: str = "urn:test", dmn: str = DMN, name: str = "test") -> str:
    """A file with these parts."""
    head = f"<definitions xmlns={quoteattr(dmn)} namespace={quoteattr(namespace)} name={quoteattr(name)} id='model'>"
    return f"<?xml version='1.0' encoding='UTF-8'?>\n{head}\n{chr(10).join(parts)}\n</definitions>"


def imported(name: str, namespace: str) -> str:
    """An import of another model."""
    return tag("import", name=name, namespace=namespace, importType=DMN)


def input_data(name: str, type_ref: str | None = None) -> str:
    """A value from outside; its id is its name."""
    return tag("inputData", variable(name, type_ref), name=name, id=name)


def decision(name: str, logic: str, requires: str = "", knows: str = "", type_ref: str | None = None) -> str:
    """A decision; what it requires are references without ``#`` with commas between; ``ns#id`` for other models."""
    inner = variable(name, type_ref) + _requirements(requires) + _knowledge(knows) + logic
    return tag("decision", inner, name=name, id=name)


def function(name: str, parameters: str, logic: str, knows: str = "", type_ref: str | None = None) -> str:
    """A business knowledge model; parameters are ``name`` or ``name: type`` with commas between."""
    inner = variable(name, type_ref) + tag("encapsulatedLogic", formal(parameters) + logic) + _knowledge(knows)
    return tag("businessKnowledgeModel", inner, name=name, id=name)


def service(name: str, outputs: str, inputs: str = "", input_decisions: str = "", encapsulated: str = "") -> str:
    """A decision service."""
    parts = [("outputDecision", outputs), ("encapsulatedDecision", encapsulated)]
    parts += [("inputDecision", input_decisions), ("inputData", inputs)]
    inner = "".join(tag(kind, href=_href(each)) for kind, names in parts for each in _split(names))
    return tag("decisionService", variable(name) + inner, name=name, id=name)


def formal(parameters: str) -> str:
    """Formal parameters."""
    found = []
    for each in _split(parameters):
        name, _, type_ref = (part.strip() for part in each.partition(":"))
        found.append(tag("formalParameter", name=name, typeRef=type_ref or None))
    return "".join(found)


def item(
    name: str, type_ref: str = "", *components: str, allowed: str = "", many: bool = False, whole: str = ""
) -> str:
    """An item definition; ``whole`` is its type constraint."""
    return _item("itemDefinition", name, type_ref, components, allowed, many, whole)


def component(name: str, type_ref: str = "", *components: str, allowed: str = "", many: bool = False) -> str:
    """A component of an item definition."""
    return _item("itemComponent", name, type_ref, components, allowed, many, "")


def _item(kind: str, name: str, type_ref: str, parts: Sequence[str], allowed: str, many: bool, whole: str) -> str:
    inner = tag("typeRef", escape(type_ref)) if type_ref else ""
    inner += tag("allowedValues", text(allowed)) if allowed else ""
    inner += tag("typeConstraint", text(whole)) if whole else ""
    return tag(kind, inner + "".join(parts), name=name, isCollection="true" if many else None)


def literal(expression: str, type_ref: str | None = None) -> str:
    """A literal expression."""
    return tag("literalExpression", text(expression), typeRef=type_ref)


def context(*entries: tuple[str, str] | tuple[str, str, str], result: str = "") -> str:
    """A boxed context of entries (name, logic) or (name, logic, type), and perhaps its result."""
    inner = [tag("contextEntry", variable(name, *types) + logic) for name, logic, *types in entries]
    return tag("context", "".join(inner) + (tag("contextEntry", result) if result else ""))


def table(
    inputs: Sequence[str | tuple[str, str]],
    outputs: Sequence[str],
    *rules: Sequence[str],
    hit: str = "U",
    **clauses: str,
) -> str:
    """A decision table; an input is an expression, or one with its type; ``hit`` a letter and perhaps an aggregation.

    A rule is a list of cells, inputs first. ``inputValues1``, ``outputValues1``, ``default1``, ``outputType1`` … fill
    in clauses of the columns, counted from 1.
    """
    head = "".join(_input(number, each, clauses) for number, each in enumerate(inputs, 1))
    head += "".join(_output(number, each, clauses) for number, each in enumerate(outputs, 1))
    rows = "".join(_rule(number, len(inputs), rule) for number, rule in enumerate(rules, 1))
    aggregation = {"+": "SUM", "<": "MIN", ">": "MAX", "#": "COUNT"}.get(hit[1:])
    return tag("decisionTable", head + rows, id="table", hitPolicy=POLICIES[hit[0]], aggregation=aggregation)


POLICIES = {
    "U": "UNIQUE",
    "A": "ANY",
    "P": "PRIORITY",
    "F": "FIRST",
    "R": "RULE ORDER",
    "O": "OUTPUT ORDER",
    "C": "COLLECT",
}


def _input(number: int, written: str | tuple[str, str], clauses: dict[str, str]) -> str:
    expression, type_ref = (written, None) if isinstance(written, str) else written
    allowed = clauses.get(f"inputValues{number}")
    inner = tag("inputExpression", text(expression), typeRef=type_ref)
    return tag("input", inner + (tag("inputValues", text(allowed)) if allowed else ""), id=f"input{number}")


def _output(number: int, name: str, clauses: dict[str, str]) -> str:
    allowed, default = clauses.get(f"outputValues{number}"), clauses.get(f"default{number}")
    inner = tag("outputValues", text(allowed)) if allowed else ""
    inner += tag("defaultOutputEntry", text(default)) if default else ""
    return tag("output", inner, name=name or None, typeRef=clauses.get(f"outputType{number}"))


def _rule(number: int, inputs: int, cells: Sequence[str]) -> str:
    kinds = ["inputEntry"] * inputs + ["outputEntry"] * (len(cells) - inputs)
    inner = "".join(tag(kind, text(cell)) for kind, cell in zip(kinds, cells, strict=True))
    return tag("rule", inner, id=f"rule{number}")


def text(expression: str) -> str:
    """A ``text`` element."""
    return tag("text", escape(expression))


def variable(name: str, type_ref: str | None = None) -> str:
    """A ``variable`` element."""
    return tag("variable", name=name, typeRef=type_ref)


def tag(name: str, inner: str = "", /, **attributes: str | None) -> str:
    """One element; attributes that are None are left out."""
    written = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items() if value is not None)
    return f"<{name}{written}>{inner}</{name}>"


def _requirements(names: str) -> str:
    # Both kinds are resolved by reference alone, so the tests need not say which one it is.
    found = (tag("requiredDecision", href=_href(each)) for each in _split(names))
    return "".join(tag("informationRequirement", each) for each in found)


def _knowledge(names: str) -> str:
    found = (tag("requiredKnowledge", href=_href(each)) for each in _split(names))
    return "".join(tag("knowledgeRequirement", each) for each in found)


def _href(reference: str) -> str:
    return reference if "#" in reference else f"#{reference}"


def _split(names: str) -> list[str]:
    return [name.strip() for name in names.split(",") if name.strip()]
