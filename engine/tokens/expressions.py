"""Compiled values of a diagram, evaluated in the scope of a token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine import feel
from engine.bpmn.model import Text
from engine.errors import N_, EngineError, InvalidDefinition, InvalidVariables
from engine.expressions import compile_expression
from engine.feel import FeelError, FeelSyntaxError
from engine.values import ensure_storable

if TYPE_CHECKING:
    from engine.tokens.core import Token


#: What a faulty function of the surroundings may raise: it fails the step, not the command with what a person entered.
_FAULTS = (ValueError, TypeError, ArithmeticError, LookupError, AttributeError, RecursionError)


class ExpressionFailed(FeelError):
    """An expression of the diagram could not be worked out; carries its text for the incident."""

    def __init__(self, error: FeelError, expression: str) -> None:
        super().__init__(error.message, **error.params)
        self.expression = expression


class Value:
    """A literal or a compiled FEEL expression."""

    __slots__ = ("_expression", "_literal")

    def __init__(self, text: Text, element_id: str) -> None:
        self._literal = text.value
        self._expression = _compile(text.value, element_id) if text.is_feel else None

    @property
    def text(self) -> str:
        """The expression without its leading ``=``, or the literal."""
        return self._literal

    @property
    def is_literal(self) -> bool:
        """Whether the value is always the same."""
        return self._expression is None

    def of(self, token: Token, extra: Mapping[str, Any] | None = None) -> Any:
        """The value as ``token`` sees the variables; ``extra`` lies above them. Raises ExpressionFailed."""
        if self._expression is None:
            return self._literal
        workflow = token.workflow
        context = workflow.scopes.view(token.scope, workflow.env.globals)
        return self.under(_Above(extra, context) if extra else context, workflow.env.feel_env)

    def kept(self, token: Token) -> Any:
        """Like ``of``, for a value that becomes a variable. Raises ExpressionFailed for what no variable may hold."""
        return self._storable(self.of(token))

    def storable(self, context: Mapping[str, Any], env: feel.Environment) -> Any:
        """Like ``under``, for a value that becomes a variable. Raises ExpressionFailed for what none may hold."""
        return self._storable(self.under(context, env))

    def _storable(self, value: Any) -> Any:
        try:
            ensure_storable(value)
        except InvalidVariables as error:
            raise ExpressionFailed(FeelError(error.template, **error.params), self.text) from error
        return value

    def under(self, context: Mapping[str, Any], env: feel.Environment) -> Any:
        """The value under these variables. Raises ExpressionFailed."""
        if self._expression is None:
            return self._literal
        try:
            return self._expression.evaluate(context, env)
        except FeelError as error:
            raise ExpressionFailed(error, self._expression.text) from error
        except EngineError as error:
            raise ExpressionFailed(FeelError(error.template, **error.params), self._expression.text) from error
        except _FAULTS as error:
            fault = FeelError(N_("表达式里的函数出错：{reason}"), reason=str(error) or type(error).__name__)
            raise ExpressionFailed(fault, self._expression.text) from error


class _Above(Mapping[str, Any]):
    """Names that lie above a context for the length of one evaluation."""

    def __init__(self, extra: Mapping[str, Any], context: Mapping[str, Any]) -> None:
        self._extra = extra
        self._context = context

    def __getitem__(self, name: str) -> Any:
        return self._extra[name] if name in self._extra else self._context[name]

    def __iter__(self) -> Any:
        return iter({**dict.fromkeys(self._context), **dict.fromkeys(self._extra)})

    def __len__(self) -> int:
        return len({*self._context, *self._extra})


def value(text: Text | None, element_id: str) -> Value | None:
    """Compile an optional text of the diagram. Raises InvalidDefinition if it is not FEEL."""
    return Value(text, element_id) if text is not None else None


def _compile(text: str, element_id: str) -> feel.Expression:
    try:
        return compile_expression(text)
    except FeelSyntaxError as error:
        raise InvalidDefinition(
            N_("元素“{id}”的表达式“{text}”有错：{reason}"), id=element_id, text=text, reason=str(error)
        ) from error
