"""States have names that people understand, and move only as their tables say."""

import pytest

from engine.errors import AlreadyDone, InvalidState
from engine.lifecycle import (
    TRANSITIONS,
    IncidentState,
    InstanceState,
    JobState,
    NoticeState,
    State,
    UserTaskState,
    VoteState,
    ensure_can_move,
    state_name,
)


@pytest.mark.parametrize(
    ("state", "name"),
    [
        (InstanceState.COMPLETED, "已办结"),
        (UserTaskState.COMPLETED, "已办理"),
        (InstanceState.CANCELED, "已终止"),
        (UserTaskState.CANCELED, "已取消"),
        (JobState.CANCELED, "已取消"),
    ],
)
def test_equal_texts_of_different_things_are_called_differently(state: InstanceState, name: str) -> None:
    assert state_name(state) == name


@pytest.mark.parametrize("states", [InstanceState, UserTaskState, JobState, IncidentState])
def test_every_state_has_a_name(states: type[InstanceState]) -> None:
    assert all(state_name(state) for state in states)


def test_a_case_that_has_ended_says_so_in_its_own_words() -> None:
    with pytest.raises(AlreadyDone, match="已办结"):
        ensure_can_move("事项", InstanceState.COMPLETED, InstanceState.CANCELED)


def test_what_the_table_does_not_allow_is_refused() -> None:
    with pytest.raises(InvalidState, match="已执行"):
        ensure_can_move("后台任务", JobState.FAILED, JobState.DONE)


@pytest.mark.parametrize(
    ("current", "target"),
    [
        (IncidentState.OPEN, IncidentState.RESOLVED),
        (NoticeState.OPEN, NoticeState.CLOSED),
        (VoteState.OPEN, VoteState.COUNTED),
    ],
)
def test_equal_texts_of_different_things_move_differently(current: State, target: State) -> None:
    ensure_can_move("某物", current, target)


def test_nothing_moves_into_a_state_of_something_else() -> None:
    assert all(type(target) is kind for (kind, _), targets in TRANSITIONS.items() for target in targets)
