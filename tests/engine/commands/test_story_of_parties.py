"""What an outside party reads of a case: what it answered itself, and what the offices meant for it."""

from __future__ import annotations

import json
from typing import Any

from engine import definitions
from engine.queries.story import story_for_resident
from tests.engine.commands.house import House, process
from tests.engine.forms.form_builder import source, text

REFUSAL = source(text("理由", properties={"forApplicant": "true"}), text("内部意见"), id="refusal")
PARTY = "developer"


def test_a_party_reads_its_own_answers_and_why_it_was_refused(house: House) -> None:
    # given a refusal with a reason for the party and a remark among officials, which the party then puts right
    with house.at() as tx:
        definitions.add_form(tx, json.dumps(REFUSAL, ensure_ascii=False))
    drawing = process().user_task("a", form="refusal")
    house.deploy(drawing.user_task("b", groups="party_agent@developer", form="f").end())
    case = house.start()
    house.complete(case, "a", {"理由": "水电没有接通", "内部意见": "再看看他们的信用记录"})
    house.complete(case, "b", {"意见": "水电已经接通"}, by=PARTY)
    # then it reads the reason and its own answer, and somebody else who is told the story does not read that answer

    def told(login: str) -> list[tuple[Any, ...]]:
        with house.at(login) as tx:
            return [each.notes for each in story_for_resident(tx, house.case(case)) if each.element_id in ("a", "b")]

    reason = (("理由", "水电没有接通"),)
    assert told(PARTY) == [reason, (("意见", "水电已经接通"),)]
    assert told("resident-1") == [reason, ()]
