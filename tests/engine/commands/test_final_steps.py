"""Steps that the diagram calls final: nobody sends a case back to them or past them."""

from __future__ import annotations

import pytest

from engine.errors import InvalidState
from engine.lifecycle import InstanceState
from tests.bpmn_xml import extension, properties
from tests.engine.commands.house import CLAUSE, CLERK, House, process
from tests.engine.commands.test_returns import TO_SECRETARY, TWICE, inside, recall, send_back


def test_what_the_diagram_calls_final_is_neither_gone_back_to_nor_past(house: House) -> None:
    drawing = process("q").user_task().user_task("b", clause=None, more=properties(clause=CLAUSE, final="true"))
    house.deploy(drawing.user_task("c", groups=TO_SECRETARY).end())
    case = house.start("q")
    house.complete(case)
    send_back(house, case, "a", CLERK)  # it has not been done yet
    house.complete(case)
    house.complete(case, "b")
    for target in ("a", "b"):
        with pytest.raises(InvalidState, match=f"不能回到“{target}”：“b”已经生效，不能撤销"):
            send_back(house, case, target)
    recall(house, case, "b")  # a slip of whoever did it
    with pytest.raises(InvalidState, match="“b”已经生效"):
        send_back(house, case, "a", CLERK)
    assert house.open(case) == ["b"]


def test_what_others_did_in_a_final_sub_process_is_not_done_again(house: House) -> None:
    marked = extension(properties(final="true"))
    drawing = process("q").user_task().sub_process("s", inside, inner=marked + TWICE, name="各组办理")
    house.deploy(drawing.user_task("b").end())
    case = house.start("q")
    house.complete(case)
    for step in ("x", "x", "y", "y"):
        house.complete(case, step)
    with pytest.raises(InvalidState, match="“各组办理”已经生效，不能撤销"):
        send_back(house, case, "a", CLERK)
    house.complete(case, "b")
    assert house.case(case).state is InstanceState.COMPLETED
