"""Running instances: what the command modules share."""

from engine.execution.advance import advance, schedule, tell_parent
from engine.execution.ending import cancel_loaded
from engine.execution.environment import GLOBAL_NAMES, feel_environment
from engine.execution.incidents import open_incident, resolve
from engine.execution.loaded import Loaded, is_over, lock_active, lock_instance, lock_task
from engine.execution.starting import Origin, create_instance, latest_release
from engine.execution.timer_starts import START_TIMER, arm, fire
from engine.execution.waits import evaluate, open_wait, unit_of

__all__ = [
    "GLOBAL_NAMES",
    "START_TIMER",
    "Loaded",
    "Origin",
    "advance",
    "arm",
    "cancel_loaded",
    "create_instance",
    "evaluate",
    "feel_environment",
    "fire",
    "is_over",
    "latest_release",
    "lock_active",
    "lock_instance",
    "lock_task",
    "open_incident",
    "open_wait",
    "resolve",
    "schedule",
    "tell_parent",
    "unit_of",
]
