"""Closures for function definitions and calls."""

from __future__ import annotations

from typing import Any

from engine.feel import nodes
from engine.feel.compile_names import definedness, variable
from engine.feel.errors import N_, FeelEvaluationError
from engine.feel.frame import Frame
from engine.feel.functions import BUILTINS, FUNCTIONS, Code, Lambda, invoke, invoke_by_name
from engine.feel.scope import Scope, compiles


@compiles(nodes.FunctionDefinition)
def _definition(node: nodes.FunctionDefinition, scope: Scope) -> Code:
    inner = scope.binding(*(name for name, _ in node.parameters))
    body, cost = inner.weigh(node.body)
    parameters = node.parameters
    return lambda frame: Lambda(parameters, body, cost, frame)


@compiles(nodes.Call)
def _call(node: nodes.Call, scope: Scope) -> Code:
    if isinstance(node.callee, nodes.Name) and node.callee.name == "is defined" and len(node.arguments) == 1:
        return definedness(node.arguments[0], scope)
    function = _callee(node.callee, scope)
    arguments = [_argument(argument, scope) for argument in node.arguments]
    if node.names is not None:
        named = list(zip(node.names, arguments, strict=True))
        return lambda frame: invoke_by_name(frame.run, function(frame), {name: code(frame) for name, code in named})
    return lambda frame: invoke(frame.run, function(frame), [code(frame) for code in arguments])


def _argument(node: nodes.Node, scope: Scope) -> Code:
    """Compile an argument; a built-in handed over by its name is no variable of the expression."""
    if isinstance(node, nodes.Name) and node.name in BUILTINS and not scope.resolve(node.name)[0]:
        return variable(node.name)
    return scope.compile(node)


def _callee(node: nodes.Node, scope: Scope) -> Code:
    if not isinstance(node, nodes.Name):
        return scope.compile(node)
    name = node.name
    bound, items = scope.resolve(name)
    if bound:
        return scope.compile(node)
    if name not in BUILTINS:
        scope.reads.functions.add(name)
    return _named_function(name, items)


def _named_function(name: str, items: tuple[int, ...]) -> Code:
    """Find the function: an entry of an item, a variable, the host's or a built-in; other variables don't hide it."""

    def function(frame: Frame) -> Any:
        for key in items:
            item = frame.local[key]
            if type(item) is dict and type(item.get(name)) in FUNCTIONS:
                return item[name]
        value = frame.root.get(name)
        if type(value) in FUNCTIONS:
            return value
        found = frame.run.env.functions.get(name) or BUILTINS.get(name)
        if found is None:
            raise FeelEvaluationError(N_("没有函数“{name}”。"), name=name)
        return found

    return function
