"""Who sees which case: participants, the posts on its path, and who may see all."""

from __future__ import annotations

from uuid import UUID

import pytest

from engine.database import Engine
from engine.people import (
    ANONYMOUS,
    SYSTEM,
    Actor,
    account_holder,
    load_actor,
    post_holder,
    receipt_actor,
    receipt_holder,
)
from tests.engine.people.cases import file_case, give_task, numbers_seen_by
from tests.engine.people.town import Town, build_town


def _actor(town: Town, account: UUID) -> Actor:
    with town.engine.read(SYSTEM) as tx:
        return load_actor(tx, account)


@pytest.mark.parametrize(
    ("post", "seen"),
    [
        ("group_leader@jinxing-1", ["A-jinxing-1"]),
        ("community_secretary@jinxing", ["A-jinxing-1", "B-jinxing-2"]),
        ("community_secretary@chaoyang", ["C-chaoyang-1"]),
        ("resident@jinxing-1", []),
        ("officer@civil_affairs", []),
        ("admin@bincheng", ["A-jinxing-1", "B-jinxing-2", "C-chaoyang-1", "D-secret"]),
    ],
)
def test_posts_see_the_open_cases_of_their_unit_and_below(engine: Engine, post: str, seen: list[str]) -> None:
    town = build_town(engine)
    for number, code in (("A-jinxing-1", "jinxing-1"), ("B-jinxing-2", "jinxing-2"), ("C-chaoyang-1", "chaoyang-1")):
        file_case(town, code, number)
    file_case(town, "jinxing-1", "D-secret", confidential=True)
    actor = _actor(town, town.person("somebody", post))

    assert numbers_seen_by(engine, actor) == seen


def test_who_filed_a_case_sees_it_even_when_it_is_confidential(engine: Engine) -> None:
    town = build_town(engine)
    me, neighbour = town.person("me", "resident@jinxing-1"), town.person("neighbour", "resident@jinxing-1")
    file_case(town, "jinxing-1", "mine", by=me, confidential=True)

    assert numbers_seen_by(engine, _actor(town, me)) == ["mine"]
    assert numbers_seen_by(engine, _actor(town, neighbour)) == []


def test_whom_a_task_waits_for_sees_the_case(engine: Engine) -> None:
    town = build_town(engine)
    officer = _actor(town, town.person("officer", "officer@civil_affairs"))
    case = file_case(town, "jinxing-1", "A", confidential=True)
    file_case(town, "jinxing-1", "B", confidential=True)

    give_task(engine, case, [post_holder("officer", town.units["civil_affairs"])])

    assert numbers_seen_by(engine, officer) == ["A"]


def test_who_did_a_task_sees_the_case_later_in_another_post(engine: Engine) -> None:
    town = build_town(engine)
    person = town.person("person", "group_leader@chaoyang-1")
    case = file_case(town, "jinxing-1", "A")

    give_task(engine, case, [], done_by=person)

    assert numbers_seen_by(engine, _actor(town, person)) == ["A"]


def test_a_receipt_opens_its_case_only(engine: Engine) -> None:
    town = build_town(engine)
    case, other = file_case(town, "jinxing-1", "A"), file_case(town, "jinxing-1", "B")
    give_task(engine, other, [receipt_holder(other)])

    assert numbers_seen_by(engine, receipt_actor(case)) == ["A"]


def test_who_has_not_signed_in_sees_nothing(engine: Engine) -> None:
    town = build_town(engine)
    file_case(town, "jinxing-1", "A")

    assert numbers_seen_by(engine, ANONYMOUS) == []


def test_a_post_given_by_name_opens_nothing_beyond_its_own(engine: Engine) -> None:
    town = build_town(engine)
    leader = town.person("leader", "group_leader@jinxing-1")
    case = file_case(town, "jinxing-2", "A")
    give_task(engine, case, [post_holder("group_leader", town.units["jinxing-2"]), account_holder(case)])

    assert numbers_seen_by(engine, _actor(town, leader)) == []
