"""States and their allowed transitions, as tables."""

from __future__ import annotations

from enum import StrEnum

from engine.errors import N_, AlreadyDone, InvalidState


class InstanceState(StrEnum):
    """The state of a process instance; an incident is a row of its own, not a state."""

    #: Tokens are moving or waiting.
    ACTIVE = "active"
    #: Rests while another case, which it has joined, is led for it.
    JOINED = "joined"
    #: Reached its end.
    COMPLETED = "completed"
    #: Ended by a person, with a reason, before its end.
    CANCELED = "canceled"


class UserTaskState(StrEnum):
    """The state of a user task; claiming sets the assignee, not the state."""

    #: Waits for a person.
    CREATED = "created"
    #: Its case rests, and nobody can do it until that goes on.
    SUSPENDED = "suspended"
    #: A person submitted its form.
    COMPLETED = "completed"
    #: An event or a cancellation took it away.
    CANCELED = "canceled"


class JobState(StrEnum):
    """The state of a job."""

    #: Waits until it is due.
    DUE = "due"
    #: Its case rests, and no worker takes it until that goes on.
    SUSPENDED = "suspended"
    #: A worker holds its lease.
    RUNNING = "running"
    #: Done; its effect is recorded.
    DONE = "done"
    #: Its retries are used up; an incident is open.
    FAILED = "failed"
    #: No longer wanted.
    CANCELED = "canceled"


class IncidentState(StrEnum):
    """The state of an incident."""

    #: Somebody has to look.
    OPEN = "open"
    #: Retried with success, or its token is gone.
    RESOLVED = "resolved"


class DefinitionState(StrEnum):
    """The state of a version of a process definition."""

    #: New instances start on the latest published version.
    PUBLISHED = "published"
    #: Instances that run on it go on; none starts.
    RETIRED = "retired"


class NoticeState(StrEnum):
    """The state of a public notice."""

    #: On the board; objections come in, if it takes any.
    OPEN = "open"
    #: Its period is over; what came in is being looked at.
    CLOSED = "closed"
    #: The outcome is on the board.
    CONCLUDED = "concluded"
    #: Taken back before its outcome, with a reason; it stays readable.
    WITHDRAWN = "withdrawn"


class AgendaState(StrEnum):
    """The state of an item on the agenda of a meeting."""

    #: Waits for a meeting.
    WAITING = "waiting"
    #: A meeting has it on its table.
    TAKEN = "taken"
    #: The meeting has decided.
    DECIDED = "decided"
    #: Its case no longer needs a decision.
    WITHDRAWN = "withdrawn"


class VoteState(StrEnum):
    """The state of a vote."""

    #: Ballots are taken.
    OPEN = "open"
    #: Counted; the tally stands.
    COUNTED = "counted"
    #: Ended without a count, because its case no longer needs it.
    CANCELED = "canceled"


class DeliveryState(StrEnum):
    """The state of a message on its way out."""

    #: Waits until it is due.
    WAITING = "waiting"
    #: A courier has it; nobody else may send it before the lease is over.
    SENDING = "sending"
    #: The receiving server took it.
    SENT = "sent"
    #: Given up; somebody may send it again.
    FAILED = "failed"
    #: No longer wanted.
    DROPPED = "dropped"


class ConsultationState(StrEnum):
    """The state of a question to another post about a task."""

    #: Waits for an answer.
    OPEN = "open"
    #: Answered; the answer stands.
    ANSWERED = "answered"
    #: Taken back, by a person with a reason or because the task no longer waits.
    WITHDRAWN = "withdrawn"


class ExtensionState(StrEnum):
    """The state of a request for a later deadline."""

    #: Waits for the level above.
    OPEN = "open"
    #: The deadline was moved.
    GRANTED = "granted"
    #: The deadline stays.
    REFUSED = "refused"
    #: Taken back, by a person or because the task no longer waits.
    WITHDRAWN = "withdrawn"


State = (
    InstanceState
    | UserTaskState
    | JobState
    | IncidentState
    | DefinitionState
    | NoticeState
    | AgendaState
    | VoteState
    | DeliveryState
    | ConsultationState
    | ExtensionState
)

