"""Running instances: what the command modules share."""

from engine.execution.advance import advance, tell_parent
from engine.execution.awaiting import awaits
from engine.execution.backwards import Step, go_back, holders_of, person_behind, steps_back
from engine.execution.calls import throw as throw_error
from engine.execution.claiming import claim_task, right_to
from engine.execution.consulting import withdraw_consultations
from engine.execution.correlation import WITHDRAWAL, Outcome, Published, deliver, mention, publish
from engine.execution.deadlines import MOVE_DEADLINES, MovedDeadline, Recount, cases_concerned
from engine.execution.ending import cancel_loaded
from engine.execution.environment import GLOBAL_NAMES, feel_environment
from engine.execution.incidents import open_incident, resolve
from engine.execution.inside import ALONE, IN_CASE, give_up
from engine.execution.loaded import Loaded, LockedTask, is_over, lock_active, lock_instance, lock_task
from engine.execution.mailbox import DEFAULT_TTL, Letter, forget_expired
from engine.execution.scheduling import is_wanted, schedule_alone
from engine.execution.start_events import arm, start_where_true
from engine.execution.starting import Origin, create_instance, latest_release
from engine.execution.throwing import broadcast, leave_message
from engine.execution.timer_starts import START_TIMER, TimerStart, armed, schedule_next, starts
from engine.execution.waits import evaluate, open_wait, unit_of
from engine.execution.watching import Moved

__all__ = [
    "ALONE",
    "DEFAULT_TTL",
    "GLOBAL_NAMES",
    "IN_CASE",
    "MOVE_DEADLINES",
    "START_TIMER",
    "WITHDRAWAL",
    "Letter",
    "Loaded",
    "LockedTask",
    "Moved",
    "MovedDeadline",
    "Origin",
    "Outcome",
    "Published",
    "Recount",
    "Step",
    "TimerStart",
    "advance",
    "arm",
    "armed",
    "awaits",
    "broadcast",
    "cancel_loaded",
    "cases_concerned",
    "claim_task",
    "create_instance",
    "deliver",
    "evaluate",
    "feel_environment",
    "forget_expired",
    "give_up",
    "go_back",
    "holders_of",
    "is_over",
    "is_wanted",
    "latest_release",
    "leave_message",
    "lock_active",
    "lock_instance",
    "lock_task",
    "mention",
    "open_incident",
    "open_wait",
    "person_behind",
    "publish",
    "resolve",
    "right_to",
    "schedule_alone",
    "schedule_next",
    "start_where_true",
    "starts",
    "steps_back",
    "tell_parent",
    "throw_error",
    "unit_of",
    "withdraw_consultations",
]
