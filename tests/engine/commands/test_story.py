"""The story of a case says what was filled in as people say it, and a time that several waited for once."""

from __future__ import annotations

import json
from datetime import date

from engine import definitions
from engine.queries.story import story
from tests.bpmn_xml import timer
from tests.decision_table import table
from tests.engine.commands.deciding import deploy
from tests.engine.commands.house import GIVEN, House, process
from tests.engine.forms.form_builder import computed, moment, number, rows, source, text

MEASURED = source(number("面积", appearance={"suffixAdorner": "平方米"}), number("件数"), moment("竣工"), id="measured")


def test_numbers_have_their_units_and_days_are_days(house: House) -> None:
    with house.at() as tx:
        definitions.add_form(tx, json.dumps(MEASURED, ensure_ascii=False))
    house.deploy(process().user_task(form="measured").user_task("b").end())
    case = house.start()
    house.complete(case, values={"面积": 280, "件数": 2, "竣工": "2027-10-31"})
    with house.reading() as tx:
        (told,) = [each for each in story(tx, house.case(case)) if each.element_id == "a"]
    assert told.notes == (("面积", "280 平方米"), ("件数", "2"), ("竣工", date(2027, 10, 31)))


def test_the_rows_of_a_list_and_what_was_computed_are_told(house: House) -> None:
    papers = rows("材料", text("名称"), number("份数", appearance={"suffixAdorner": "份"}), moment("日期"))
    total = computed("合计", "=sum(材料.份数)", label="合计", properties={"suffix": "份"})
    people = rows("人员", text("姓名", properties={"personal": "true"}))
    with house.at() as tx:
        definitions.add_form(tx, json.dumps(source(papers, total, people, id="papers"), ensure_ascii=False))
    house.deploy(process().user_task(form="papers").user_task("b").end())
    case = house.start()
    given = [{"名称": "合同", "份数": 2, "日期": "2026-11-30"}, {"名称": "照片", "份数": 1}]
    house.complete(case, values={"材料": given, "人员": [{"姓名": "某人"}]})

    with house.reading() as tx:
        (told,) = [each for each in story(tx, house.case(case)) if each.element_id == "a"]
        recorded = "".join(row.payload for row, _ in house.history(case))

    lines = "名称 合同，份数 2 份，日期 2026年11月30日；名称 照片，份数 1 份"
    assert told.notes == (("材料", lines), ("合计", "3 份"))
    assert "某人" not in recorded


def test_a_time_that_several_branches_waited_for_is_told_once(house: House) -> None:
    drawing = process().gateway("parallel", "both")
    for name in ("one", "other"):
        drawing.at("both").node("intermediateCatchEvent", name, timer("Duration", "PT1H"), name="到开会时间")
        drawing.user_task(f"after_{name}").end(f"end_{name}")
    house.deploy(drawing)
    case = house.start()
    house.clock.advance(hours=1)
    house.drain()
    with house.reading() as tx:
        told = [each.params["element"] for each in story(tx, house.case(case)) if each.type == "timer_fired"]
        fired = [row.element_id for row, _ in house.history(case) if row.type == "timer_fired"]
    assert (sorted(fired), told) == (["one", "other"], ["到开会时间"])


def test_a_decision_names_units_by_their_names(house: House) -> None:
    rules = [("督促施工", "housing"), ("审批土地", "natural_resources"), ("核实情况", "subdistrict")]
    duties = table(
        "duties",
        [(f"> {number}", f'"{duty}"', f'"{unit}"') for number, (duty, unit) in enumerate(rules)],
        name="分工",
        inputs=("数量",),
        outputs=("职责", "部门"),
        hit_policy="COLLECT",
    )
    deploy(house, "duties", "分工", duties=duties)
    case = house.start()
    house.complete(case, values={**GIVEN, "数量": 3})
    with house.reading() as tx:
        (told,) = [each for each in story(tx, house.case(case)) if each.type == "decision_evaluated"]
    said = "职责 督促施工，部门 区住房和城乡建设局；职责 审批土地，部门 区自然资源局；职责 核实情况，部门 街道"
    assert told.notes == (("结论", said),)
