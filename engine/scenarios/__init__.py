"""Scenarios: acceptance cases of processes, played on a virtual clock (docs/scenarios.md).

``read(path)`` gives a :class:`Script`, ``play(script, engine, clock)`` runs it against a database that has the
organisation and the processes, and raises :class:`ScenarioFailed` where the case goes another way.
"""

from engine.scenarios.clock import SettableClock, VirtualClock
from engine.scenarios.failure import ScenarioFailed
from engine.scenarios.play import play
from engine.scenarios.script import Script, parse, read

__all__ = ["ScenarioFailed", "Script", "SettableClock", "VirtualClock", "parse", "play", "read"]
