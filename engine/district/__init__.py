"""A district that lives: on a virtual clock, people start cases and do their tasks as scenarios say people do.

``Life(engine, clock, habits, seed).live(until)`` runs the real processes from the clock's moment on; what it leaves is
a database as after months of work. The same seed on the same library gives the same life.
"""

from engine.district.habits import Habits, Opening
from engine.district.life import Life

__all__ = ["Habits", "Life", "Opening"]
