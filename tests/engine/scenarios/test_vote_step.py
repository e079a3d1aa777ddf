"""The step with which people of a scenario vote."""

from __future__ import annotations

import pytest

from engine.scenarios import ScenarioFailed
from tests.engine.commands.house import House
from tests.engine.handlers.test_vote_in_cases import asking
from tests.engine.scenarios.playing import play


@pytest.fixture
def house(house: House) -> House:
    """With a process ``v`` whose cases let the deputies of the three groups of 金星社区 vote."""
    house.deploy(asking())
    return house


def test_people_vote_by_login_and_by_post(house: House) -> None:
    play(
        house,
        """
        - vote: {jinxing-1-deputy: 同意, resident_deputy@jinxing-2: 反对}
        - expect: {open: []}
        - vote: {jinxing-3-deputy: 同意}
        - expect:
            open: [a]
            variables:
              计票: {outcome: 通过, voted: 3, electors: 3, counts: {同意: 2, 反对: 1, 弃权: 0}, winner: null}
        """,
        key="v",
        unit="jinxing-1",
    )


def test_a_second_ballot_is_refused(house: House) -> None:
    play(
        house,
        """
        - vote: {jinxing-1-deputy: 同意}
        - vote: {jinxing-1-deputy: 反对, jinxing-clerk: 同意}
          refused: true
          because: 投
        - expect: {open: []}
        """,
        key="v",
        unit="jinxing-1",
    )


def test_without_an_open_vote_the_scenario_fails(house: House) -> None:
    with pytest.raises(ScenarioFailed, match="没有进行中的表决"):
        play(
            house,
            """
            - advance: P3D
            - vote: {jinxing-1-deputy: 同意}
            """,
            key="v",
            unit="jinxing-1",
        )
