"""A called case that could come along when its caller was handed over, and can't any more when it is to."""

from __future__ import annotations

from engine import people
from engine.people.commands import appoint, end_appointment
from tests.engine.commands.desk import SECRETARY, able, account
from tests.engine.commands.house import CLERK, House
from tests.engine.commands.test_transfers import OTHER_CLERK, calling, transfer


def dismiss(house: House, login: str) -> None:
    """Nobody holds the post any more, at once."""
    with house.at() as tx:
        for each in people.posts_of(tx, account(house, login)):
            end_appointment(tx, each.appointment_id)


def test_it_stays_where_it_was_with_an_incident_until_it_can_follow(house: House) -> None:
    case = calling(house)
    (child,) = house.children(case)
    transfer(house, case, by=SECRETARY)
    dismiss(house, OTHER_CLERK)
    for _ in range(8):
        house.drain()
        house.clock.advance(hours=12)
    (incident,) = house.incidents(child.id)
    assert incident.template.format(**incident.params) == "朝阳社区工作人员现在没有人任职，不能移交。"
    # the caller has come to its new unit, the called case waits for whoever had it, and nothing is lost
    assert house.case(case).unit_id == house.unit("chaoyang-1")
    assert (house.case(child.id).unit_id, able(house, child.id)) == (house.unit("jinxing"), {"b": {CLERK}})
    with house.at() as tx:
        appoint(tx, account(house, OTHER_CLERK), "community_clerk", house.unit("chaoyang"))
    house.retry(child.id)
    house.drain()
    assert (house.incidents(child.id), able(house, child.id)) == ([], {"b": {OTHER_CLERK}})
    house.complete(child.id, "b", by=OTHER_CLERK)
    house.drain()
    assert house.case(case).ended_at is not None