# By class and value: states of different things are equal texts, so that one key would overwrite another.
TRANSITIONS: dict[tuple[type[State], str], frozenset[State]] = {
    (InstanceState, InstanceState.ACTIVE): frozenset(
        {InstanceState.COMPLETED, InstanceState.CANCELED, InstanceState.JOINED}
    ),
    (InstanceState, InstanceState.JOINED): frozenset(
        {InstanceState.ACTIVE, InstanceState.COMPLETED, InstanceState.CANCELED}
    ),
    (UserTaskState, UserTaskState.CREATED): frozenset(
        {UserTaskState.COMPLETED, UserTaskState.CANCELED, UserTaskState.SUSPENDED}
    ),
    (UserTaskState, UserTaskState.SUSPENDED): frozenset({UserTaskState.CREATED, UserTaskState.CANCELED}),
    (JobState, JobState.DUE): frozenset({JobState.RUNNING, JobState.DONE, JobState.CANCELED, JobState.SUSPENDED}),
    (JobState, JobState.SUSPENDED): frozenset({JobState.DUE, JobState.CANCELED}),
    (JobState, JobState.RUNNING): frozenset({JobState.DUE, JobState.DONE, JobState.FAILED, JobState.CANCELED}),
    (JobState, JobState.FAILED): frozenset({JobState.DUE, JobState.CANCELED}),
    (IncidentState, IncidentState.OPEN): frozenset({IncidentState.RESOLVED}),
    (DefinitionState, DefinitionState.PUBLISHED): frozenset({DefinitionState.RETIRED}),
    (NoticeState, NoticeState.OPEN): frozenset({NoticeState.CLOSED, NoticeState.CONCLUDED, NoticeState.WITHDRAWN}),
    (NoticeState, NoticeState.CLOSED): frozenset({NoticeState.CONCLUDED, NoticeState.WITHDRAWN}),
    (AgendaState, AgendaState.WAITING): frozenset({AgendaState.TAKEN, AgendaState.WITHDRAWN}),
    (AgendaState, AgendaState.TAKEN): frozenset({AgendaState.WAITING, AgendaState.DECIDED, AgendaState.WITHDRAWN}),
    (VoteState, VoteState.OPEN): frozenset({VoteState.COUNTED, VoteState.CANCELED}),
    (DeliveryState, DeliveryState.WAITING): frozenset({DeliveryState.SENDING, DeliveryState.DROPPED}),
    (DeliveryState, DeliveryState.SENDING): frozenset(
        {DeliveryState.WAITING, DeliveryState.SENDING, DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.DROPPED}
    ),
    (DeliveryState, DeliveryState.FAILED): frozenset({DeliveryState.WAITING, DeliveryState.DROPPED}),
    (ConsultationState, ConsultationState.OPEN): frozenset({ConsultationState.ANSWERED, ConsultationState.WITHDRAWN}),
    (ExtensionState, ExtensionState.OPEN): frozenset(
        {ExtensionState.GRANTED, ExtensionState.REFUSED, ExtensionState.WITHDRAWN}
    ),
}

# Again by class and value: "completed" is said differently of each thing.
_NAMES: dict[tuple[type[State], str], str] = {
    (InstanceState, InstanceState.ACTIVE): N_("办理中"),
    (InstanceState, InstanceState.JOINED): N_("已并案"),
    (InstanceState, InstanceState.COMPLETED): N_("已办结"),
    (InstanceState, InstanceState.CANCELED): N_("已终止"),
    (UserTaskState, UserTaskState.CREATED): N_("待办理"),
    (UserTaskState, UserTaskState.SUSPENDED): N_("已中止"),
    (UserTaskState, UserTaskState.COMPLETED): N_("已办理"),
    (UserTaskState, UserTaskState.CANCELED): N_("已取消"),
    (JobState, JobState.DUE): N_("等待执行"),
    (JobState, JobState.SUSPENDED): N_("已中止"),
    (JobState, JobState.RUNNING): N_("执行中"),
    (JobState, JobState.DONE): N_("已执行"),
    (JobState, JobState.FAILED): N_("执行失败"),
    (JobState, JobState.CANCELED): N_("已取消"),
    (IncidentState, IncidentState.OPEN): N_("待处理"),
    (IncidentState, IncidentState.RESOLVED): N_("已处理"),
    (DefinitionState, DefinitionState.PUBLISHED): N_("已发布"),
    (DefinitionState, DefinitionState.RETIRED): N_("已停用"),
    (NoticeState, NoticeState.OPEN): N_("公示中"),
    (NoticeState, NoticeState.CLOSED): N_("公示期满"),
    (NoticeState, NoticeState.CONCLUDED): N_("已公布结果"),
    (NoticeState, NoticeState.WITHDRAWN): N_("已撤销"),
    (AgendaState, AgendaState.WAITING): N_("等待上会"),
    (AgendaState, AgendaState.TAKEN): N_("已列入会议"),
    (AgendaState, AgendaState.DECIDED): N_("已议定"),
    (AgendaState, AgendaState.WITHDRAWN): N_("不再需要"),
    (VoteState, VoteState.OPEN): N_("投票中"),
    (VoteState, VoteState.COUNTED): N_("已计票"),
    (VoteState, VoteState.CANCELED): N_("已取消"),
    (ConsultationState, ConsultationState.OPEN): N_("等待答复"),
    (ConsultationState, ConsultationState.ANSWERED): N_("已答复"),
    (ConsultationState, ConsultationState.WITHDRAWN): N_("已撤回"),
    (ExtensionState, ExtensionState.OPEN): N_("等待决定"),
    (ExtensionState, ExtensionState.GRANTED): N_("已同意"),
    (ExtensionState, ExtensionState.REFUSED): N_("不同意"),
    (ExtensionState, ExtensionState.WITHDRAWN): N_("已撤回"),
    (DeliveryState, DeliveryState.WAITING): N_("等待发送"),
    (DeliveryState, DeliveryState.SENDING): N_("正在发送"),
    (DeliveryState, DeliveryState.SENT): N_("已发送"),
    (DeliveryState, DeliveryState.FAILED): N_("发送失败"),
    (DeliveryState, DeliveryState.DROPPED): N_("不再发送"),
}


def state_name(state: State) -> str:
    """What people call the state; its text is to be translated."""
    return _NAMES[type(state), state]


def ensure_can_move(thing: str, current: State, target: State) -> None:
    """Raise unless ``thing`` (a Chinese name for the sentence) may go from ``current`` to ``target``."""
    key = (type(current), current)
    if target in TRANSITIONS.get(key, frozenset()):
        return
    error = AlreadyDone if key not in TRANSITIONS else InvalidState
    raise error(
        N_("{thing}{state}，不能再改为“{target}”。"),
        thing=thing,
        state=state_name(current),
        target=state_name(target),
    )
