"""Everybody reads alone: what one person of a post has read still waits for the other."""

from __future__ import annotations

from datetime import date

import pytest

from engine import notifications
from engine.people import receipt_actor
from engine.queries import bell
from tests.clock import FrozenClock
from tests.engine.messages.readers import CLERK, SECOND, Readers
from tests.webapp.official import file_appeal, open_task


def test_what_one_has_read_still_waits_for_the_other(readers: Readers) -> None:
    told = readers.tell("甲")
    with readers.at(CLERK) as tx:
        notifications.mark_one_read(tx, told)
    assert (readers.count(CLERK), readers.count(SECOND)) == (0, 1)
    with readers.at(CLERK) as tx:  # pressed twice
        notifications.mark_one_read(tx, told)
    assert (readers.unread(CLERK), readers.unread(SECOND)) == ([], ["甲"])


def test_reading_all_leaves_what_comes_later(readers: Readers, clock: FrozenClock) -> None:
    readers.tell("甲")
    clock.advance(days=1)
    readers.tell("乙")
    with readers.at(CLERK) as tx:
        notifications.mark_all_read(tx)
    # a command that began before may commit only now
    readers.tell("丙")
    clock.advance(hours=1)
    readers.tell("丁")
    assert (readers.unread(CLERK), readers.unread(SECOND)) == (["丁", "丙"], ["丁", "丙", "乙", "甲"])


def test_reading_the_newer_one_leaves_the_older_one(readers: Readers, clock: FrozenClock) -> None:
    readers.tell("甲")
    clock.advance(days=1)
    newer = readers.tell("乙")
    clock.advance(days=1)
    with readers.at(CLERK) as tx:
        notifications.mark_one_read(tx, newer)
    assert readers.unread(CLERK) == ["甲"]
    assert [each.text for each in readers.messages(CLERK)] == ["乙", "甲"]


def test_what_comes_by_post_and_by_name_counts_once(readers: Readers) -> None:
    told = readers.tell("甲", readers.post, readers.holder(CLERK))
    assert (readers.count(CLERK), readers.count(SECOND)) == (1, 1)
    with readers.at(CLERK) as tx:
        notifications.mark_one_read(tx, told)
    assert readers.count(CLERK) == 0


def test_nobody_is_told_by_name_of_what_they_did(readers: Readers) -> None:
    with readers.at(CLERK) as tx:
        notifications.tell(tx, "assigned", [readers.holder(CLERK), readers.holder(SECOND)], None, "甲")
    assert (readers.count(CLERK), readers.count(SECOND)) == (0, 1)


def test_the_bell_counts_no_further_than_it_can_show(readers: Readers) -> None:
    with readers.at(SECOND) as tx:
        for number in range(bell.MOST + 5):
            notifications.tell(tx, "urged", [readers.post], None, "第 {n} 次催办", {"n": number})
    assert readers.count(CLERK) == bell.MOST


def test_what_nobody_has_read_for_months_no_longer_counts(readers: Readers, clock: FrozenClock) -> None:
    readers.tell("甲")
    clock.advance(days=91)
    assert readers.count(CLERK) == 0
    assert [each.text for each in readers.messages(CLERK)] == ["甲"]


def test_what_the_task_list_shows_is_not_said_by_the_bell(readers: Readers) -> None:
    for kind in ("task", "due", "overdue"):
        readers.tell(kind, kind=kind)
    assert readers.count(CLERK) == 0
    assert readers.messages(CLERK) == []


def test_messages_are_filtered_by_kind(readers: Readers) -> None:
    readers.tell("甲", kind="urged")
    readers.tell("乙", kind="mentioned")
    assert [each.text for each in readers.messages(CLERK, kind="mentioned")] == ["乙"]


def test_days_and_moments_keep_their_kind(readers: Readers, clock: FrozenClock) -> None:
    with readers.at(SECOND) as tx:
        params = {"due": date(2026, 12, 1), "at": clock(), "who": "组长", "n": 2}
        notifications.tell(tx, "extension", [readers.post], None, "{who}申请延期到{due}", params)
    assert readers.messages(CLERK)[0].params == {
        "due": {"day": "2026-12-01"},
        "at": {"moment": "2026-11-24T09:00:00+08:00"},
        "who": "组长",
        "n": 2,
    }


def test_a_kind_that_does_not_exist_is_a_fault(readers: Readers) -> None:
    with pytest.raises(KeyError):
        readers.tell("甲", kind="gossip")


def test_a_receipt_has_one_reader(readers: Readers) -> None:
    case = file_appeal(readers.engine)
    actor = receipt_actor(case.id)
    with readers.at(CLERK) as tx:
        notifications.tell(tx, "process", sorted(actor.holders), case, "甲")
    with readers.engine.read(actor) as tx:
        shown = bell.of_case(tx, case.id, actor.holders)
    assert [(each.text, each.is_new) for each in shown] == [("甲", True)]
    with readers.engine.begin(actor) as tx:
        notifications.mark_read(tx, case.id)
    with readers.engine.read(actor) as tx:
        assert not any(each.is_new for each in bell.of_case(tx, case.id, actor.holders))


def test_a_message_leads_to_the_task_of_its_reader_and_else_to_the_case(readers: Readers) -> None:
    case = file_appeal(readers.engine)
    element = open_task(readers.engine, case.id).element_id
    with readers.engine.read(readers.actor("jinxing-1-leader")) as tx:
        leader = sorted(tx.actor.holders)
    with readers.engine.begin(readers.actor("jinxing-secretary")) as tx:
        told = notifications.tell(tx, "urged", [*leader, readers.post], case, "请尽快办理", element_id=element)
    with readers.engine.read(readers.actor("jinxing-1-leader")) as tx:
        assert bell.place_of(tx, told).task_id is not None
    with readers.engine.read(readers.actor(CLERK)) as tx:
        assert bell.place_of(tx, told) == bell.Place(None, case.id)
