"""Who handles a case reads by which rule it was decided, in both languages; the auditor reads it, too."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient

from engine import definitions, instances, people
from engine.database import Engine
from engine.model.process import ProcessInstance
from engine.people import SYSTEM
from tests.bpmn_xml import Drawing, extension, properties, zeebe
from tests.decision_table import table
from tests.webapp.official import open_task, words
from tests.webapp.portal.resident import texts

SignIn = Callable[[str], FlaskClient]
LEVEL = table("level", [("< 100", '"一般"', "20"), (">= 100", '"重大"', "5")], name="分级", outputs=("等级", "天数"))


def start_deciding(engine: Engine, quantity: int) -> ProcessInstance:
    """A case that has been decided and waits for the group leader."""
    about = extension(properties(starters="public", numberPrefix="FJ", inputVariables="金额"))
    drawing = Drawing("deciding", name="分级办理", process_inner=about).start()
    called = extension(zeebe("calledDecision", decisionId="level", resultVariable="安排"))
    drawing.node("businessRuleTask", "judge", called, name="定等级")
    drawing.user_task(form="appeal_accept", groups="group_leader@group", clause="DB3716/T69 5.2.2 a").end()
    with engine.begin(SYSTEM) as tx:
        definitions.deploy_file(tx, "deciding", drawing.xml().decode(), "", {"level.dmn": LEVEL})
    with engine.begin(SYSTEM) as tx:
        unit = people.org_tree(tx).by_code("jinxing-1")
        return instances.start(tx, "deciding", {"金额": quantity}, unit.id if unit else None).instance


def test_the_case_so_far_names_the_rule_and_the_result(platform: Engine, sign_in: SignIn) -> None:
    case = start_deciding(platform, 700)
    page = sign_in("jinxing-1-leader").get(f"/tasks/{open_task(platform, case.id).id}").text
    assert "定等级：按决策“分级”第 2 条规则" in words(page)
    assert set(texts(page, "//p[contains(@class, 'timeline-note')]")) >= {"等级：重大", "天数：5"}


def test_in_english_as_well(platform: Engine, sign_in: SignIn) -> None:
    case = start_deciding(platform, 5)
    browser = sign_in("jinxing-1-leader")
    browser.set_cookie("locale", "en")
    page = browser.get(f"/tasks/{open_task(platform, case.id).id}").text
    assert "定等级: by the decision “分级”, rule 1" in words(page)


def test_the_auditor_reads_it_in_the_history_and_it_verifies(platform: Engine, sign_in: SignIn) -> None:
    case = start_deciding(platform, 700)
    page = sign_in("auditor").get(f"/audit/cases/{case.id}").text
    assert "“定等级”按决策“分级”第 2 条规则判定" in page
    assert "校验失败" not in page
