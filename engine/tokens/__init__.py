"""The tokens of running instances: the only package that imports SpiffWorkflow.

``build(process)`` makes a :class:`Spec` that instances share, :class:`Run` is one instance in memory. SpiffWorkflow
moves the tokens (task tree, task states, ``Task.run``); variables, timers, messages, joins and storage are ours.
"""

from engine.tokens.build import build
from engine.tokens.core import Env, Failure, Step, Thrown
from engine.tokens.decisions import Decided
from engine.tokens.events import Wait, WaitKind
from engine.tokens.run import Run, Standing
from engine.tokens.spec import Spec
from engine.tokens.timers import Timer, after

__all__ = [
    "Decided",
    "Env",
    "Failure",
    "Run",
    "Spec",
    "Standing",
    "Step",
    "Thrown",
    "Timer",
    "Wait",
    "WaitKind",
    "after",
    "build",
]
