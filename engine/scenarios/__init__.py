"""Scenarios: acceptance cases of processes, played on a virtual clock (docs/scenarios.md).

``read(path)`` gives a :class:`Script`, ``play(script, engine, clock)`` runs it against a database that has the
organisation and the processes, and raises :class:`ScenarioFailed` where the case goes another way. What the cases pass
is collected in :class:`Passages`; ``gaps_of`` says what of a process is missing in it.
"""

from engine.scenarios.clock import SettableClock, VirtualClock
from engine.scenarios.failure import ScenarioFailed
from engine.scenarios.gaps import Gaps, Missed, MissedFlow, gaps_of
from engine.scenarios.ground import Ground
from engine.scenarios.passage import Passage, Passages
from engine.scenarios.play import play
from engine.scenarios.script import Script, parse, read

__all__ = [
    "Gaps",
    "Ground",
    "Missed",
    "MissedFlow",
    "Passage",
    "Passages",
    "ScenarioFailed",
    "Script",
    "SettableClock",
    "VirtualClock",
    "gaps_of",
    "parse",
    "play",
    "read",
]
