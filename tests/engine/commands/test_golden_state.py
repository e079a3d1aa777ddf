"""Cases that an earlier release has stored are loaded and finished by this one."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from engine.lifecycle import InstanceState
from tests.engine.commands.house import House
from tests.golden.state import FOLDER, finish, restore

FILES = sorted(FOLDER.glob("*.json"))


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_a_stored_case_goes_on_to_its_end(house: House, path: Path) -> None:
    content = json.loads(path.read_text("utf-8"))
    case = restore(house, content)
    assert house.open(case) == content["open"]
    finish(house, case, content["finish"])
    assert (house.case(case).state, house.open(case), house.incidents(case)) == (InstanceState.COMPLETED, [], [])


def test_what_it_remembered_counts(house: House) -> None:
    content = json.loads((FOLDER / "everything-at-once.json").read_text("utf-8"))
    case = restore(house, content)
    finish(house, case, content["finish"])
    values = house.variables(case)
    assert (values["各号"], values["合计"], values["响"]) == ([50, 40, 60], Decimal(112), 1)
