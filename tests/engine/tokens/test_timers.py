"""When timers are due, and that cycles keep their rhythm on a virtual clock."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine.bpmn.model import EventDefinition
from engine.errors import InvalidDefinition
from tests.builders import ProcessBuilder, cycle, message, timer
from tests.engine.tokens.case import BEGIN, Case


def _waiting(event: EventDefinition, **variables: Any) -> Case:
    return Case(ProcessBuilder().start().catch("t", event).chain("start", "t"), **variables)


@pytest.mark.parametrize(
    ("text", "kind", "due"),
    [
        ("PT90M", "duration", BEGIN + timedelta(minutes=90)),
        ("P2W", "duration", BEGIN + timedelta(weeks=2)),
        ("P1M", "duration", datetime(2026, 4, 2, 9, tzinfo=UTC)),
        ("2026-03-05T08:00:00+08:00", "date", datetime(2026, 3, 5, tzinfo=UTC)),
        ("2026-03-05T08:00:00", "date", datetime(2026, 3, 5, tzinfo=UTC)),
        ("=期限", "date", datetime(2026, 3, 5, 16, tzinfo=UTC)),
        ('=duration("P" + string(policy.days) + "D")', "duration", BEGIN + timedelta(days=3)),
        ("=now() + duration(\"PT1H\")", "date", BEGIN + timedelta(hours=1)),
        ("R3/PT1H", "cycle", BEGIN + timedelta(hours=1)),
        ("R/2026-04-01T00:00:00Z/P1D", "cycle", datetime(2026, 4, 1, tzinfo=UTC)),
        ('="R/PT" + string(n) + "M"', "cycle", BEGIN + timedelta(minutes=5)),
        ("0 0 9 * * MON", "cycle", datetime(2026, 3, 9, 1, tzinfo=UTC)),
        ('="0 " + string(n) + " 9 2 4 *"', "cycle", datetime(2026, 4, 2, 1, 5, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_the_due_time_is_known_when_the_wait_begins(text: str, kind: str, due: datetime) -> None:
    case = _waiting(timer(text, kind), 期限=date(2026, 3, 6), n=Decimal(5))
    case.now += timedelta(days=1)
    assert case.wait("t").due == due


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("1 hour", "duration"),
        ("tomorrow", "date"),
        ("0 0 0 * * MON#6", "cycle"),
        ("R3/PT0S", "cycle"),
        ("PT1H", "daily"),
    ],
)
def test_a_faulty_literal_is_refused(text: str, kind: str) -> None:
    with pytest.raises(InvalidDefinition):
        _waiting(timer(text, kind))


@pytest.mark.parametrize(("text", "kind"), [("=5", "duration"), ("=null", "date"), ("=[]", "cycle"), ("=n", "cycle")])
def test_a_faulty_value_fails_its_own_token_and_can_be_retried(text: str, kind: str) -> None:
    diagram = ProcessBuilder().start().user("a", "b").boundary("t", "a", timer(text, kind), interrupting=False)
    case = Case(diagram.chain("start", "a").chain("t", "b"))
    assert case.open == ["a"]
    assert [failure.element_id for failure in case.failures] == ["t"]
    assert case.failures[0].template.format(**case.failures[0].params)


def test_a_timer_that_failed_listens_after_a_retry() -> None:
    diagram = ProcessBuilder().start().user("a", "b").boundary("t", "a", timer("=wait")).chain("start", "a")
    case = Case(diagram.chain("t", "b")).set(wait="PT1H").retry()
    assert case.open == ["a", "t"]
    assert case.pass_time(hours=1).open == ["b"]


def _reminded(text: str) -> Case:
    diagram = ProcessBuilder().start().user("a", "remind").boundary("t", "a", cycle(text), interrupting=False)
    return Case(diagram.chain("start", "a").chain("t", "remind"))


def test_a_cycle_fires_as_often_as_it_says_each_with_a_wait_of_its_own() -> None:
    case = _reminded("R3/PT1H")
    tokens = set()
    for occurrence in range(3):
        wait = case.wait("t")
        tokens.add(wait.token_id)
        assert (wait.occurrence, wait.due) == (occurrence, BEGIN + timedelta(hours=occurrence + 1))
        case.pass_time(hours=1)
    assert len(tokens) == 3
    assert case.open == ["a", "remind", "remind", "remind"]


def test_an_endless_cycle_keeps_its_rhythm_and_ends_with_its_activity() -> None:
    case = _reminded("R/P1D").pass_time(days=10)
    assert case.open.count("remind") == 10
    assert "t" not in case.complete("a").open


def test_what_a_cycle_missed_comes_once() -> None:
    case = _reminded("R/PT1S")
    case.now += timedelta(days=365, milliseconds=300)
    case.trigger("t")
    assert case.open == ["a", "remind", "t"]
    assert case.wait("t").due == BEGIN + timedelta(days=365, seconds=1)


def test_an_interrupting_cycle_fires_once() -> None:
    diagram = ProcessBuilder().start().user("a", "b").boundary("t", "a", cycle("R3/PT1H"))
    assert Case(diagram.chain("start", "a").chain("t", "b")).pass_time(hours=5).open == ["b"]


def test_a_timer_in_a_loop_starts_anew() -> None:
    diagram = ProcessBuilder().start().exclusive("m").catch("t", timer("PT1H")).user("a")
    case = Case(diagram.chain("start", "m", "t", "a", "m")).pass_time(hours=3)
    case.complete("a")
    assert case.wait("t").due == BEGIN + timedelta(hours=4)


def test_a_message_name_and_key_are_known_when_the_wait_begins() -> None:
    case = _waiting(message('="答复-" + 编号', "=编号"), 编号="1").set(编号="2")
    assert (case.wait("t").name, case.wait("t").key) == ("答复-1", "1")


def test_a_message_without_key_value_fails() -> None:
    case = _waiting(message("m", "=nothing"))
    assert [failure.element_id for failure in case.failures] == ["t"]


def test_a_cycle_that_never_comes_fails_instead_of_passing() -> None:
    case = _waiting(cycle('="R" + string(n) + "/PT1H"'), n=Decimal(0))
    assert [failure.element_id for failure in case.failures] == ["t"]
    assert case.set(n=Decimal(1)).retry().open == ["t"]


def test_a_cycle_that_never_comes_leaves_the_other_events_of_a_gateway_alone() -> None:
    diagram = ProcessBuilder().start().choice("g").catch("t", cycle("R0/PT1H")).catch("m", message("x")).user("a", "b")
    case = Case(diagram.chain("start", "g", "t", "a").chain("g", "m", "b"))
    assert case.open == ["m"]
    assert case.trigger("m").open == ["b"]


def test_a_catch_event_with_a_counted_cycle_lets_a_token_go_on_each_time() -> None:
    diagram = ProcessBuilder().start().catch("c", cycle("R3/PT1H")).user("a").end().chain("start", "c", "a", "end")
    case = Case(diagram)
    assert case.pass_time(hours=1).open == ["a", "c"]
    assert case.pass_time(hours=1).open == ["a", "a", "c"]
    assert case.pass_time(hours=1).open == ["a", "a", "a"]
    assert case.pass_time(hours=9).complete("a").complete("a").complete("a").done


def test_without_a_count_or_behind_a_gateway_it_goes_on_once() -> None:
    diagram = ProcessBuilder().start().catch("c", cycle("R/PT1H")).user("a").chain("start", "c", "a")
    assert Case(diagram).pass_time(hours=5).open == ["a"]
    choice = ProcessBuilder().start().choice("g").catch("c", cycle("R3/PT1H")).catch("d", message("d")).user("a", "b")
    assert Case(choice.chain("start", "g", "c", "a").chain("g", "d", "b")).pass_time(hours=5).open == ["a"]
