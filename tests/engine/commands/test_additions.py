"""What applicants send to a running case unasked: who may, who is told, how often."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from engine import additions, instances
from engine.database import Engine
from engine.errors import InvalidState, InvalidVariables, NotAuthorized
from engine.model.history import HistoryEvent
from engine.model.notification import Notification
from engine.model.process import ProcessInstance
from engine.model.work import UserTask
from engine.people import ANONYMOUS, SYSTEM, org_tree, receipt_actor, receipt_reader
from engine.queries import cases, portal
from tests.clock import FrozenClock
from tests.engine.test_receipts import APPEAL


def filed(engine: Engine) -> UUID:
    with engine.begin(ANONYMOUS) as tx:
        group = org_tree(tx).by_code("jinxing-1")
        assert group is not None
        return instances.start(tx, "appeal", APPEAL, group.id).instance.id


def told(engine: Engine, case: UUID, kind: str) -> set[str]:
    """The posts that got a message of this kind about the case, as 'position@code'."""
    with engine.read(SYSTEM) as tx:
        tree = org_tree(tx)
        query = select(Notification.holder).where(Notification.instance_id == case, Notification.kind == kind)
        posts = [holder.partition("@") for holder in tx.session.scalars(query) if "@" in holder]
        return {f"{position}@{tree.unit(UUID(unit)).code}" for position, _, unit in posts}


def until_late(engine: Engine, clock: FrozenClock, case: UUID) -> None:
    with engine.read(SYSTEM) as tx:
        due = tx.session.scalars(select(UserTask.due_at).where(UserTask.instance_id == case)).one()
    assert due is not None
    clock.advance(seconds=(due - clock()).total_seconds() + 1)


def test_whoever_has_the_case_hears_of_more_material(platform: Engine) -> None:
    case = filed(platform)
    with platform.begin(receipt_actor(case)) as tx:
        additions.add_material(tx, case, " 昨晚又排了一次。 ", [])
    assert "group_leader@jinxing-1" in told(platform, case, "process")
    with platform.read(receipt_actor(case)) as tx:
        [row] = portal.additions(tx, cases.case(tx, case))
        assert row.text == "昨晚又排了一次。"


def test_history_knows_that_something_was_added_and_hides_what(platform: Engine) -> None:
    case = filed(platform)
    with platform.begin(receipt_actor(case)) as tx:
        additions.add_material(tx, case, "我住在502，电话13811112222。", [])
    with platform.read(SYSTEM) as tx:
        query = select(HistoryEvent).where(HistoryEvent.chain_id == case, HistoryEvent.type == "material_added")
        event = tx.session.scalars(query).one()
        # Three digits alone may stand by chance in an id or in the commitment.
        assert not any(said in event.payload for said in ("住在", "在502", "13811112222"))
        assert "说明" in event.payload
        assert "commitment" in event.payload


@pytest.mark.parametrize("who", ["stranger", "reader"])
def test_nobody_else_adds_anything(platform: Engine, who: str) -> None:
    case = filed(platform)
    actor = receipt_reader(case) if who == "reader" else receipt_actor(filed(platform))
    for command in (
        lambda tx: additions.add_material(tx, case, "说明", []),
        lambda tx: additions.complain(tx, case, "太慢"),
    ):
        with pytest.raises(NotAuthorized), platform.begin(actor) as tx:
            command(tx)


def test_nothing_at_all_and_too_much_are_refused(platform: Engine) -> None:
    case = filed(platform)
    for text in ("  ", "长" * (additions.LONGEST_TEXT + 1)):
        with pytest.raises(InvalidVariables) as caught, platform.begin(receipt_actor(case)) as tx:
            additions.add_material(tx, case, text, [])
        assert set(caught.value.errors) == {"text"}


def test_a_day_has_room_for_some_and_the_next_for_more(platform: Engine, clock: FrozenClock) -> None:
    case = filed(platform)
    for n in range(additions.MOST_A_DAY):
        with platform.begin(receipt_actor(case)) as tx:
            additions.add_material(tx, case, f"第{n}次", [])
    with pytest.raises(InvalidState), platform.begin(receipt_actor(case)) as tx:
        additions.add_material(tx, case, "再一次", [])
    clock.advance(days=1, seconds=1)
    with platform.begin(receipt_actor(case)) as tx:
        additions.add_material(tx, case, "再一次", [])


def test_a_complaint_is_not_heard_long_before_the_deadline(platform: Engine) -> None:
    case = filed(platform)
    with pytest.raises(InvalidState), platform.begin(receipt_actor(case)) as tx:
        additions.complain(tx, case, "太慢了。")


def test_the_level_above_hears_of_a_delay_and_not_again_for_days(platform: Engine, clock: FrozenClock) -> None:
    case = filed(platform)
    until_late(platform, clock, case)
    with platform.begin(receipt_actor(case)) as tx:
        additions.complain(tx, case, "太慢了。")
    assert told(platform, case, "complained") == {
        "community_secretary@jinxing",
        "community_clerk@jinxing",
        "supervisor@jinxing",
    }
    with pytest.raises(InvalidState), platform.begin(receipt_actor(case)) as tx:
        additions.complain(tx, case, "还是很慢。")
    clock.advance(seconds=additions.BETWEEN_COMPLAINTS / timedelta(seconds=1) + 1)
    with platform.begin(receipt_actor(case)) as tx:
        additions.complain(tx, case, "还是很慢。")


def test_an_ended_case_takes_nothing(platform: Engine) -> None:
    case = filed(platform)
    with platform.begin(SYSTEM) as tx:
        instances.cancel(tx, case, "重复")
    with pytest.raises(InvalidState), platform.begin(receipt_actor(case)) as tx:
        additions.add_material(tx, case, "说明", [])
    with platform.read(SYSTEM) as tx:
        assert not portal.additions(tx, tx.get(ProcessInstance, case))
