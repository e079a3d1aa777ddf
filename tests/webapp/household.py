"""A process whose form has all that forms have beside single fields: lists, tables, sums, a signature."""

from __future__ import annotations

import json
from typing import Any

from engine import definitions
from engine.database import Engine
from engine.people import SYSTEM
from tests.bpmn_xml import Drawing, extension, properties
from tests.engine.forms.form_builder import choice, component, computed, group, number, rows, table, text, upload

ID_CARD = "11010519491231002X"  # made up


def start_form() -> dict[str, Any]:
    """The form that starts it."""
    kinship = choice("select", "关系", "本人", "配偶", "子女", id="kin")
    card = text("身份证号码", id="card", properties={"format": "id-card", "help": "没有身份证的，填写户口簿上的号码。"})
    school = text("学校", id="school", hide='=关系 != "子女"')
    members = rows(
        "家庭成员",
        text("姓名", id="name", required=True, properties={"personal": "true"}),
        kinship,
        card,
        number("月收入", id="income", min=0, appearance={"suffixAdorner": "元"}),
        school,
        description="同住的人都要填写。",
        minRows=1,
        maxRows=4,
        rowLabel="成员",
        addLabel="新增成员",
    )
    rates = '=[{项目: "基本", 金额: 300}, {项目: "每人", 金额: 120}, {项目: "每名学生", 金额: 80}]'
    components = [
        text("住址", id="address", required=True, properties={"format": "address"}),
        component("select", "单位", label="受理单位", searchable=True, valuesExpression='=units("社区")'),
        members,
        computed("月收入合计", "=sum(家庭成员.月收入[item != null])", label="月收入合计", properties={"suffix": "元"}),
        table("标准", rates, "项目", "金额", label="补助标准", rowCount=2),
        group("声明", upload("签名", id="signature", required=True, properties={"signature": "true"})),
    ]
    return {"id": "household_start", "title": "家庭情况登记", "schemaVersion": 19, "components": components}


def publish_household(engine: Engine) -> None:
    """Release it: a group leader starts it, and the group leader looks at it."""
    about = extension(
        properties(startForm="household_start", starters="group_leader", numberPrefix="JT", title='="家庭情况登记"')
    )
    drawing = Drawing("household", name="家庭情况登记", process_inner=about).start()
    drawing.user_task(form="appeal_accept", groups="group_leader@group", clause="DB3716/T69 5.2.2 a").end()
    with engine.begin(SYSTEM) as tx:
        definitions.add_form(tx, json.dumps(start_form(), ensure_ascii=False))
        definitions.deploy_file(tx, "household", drawing.xml().decode(), "")
