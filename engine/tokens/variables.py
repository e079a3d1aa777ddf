"""How values move between the scopes of an instance: local scopes, input and output mappings, completion variables.

The rules are Zeebe's: an activity with input mappings has a local scope; output mappings write outwards; without them
what an activity was completed with goes to the nearest scope that has the name, else to the root. One rule is
stricter: nothing leaves the body of a multi-instance activity but its element of the output collection.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as Dict
from typing import TYPE_CHECKING, Any

from engine.bpmn.model import Mapping
from engine.tokens.expressions import Value
from engine.variables import ROOT, ScopeId

if TYPE_CHECKING:
    from engine.tokens.core import Token

#: The FEEL source of a mapping and the path of names that it is written to.
Mappings = tuple[tuple[Value, tuple[str, ...]], ...]


def mappings(definitions: Iterable[Mapping], element_id: str) -> Mappings:
    """Compile input or output mappings. Raises InvalidDefinition for what is not FEEL."""
    return tuple((Value(each.source, element_id), tuple(each.target.split("."))) for each in definitions)


def open_scope(token: Token, values: Dict[str, Any] | None = None) -> None:
    """Give the token a scope of its own, unless it has one, and write ``values`` into it."""
    scopes, scope = token.workflow.scopes, ScopeId(token.id.hex)
    if "s" not in token.internal_data:
        scopes.open(scope, token.scope)
        token.internal_data["s"] = 1
    for name, value in (values or {}).items():
        scopes.set_local(scope, name, value)


def assign(token: Token, name: str, value: Any) -> None:
    """Write a variable as seen from ``token``: to the nearest scope that has it, else to the body or root around."""
    scopes = token.workflow.scopes
    while not token.is_root:
        if "s" in token.internal_data:
            scope = ScopeId(token.id.hex)
            if token.task_spec.confines or name in scopes.local(scope):
                scopes.set_local(scope, name, value)
                return
        token = token.holder
    scopes.set_local(ROOT, name, value)


def apply_inputs(token: Token) -> None:
    """Evaluate input mappings in order into the token's local scope; later ones see earlier ones.

    After them come the data objects and properties that the activity declares: its own, and null until written.
    """
    mappings, declared = token.task_spec.inputs_from, token.task_spec.declared
    if not (mappings or declared):
        return
    open_scope(token)
    for source, path in mappings:
        local = token.workflow.scopes.local(ScopeId(token.id.hex))
        open_scope(token, {path[0]: nested(local.get(path[0]), path[1:], source.kept(token))})
    own = token.workflow.scopes.local(ScopeId(token.id.hex))
    open_scope(token, {name: None for name in declared if name not in own})


def apply_outputs(token: Token, mappings: Mappings) -> None:
    """Evaluate output mappings in the token's scope and write them outwards, after all are evaluated.

    Once for each token: when what follows fails and is retried, a mapping such as ``=n + 1`` must not count twice.
    """
    if not mappings or "w" in token.internal_data:
        return
    values = [(path, source.kept(token)) for source, path in mappings]
    token.internal_data["w"] = 1
    outside = token if token.task_spec.confines or token.is_root else token.holder
    for path, value in values:
        old = token.workflow.scopes.get(outside.scope, path[0]) if len(path) > 1 else None
        assign(outside, path[0], nested(old, path[1:], value))


def submit(token: Token, variables: Dict[str, Any] | None) -> None:
    """Take what an activity or event was completed with: into its local scope if output mappings follow, else out."""
    if not variables:
        return
    spec = token.task_spec
    if spec.outputs_to:
        open_scope(token, variables)
    elif spec.propagates:
        for name, value in variables.items():
            assign(token, name, value)


def nested(old: Any, path: tuple[str, ...], value: Any) -> Any:
    """``old`` with a value at a path of names below it."""
    if not path:
        return value
    context = dict(old) if isinstance(old, dict) else {}
    context[path[0]] = nested(context.get(path[0]), path[1:], value)
    return context
