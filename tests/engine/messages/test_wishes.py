"""An address has to be proved, and wishes that contradict each other are refused."""

from __future__ import annotations

from typing import Any

import pytest

from engine.deliveries import wishes
from engine.deliveries.groups import add_robot, remove_robot
from engine.errors import InvalidState, InvalidVariables, NotAuthorized
from engine.model.history import HistoryEvent
from engine.notifications import Outside
from tests.clock import FrozenClock
from tests.engine.messages.readers import CLERK, Readers


def _address(readers: Readers) -> str | None:
    with readers.engine.read(readers.actor(CLERK)) as tx:
        return wishes.settings_of(tx).address


def test_an_address_is_used_once_its_code_came_back(readers: Readers) -> None:
    with readers.at(CLERK) as tx:
        code = wishes.ask_for_proof(tx, " clerk@example.cn ")
    assert _address(readers) is None
    with readers.at(CLERK) as tx:
        assert not wishes.prove(tx, "0" if code != "0" else "1")
    with readers.at(CLERK) as tx:
        assert wishes.prove(tx, f" {code} ")
    assert _address(readers) == "clerk@example.cn"
    with readers.engine.read(readers.actor("auditor")) as tx:  # the address itself is in no history
        payloads = [row.payload for row in tx.session.query(HistoryEvent)]
    assert not any("clerk@example.cn" in each for each in payloads)


def test_the_old_address_is_used_until_the_new_one_is_proved(readers: Readers) -> None:
    with readers.at(CLERK) as tx:
        wishes.prove(tx, wishes.ask_for_proof(tx, "old@example.cn"))
        wishes.ask_for_proof(tx, "new@example.cn")
    assert _address(readers) == "old@example.cn"
    with readers.at(CLERK) as tx:
        wishes.forget_address(tx)
    assert _address(readers) is None


NO_ADDRESSES = ("", "clerk", "clerk@localhost", "a@b@c.cn", "x@example.cn\nBcc: y@z.cn", "a" * 260)


def test_what_is_no_address_is_refused(readers: Readers) -> None:
    for text in NO_ADDRESSES:
        with pytest.raises(InvalidVariables), readers.at(CLERK) as tx:
            wishes.ask_for_proof(tx, text)


def test_codes_grow_old_and_cannot_be_guessed(readers: Readers, clock: FrozenClock) -> None:
    with readers.at(CLERK) as tx:
        code = wishes.ask_for_proof(tx, "clerk@example.cn")
    for _ in range(5):
        with readers.at(CLERK) as tx:
            assert not wishes.prove(tx, "guess")
    with pytest.raises(InvalidState, match="失效"), readers.at(CLERK) as tx:
        wishes.prove(tx, code)
    with readers.at(CLERK) as tx:
        code = wishes.ask_for_proof(tx, "clerk@example.cn")
    clock.advance(minutes=31)
    with pytest.raises(InvalidState, match="失效"), readers.at(CLERK) as tx:
        wishes.prove(tx, code)


def test_nobody_mails_without_end(readers: Readers, clock: FrozenClock) -> None:
    for _ in range(5):
        with readers.at(CLERK) as tx:
            wishes.ask_for_proof(tx, "victim@example.cn")
    with pytest.raises(InvalidState, match="一小时"), readers.at(CLERK) as tx:
        wishes.ask_for_proof(tx, "victim@example.cn")
    clock.advance(hours=1)
    with readers.at(CLERK) as tx:
        wishes.ask_for_proof(tx, "victim@example.cn")


CONTRADICTIONS: list[tuple[dict[str, Any], str]] = [
    ({"digest_hour": 24, "quiet": None}, "digest_hour"),
    ({"digest_hour": 8, "quiet": (7, 7)}, "quiet_from"),
    ({"digest_hour": 8, "quiet": (7, 25)}, "quiet_from"),
    ({"digest_hour": 6, "quiet": (22, 7)}, "digest_hour"),
    ({"digest_hour": 12, "quiet": (12, 14)}, "digest_hour"),
]


def test_wishes_that_contradict_each_other_are_refused(readers: Readers) -> None:
    for wish, field in CONTRADICTIONS:
        with pytest.raises(InvalidVariables) as found, readers.at(CLERK) as tx:
            wishes.choose(tx, {"urged": Outside.OFF}, workdays_only=True, locale="zh-CN", **wish)
        assert list(found.value.errors) == [field]
    with readers.engine.read(readers.actor(CLERK)) as tx:
        assert wishes.settings_of(tx).choices == {}


ROBOT: dict[str, Any] = {
    "name": "工作群",
    "brand": "feishu",
    "secret": "GROUP",
    "position": None,
    "kinds": ["urged"],
    "locale": "zh-CN",
}


SILENT: list[dict[str, Any]] = [
    {"name": " "},
    {"brand": "irc"},
    {"secret": "https://open.feishu.cn/open-apis/bot/v2/hook/x"},
    {"kinds": []},
    {"kinds": ["gossip"]},
    {"position": "group_leader"},
]


def test_a_robot_that_could_not_speak_is_refused(readers: Readers) -> None:
    for change in SILENT:
        with pytest.raises(InvalidVariables) as found, readers.at("admin") as tx:
            add_robot(tx, unit_id=readers.unit, **(ROBOT | change))
        assert list(found.value.errors) == list(change)


def test_only_administrators_have_robots(readers: Readers) -> None:
    with pytest.raises(NotAuthorized), readers.at(CLERK) as tx:
        add_robot(tx, unit_id=readers.unit, **ROBOT)
    with readers.at("admin") as tx:
        robot = add_robot(tx, unit_id=readers.unit, **ROBOT)
    with pytest.raises(NotAuthorized), readers.at(CLERK) as tx:
        remove_robot(tx, robot.id, "群已解散")
    with pytest.raises(InvalidVariables), readers.at("admin") as tx:
        remove_robot(tx, robot.id, " ")
    with readers.at("admin") as tx:
        remove_robot(tx, robot.id, "群已解散")
    with pytest.raises(InvalidState), readers.at("admin") as tx:
        remove_robot(tx, robot.id, "群已解散")
