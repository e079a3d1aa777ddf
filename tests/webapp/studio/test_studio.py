"""Analysts draw, check, save and publish; what can't run is refused element by element, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from flask.testing import FlaskClient

from engine.database import Engine
from engine.model.process import ProcessDraft
from engine.people import SYSTEM
from engine.queries import studio
from webapp.library import folder

JSON = {"Accept": "application/json"}
APPEAL = (folder("processes") / "appeal" / "appeal.bpmn").read_text("utf-8")


def versions(engine: Engine) -> int:
    with engine.read(SYSTEM) as tx:
        return len(studio.versions(tx, "appeal"))


def draft(engine: Engine) -> str | None:
    with engine.read(SYSTEM) as tx:
        row = tx.session.get(ProcessDraft, "appeal")
        return row.diagram if row else None


def test_the_list_shows_versions_and_drafts(sign_in: Callable[[str], FlaskClient]) -> None:
    page = sign_in("analyst").get("/studio").text
    assert "反向协调诉求" in page
    assert "第 1 版" in page


def test_a_changed_diagram_is_saved_checked_and_published(
    platform: Engine, sign_in: Callable[[str], FlaskClient]
) -> None:
    browser = sign_in("analyst")
    changed = APPEAL.replace('name="受理登记"', 'name="受理并登记"')
    assert changed != APPEAL

    assert browser.put("/studio/appeal", data=changed, headers=JSON).json["ok"] is True
    assert browser.get("/studio/appeal.bpmn").text == changed
    findings = browser.post("/studio/appeal/check", data=changed, headers=JSON).json["findings"]
    assert [each for each in findings if each["severity"] == "error"] == []
    published = browser.post("/studio/appeal/publish", data={"note": "改名"}, headers=JSON).json

    assert published["version"] == 2
    assert versions(platform) == 2
    assert draft(platform) is None
    assert "改名" in browser.get("/studio/appeal").text


def test_a_publication_needs_a_note(platform: Engine, sign_in: Callable[[str], FlaskClient]) -> None:
    answer = sign_in("analyst").post("/studio/appeal/publish", data={"note": " "}, headers=JSON)
    assert answer.status_code == 422
    assert "发布说明" in answer.json["message"]
    assert versions(platform) == 1


def test_an_unsupported_element_is_refused_by_name(platform: Engine, sign_in: Callable[[str], FlaskClient]) -> None:
    browser = sign_in("analyst")
    broken = APPEAL.replace('<bpmn:exclusiveGateway id="gw_accept"', '<bpmn:complexGateway id="gw_accept"', 1)
    broken = broken.replace("</bpmn:exclusiveGateway>", "</bpmn:complexGateway>", 1)
    assert browser.put("/studio/appeal", data=broken, headers=JSON).json["ok"] is True

    refused = browser.post("/studio/appeal/publish", data={"note": "试试"}, headers=JSON)

    assert refused.status_code == 422
    found = [each for each in refused.json["findings"] if each["element"] == "gw_accept"]
    assert any(each["rule"] == "support.kind" and "复杂网关" in each["message"] for each in found)
    assert draft(platform) == broken
    assert versions(platform) == 1


@pytest.mark.parametrize(
    "text",
    [
        "<not closed",
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
        "<html/>",
    ],
)
def test_what_is_no_diagram_is_refused_in_words_and_changes_nothing(
    platform: Engine, sign_in: Callable[[str], FlaskClient], text: str
) -> None:
    answer = sign_in("analyst").put("/studio/appeal", data=text, headers=JSON)
    assert answer.status_code == 422
    assert answer.json["message"]
    assert "root:" not in answer.text
    assert draft(platform) is None


def test_a_new_process_begins_as_a_draft(sign_in: Callable[[str], FlaskClient]) -> None:
    browser = sign_in("analyst")
    assert browser.post("/studio/new", data={"key": "Bad Key", "name": ""}).status_code == 422
    assert browser.post("/studio/new", data={"key": "appeal", "name": "重名"}).status_code == 422
    answer = browser.post("/studio/new", data={"key": "corridor", "name": "楼道杂物"}, follow_redirects=True)
    assert answer.status_code == 200
    assert "楼道杂物" in answer.text
    assert 'id="corridor"' in browser.get("/studio/corridor.bpmn").text


PICTURE = """<?xml version="1.0" encoding="WINDOWS-1252"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="http://vendor.example/this">
  <process id="Of.Another-Tool" name="Caf\xe9" isExecutable="false"/>
</definitions>
"""


def test_a_file_of_another_tool_is_opened_saved_and_downloaded_and_not_published(
    sign_in: Callable[[str], FlaskClient],
) -> None:
    # given a picture in an old encoding, when it is opened
    browser = sign_in("analyst")
    answer = browser.post("/studio/open", data={"diagram": (BytesIO(PICTURE.encode("cp1252")), "other.bpmn")})
    # then it is a draft under its own id, and what is downloaded is the same drawing in UTF-8
    assert answer.location == "/studio/Of.Another-Tool"
    kept = browser.get("/studio/Of.Another-Tool.bpmn")
    assert kept.data == PICTURE.replace("WINDOWS-1252", "UTF-8").encode()
    # and it may be saved, but not published
    assert browser.put("/studio/Of.Another-Tool?seen=1", data=kept.text, headers=JSON).json["ok"] is True
    refused = browser.post("/studio/Of.Another-Tool/publish", data={"note": "试"}, headers=JSON)
    assert refused.status_code == 422
    assert "process.executable" in [each["rule"] for each in refused.json["findings"]]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "请选择一个 .bpmn 文件"),
        (b"<html/>", "不是 BPMN 2.0 流程图"),
        (b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>', "文件里没有流程"),
        (APPEAL.encode(), "已经有标识为“appeal”的流程"),
    ],
)
def test_what_cannot_be_opened_is_said_beside_the_field(
    sign_in: Callable[[str], FlaskClient], content: bytes, said: str
) -> None:
    answer = sign_in("analyst").post("/studio/open", data={"diagram": (BytesIO(content), "some.bpmn")})

    assert answer.status_code in (409, 422)
    assert said in answer.text


def test_an_unknown_process_is_not_found(sign_in: Callable[[str], FlaskClient]) -> None:
    assert sign_in("analyst").get("/studio/nothing").status_code == 404


def test_two_analysts_do_not_overwrite_each_other(sign_in: Callable[[str], FlaskClient]) -> None:
    first, second = sign_in("analyst"), sign_in("analyst")
    saved = first.put("/studio/appeal?seen=0", data=APPEAL, headers=JSON)
    assert saved.json["seen"] > 0

    late = second.put("/studio/appeal?seen=0", data=APPEAL, headers=JSON)
    assert late.status_code == 409
    assert "滨城区流程分析员" in late.json["message"]

    again = first.put(f"/studio/appeal?seen={saved.json['seen']}", data=APPEAL, headers=JSON)
    assert again.status_code == 200
