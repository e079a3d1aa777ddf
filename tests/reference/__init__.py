"""A small token game of our own for BPMN 2.0: the oracle that random walks are compared with.

It shares no code and no idea of storage with the engine: tokens lie on sequence flows, as in the standard's text, and
the whole state is searched at every move. It is slow and plain on purpose. Conditions are names of variables; whatever
waits (tasks, timers, messages) goes on when :meth:`Game.fire` is called for it.
"""

from tests.reference.areas import Area, Open
from tests.reference.game import Game

__all__ = ["Area", "Game", "Open"]
