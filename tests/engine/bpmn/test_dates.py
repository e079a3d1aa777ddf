"""Which settings a date hangs on: those it names, and those behind the mappings that it reads."""

from __future__ import annotations

import pytest

from engine.bpmn import read
from engine.bpmn.dates import Dates, basis_of, dates_of, settings_in
from engine.bpmn.model import Text
from tests.bpmn_xml import Drawing, element, extension, timer, zeebe
from tests.engine.commands.house import io

DUE = "=工作日后(now(), policy.期限)"


def dates(drawing: Drawing) -> Dates:
    process = read(drawing.xml()).process("p")
    assert process is not None
    return dates_of(process)


def task(drawing: Drawing, due: str, node_id: str = "a", **inputs: str) -> Drawing:
    return drawing.user_task(node_id, more=zeebe("taskSchedule", dueDate=due) + (io(inputs=inputs) if inputs else ""))


def level(due: str, **inputs: str) -> Drawing:
    """A task in a sub-process with these input mappings."""
    inner = extension(io(inputs=inputs))
    return Drawing().start().sub_process("level", lambda sub: task(sub.start("s"), due).end("e"), inner=inner).end()


@pytest.mark.parametrize(
    ("text", "names", "whole"),
    [
        (DUE, {"期限"}, False),
        ("=if 急 then policy.急件 else policy.期限", {"急件", "期限"}, False),
        ("=now()", set(), False),
        ("=get value(policy, 名称)", set(), True),
        ("=[1, 2][item < policy.期限][1]", set(), True),
        ("2026-11-24", set(), False),
        ("=policy.", set(), False),
    ],
)
def test_an_expression_names_its_settings(text: str, names: set[str], whole: bool) -> None:
    basis = basis_of(Text.parse(text))
    assert (basis.settings, basis.any_setting) == (names, whole)
    assert settings_in(Text.parse(text)) == names
    assert basis.rests_on("期限") is (whole or "期限" in names)


def test_a_due_date_reaches_a_setting_through_the_mapping_of_a_sub_process() -> None:
    found = dates(level("=本级期限", 本级期限=DUE))
    assert found.due["a"].rests_on("期限")
    assert found.mappings_of("期限") == {"level": {"本级期限"}}
    assert found.mappings_of("别的") == {}
    assert found.hang_on("期限")
    assert not found.hang_on("别的")


def test_a_mapping_may_read_one_before_it_or_further_out() -> None:
    found = dates(level("=中点", 本级期限=DUE, 中点='=本级期限 - duration("P1D")'))
    assert found.mappings_of("期限") == {"level": {"本级期限", "中点"}}
    found = dates(level("=本级期限", 本级期限="=本级期限 + policy.宽限"))
    assert found.due["a"].settings == {"宽限"}


def test_a_mapping_of_the_task_itself_counts() -> None:
    found = dates(task(Drawing().start(), "=到期", "a", 到期=DUE).end())
    assert found.mappings_of("期限") == {"a": {"到期"}}


def test_a_mapping_without_settings_is_left_alone() -> None:
    found = dates(level("=min(甲, 乙)", 甲=DUE, 乙="=now()"))
    assert found.mappings_of("期限") == {"level": {"甲"}}


def test_of_two_settings_each_moves_its_own_mapping() -> None:
    found = dates(level("=min(甲, 乙)", 甲=DUE, 乙="=工作日后(now(), policy.宽限)"))
    assert found.due["a"].settings == {"期限", "宽限"}
    assert found.mappings_of("宽限") == {"level": {"乙"}}


def test_what_lies_nearer_hides_a_mapping_further_out() -> None:
    loop = zeebe("loopCharacteristics", inputCollection="=名单", inputElement="本级期限")
    many = element("bpmn:multiInstanceLoopCharacteristics", extension(loop))
    inner = extension(io(inputs={"本级期限": DUE}))

    def draw(sub: Drawing) -> Drawing:
        return sub.start("s").user_task("a", more=zeebe("taskSchedule", dueDate="=本级期限"), inner=many).end("e")

    found = dates(Drawing().start().sub_process("level", draw, inner=inner).end())
    assert not found.hang_on("期限")


def test_timers_hang_on_what_they_see() -> None:
    drawing = level("=now()", 本级期限=DUE)
    drawing.boundary("late", "level", timer("Date", "=本级期限"), cancelActivity="false").end("f")
    drawing.start("tick", timer("Cycle", "=policy.期限")).script("n").end("g")

    def handle(sub: Drawing) -> Drawing:
        return sub.start("alarm", timer("Duration", "=policy.期限")).end("h")

    drawing.event_sub_process("handler", handle)
    found = dates(drawing)
    assert set(found.timers) == {"late", "alarm"}  # a start of the process comes before there is a case
    for name in ("late", "alarm"):
        (basis,) = found.timers[name].values()
        assert basis.rests_on("期限"), name
    assert found.mappings_of("期限") == {"level": {"本级期限"}}
