"""Running instances: what the command modules share."""

from engine.execution.advance import advance, tell_parent
from engine.execution.awaiting import awaits
from engine.execution.backwards import Step, go_back, holders_of, person_behind, steps_back
from engine.execution.calls import filed_case
from engine.execution.calls import throw as throw_error
from engine.execution.claiming import claim_task, right_to
from engine.execution.consulting import withdraw_requests
from engine.execution.correlation import WITHDRAWAL, Outcome, Published, deliver, mention, publish
from engine.execution.deadlines import MOVE_DEADLINES, MovedDeadline, Recount, cases_concerned
from engine.execution.ending import cancel_loaded
from engine.execution.environment import GLOBAL_NAMES, feel_environment
from engine.execution.extending import deadline_key, extend, limit
from engine.execution.incidents import open_incident, resolve
from engine.execution.inside import ALONE, EVEN_AT_THE_END, IN_CASE, give_up
from engine.execution.joined import MAY_JOIN, go_on_alone, leave_by_withdrawal
from engine.execution.leading import joined_cases
from engine.execution.loaded import Loaded, LockedTask, is_over, lock_active, lock_instance, lock_task
from engine.execution.mailbox import DEFAULT_TTL, Letter, forget_expired
from engine.execution.moving import holders_of_open_tasks
from engine.execution.resettling import MAY_TRANSFER, resettle
from engine.execution.resting import put_to_rest
from engine.execution.scheduling import is_wanted, schedule_alone
from engine.execution.start_events import arm, start_where_true
from engine.execution.starting import Origin, create_instance, latest_release
from engine.execution.throwing import broadcast, leave_message
from engine.execution.timer_starts import START_TIMER, TimerStart, armed, schedule_next, starts
from engine.execution.waits import as_due, evaluate, open_wait, unit_of
from engine.execution.watchers import tell_watchers
from engine.execution.watching import Moved

__all__ = [
    "ALONE",
    "DEFAULT_TTL",
    "EVEN_AT_THE_END",
    "GLOBAL_NAMES",
    "IN_CASE",
    "MAY_JOIN",
    "MAY_TRANSFER",
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
    "as_due",
    "awaits",
    "broadcast",
    "cancel_loaded",
    "cases_concerned",
    "claim_task",
    "create_instance",
    "deadline_key",
    "deliver",
    "evaluate",
    "extend",
    "feel_environment",
    "filed_case",
    "forget_expired",
    "give_up",
    "go_back",
    "go_on_alone",
    "holders_of",
    "holders_of_open_tasks",
    "is_over",
    "is_wanted",
    "joined_cases",
    "latest_release",
    "leave_by_withdrawal",
    "leave_message",
    "limit",
    "lock_active",
    "lock_instance",
    "lock_task",
    "mention",
    "open_incident",
    "open_wait",
    "person_behind",
    "publish",
    "put_to_rest",
    "resettle",
    "resolve",
    "right_to",
    "schedule_alone",
    "schedule_next",
    "start_where_true",
    "starts",
    "steps_back",
    "tell_parent",
    "tell_watchers",
    "throw_error",
    "unit_of",
    "withdraw_requests",
]
