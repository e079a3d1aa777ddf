"""FEEL, the expression language of DMN 1.5 (chapter 10): text → syntax tree → closure.

``compile("金额 > 5000").evaluate({"金额": 6000})`` is ``True``. Numbers are ``Decimal``, what has no value is ``None``.
Expressions come from diagrams, so they are strangers: nothing they say can reach the server, and limits end them.
One deviation on purpose: ``is defined(x)`` is false for a variable that does not exist, and true for one that is null.
"""

from engine.feel.environment import DEFAULT, Environment, Limits
from engine.feel.errors import FeelError, FeelEvaluationError, FeelSyntaxError
from engine.feel.expression import Expression, compile, compile_unary, context_entries
from engine.feel.frame import Reason
from engine.feel.values import Function, Range, YearsMonths

__all__ = [
    "DEFAULT",
    "Environment",
    "Expression",
    "FeelError",
    "FeelEvaluationError",
    "FeelSyntaxError",
    "Function",
    "Limits",
    "Range",
    "Reason",
    "YearsMonths",
    "compile",
    "compile_unary",
    "context_entries",
]
