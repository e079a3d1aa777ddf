"""Random diagrams under random schedules, saved and reloaded at every step, against the reference token game.

``WUJI_WALKS`` sets the number of diagrams of each kind, ``WUJI_SEED`` the first seed; ``make walks N=20000 SEED=1`` is
a longer campaign. A failure names the seed that repeats it.
"""

import os
from random import Random

import pytest

from tests.engine.tokens.diagrams import Blocks, PlainBlocks, any_net
from tests.engine.tokens.twin import Twin
from tests.engine.tokens.undoing_diagrams import Undoing

WALKS = int(os.environ.get("WUJI_WALKS", "100"))
FIRST = int(os.environ.get("WUJI_SEED", "1"))
_STEPS = 25


@pytest.mark.timeout(0)
def test_any_net_of_tasks_and_gateways_runs_as_the_reference_does() -> None:
    walked = 0
    for seed in range(FIRST, FIRST + WALKS):
        random = Random(seed)
        walked += _walk(seed, Twin(any_net(random), random))
    assert walked > 3 * WALKS


@pytest.mark.timeout(0)
def test_nested_blocks_of_everything_run_as_the_reference_does() -> None:
    walked = 0
    for seed in range(FIRST, FIRST + WALKS):
        random = Random(seed)
        walked += _walk(seed, Twin(Blocks(random).process(), random))
    assert walked > 5 * WALKS


@pytest.mark.timeout(0)
def test_nested_blocks_that_are_undone_run_as_the_reference_does() -> None:
    walked = 0
    for seed in range(FIRST, FIRST + WALKS):
        random = Random(seed)
        walked += _walk(seed, Twin(Undoing(random).process(), random))
    assert walked > 5 * WALKS


@pytest.mark.timeout(0)
def test_wherever_a_case_was_sent_back_it_comes_to_its_end_with_every_token_once() -> None:
    jumped = 0
    for seed in range(FIRST, FIRST + WALKS // 2):
        random = Random(seed)
        twin = Twin(PlainBlocks(random).process(), random)
        _walk(seed, twin, jumping=True, alone=True)
        assert twin.comes_to_its_end(), f"seed {seed}: {twin.case.open}"
        jumped += twin.jumped
    assert jumped > WALKS


def _walk(seed: int, twin: Twin, jumping: bool = False, alone: bool = False) -> int:
    try:
        return twin.walk(_STEPS, jumping, alone)
    except AssertionError as error:
        raise AssertionError(f"seed {seed}: {error}") from error


@pytest.mark.timeout(0)
def test_cases_that_are_sent_back_go_on_as_the_reference_does() -> None:
    """No token is lost or doubled: wherever the rule lets a token jump, both go on alike and come to the same end."""
    jumped = 0
    for seed in range(FIRST, FIRST + WALKS):
        random = Random(seed)
        twin = Twin(Blocks(random).process(), random)
        _walk(seed, twin, jumping=True)
        jumped += twin.jumped
    assert jumped > WALKS // 2
