"""Publishing: versions, drafts and files; what is refused is refused with element, rule and sentence."""

from __future__ import annotations

import pytest

from engine import bpmn, definitions
from engine.errors import Conflict, InvalidDefinition, NotAuthorized
from engine.execution import latest_release
from engine.model.process import ProcessDraft
from tests.engine.commands.house import Drawing, House, process


def first() -> Drawing:
    return process(title="=1").user_task().end()


def second() -> Drawing:
    return process(title="=1").user_task().user_task("b").end()


def publish(house: House, drawing: Drawing, by: str = "analyst") -> str:
    with house.at(by) as tx:
        return definitions.publish(tx, "p", drawing.xml().decode(), "加一步").digest


def draft(house: House) -> ProcessDraft | None:
    with house.reading() as tx:
        return tx.session.get(ProcessDraft, "p")


def save(house: House, drawing: Drawing, seen: int | None = None, by: str = "analyst") -> None:
    with house.at(by) as tx:
        definitions.save_draft(tx, "p", drawing.xml().decode(), seen)


def newest(house: House) -> tuple[int, str]:
    with house.reading() as tx:
        release = latest_release(tx, "p")
        return release.version, release.bundle.digest


def test_new_cases_take_the_new_version_and_old_ones_stay(house: House) -> None:
    assert house.deploy(first()) == "published"
    old = house.start()
    version, digest = newest(house)
    published = publish(house, second())
    assert newest(house) == (version + 1, published)
    assert published != digest
    new = house.start()
    for case, expected in ((old, []), (new, ["b"])):
        house.complete(case)
        assert house.open(case) == expected
    assert [data["definition"]["digest"] for _, data in (house.history(old)[0], house.history(new)[0])] == [
        digest, published,
    ]  # fmt: skip


def test_a_publication_stands_in_the_chain_of_the_system(house: House) -> None:
    house.deploy(first())
    before = len(house.events())
    publish(house, second())
    ((row, data),) = house.history()[before:]
    assert (row.type, row.actor, data["key"], data["version"], data["note"]) == (
        "definition_published", "滨城区流程分析员", "p", 2, "加一步",
    )  # fmt: skip


def test_a_file_is_released_once(house: House) -> None:
    assert [house.deploy(first()), house.deploy(first()), house.deploy(second())] == ["published", "known", "published"]
    assert house.deploy(first()) == "known"  # an older file never comes back over a newer one
    assert newest(house)[0] == 2


def test_a_file_never_replaces_what_an_analyst_has_published(house: House) -> None:
    house.deploy(first())
    publish(house, second())
    changed = process(title="=2").user_task().end()
    assert house.deploy(changed) == "draft"
    kept = draft(house)
    assert kept is not None
    assert (kept.diagram, kept.base_version, newest(house)[0]) == (changed.xml().decode(), 2, 2)
    assert house.deploy(changed) == "known"  # said once


def test_a_file_never_replaces_unfinished_work(house: House) -> None:
    house.deploy(first())
    publish(house, second())
    mine = process(title="=3").user_task().end()
    save(house, mine)
    assert house.deploy(process(title="=2").user_task().end()) == "known"
    kept = draft(house)
    assert kept is not None
    assert (kept.diagram, kept.saved_by) == (mine.xml().decode(), "滨城区流程分析员")


def test_two_analysts_do_not_overwrite_each_other(house: House) -> None:
    house.deploy(first())
    save(house, first())
    opened = draft(house)
    assert opened is not None
    save(house, second(), opened.lock_version)
    with pytest.raises(Conflict, match="“流程”的草稿已由滨城区流程分析员在您打开之后保存"):
        save(house, first(), opened.lock_version)
    kept = draft(house)
    assert kept is not None
    assert kept.diagram == second().xml().decode()
    publish(house, second())
    assert draft(house) is None


def test_only_analysts_draw_and_publish(house: House) -> None:
    house.deploy(first())
    for login in ("auditor", "admin", "jinxing-clerk"):
        with pytest.raises(NotAuthorized, match="您的岗位不能编辑或发布流程"):
            publish(house, second(), login)
        with pytest.raises(NotAuthorized):
            save(house, second(), by=login)
    assert (newest(house)[0], draft(house)) == (1, None)


def test_what_cannot_run_is_refused_with_element_rule_and_sentence(house: House) -> None:
    house.deploy(first())
    faulty = process().user_task().node("complexGateway", "odd").end()
    with pytest.raises(InvalidDefinition, match="流程图还不能发布") as caught:
        publish(house, faulty)
    (finding,) = (each for each in caught.value.findings if each.severity == "error" and each.element == "odd")
    assert (finding.rule.count("."), "odd" in finding.message, finding.line > 1) == (1, True, True)
    assert newest(house)[0] == 1
    save(house, faulty)  # a draft may be unfinished


DOCTYPE = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


def texts() -> dict[str, str]:
    """Files that are no diagram of the process p."""
    good = first().xml().decode()
    return {
        "empty": "",
        "text": "不是 XML",
        "cut": good[:-30],
        "xxe": good.replace("?>", "?>" + DOCTYPE).replace("流程", "&x;"),
        "doctype": good.replace("?>", "?><!DOCTYPE d>"),
        "html": "<html/>",
        "huge": good.replace("</bpmn:definitions>", "<!--" + "x" * 2_100_000 + "--></bpmn:definitions>"),
        "other process": good.replace('id="p"', 'id="other"'),
    }


def test_what_is_no_diagram_is_refused_with_a_sentence(house: House) -> None:
    house.deploy(first())
    for name, diagram in texts().items():
        for command in (definitions.publish, definitions.save_draft):
            with pytest.raises(InvalidDefinition) as caught, house.at("analyst") as tx:
                command(tx, "p", diagram)
            assert "root:" not in str(caught.value)
            assert any("一" <= letter <= "鿿" for letter in str(caught.value)), name
    assert (newest(house)[0], draft(house)) == (1, None)


def test_a_version_keeps_the_form_that_it_was_released_with(house: House) -> None:
    house.deploy(first())
    old = house.start()
    with house.at() as tx:
        definitions.add_form(tx, '{"id": "f", "type": "default", "components": []}')
    publish(house, first())
    new = house.start()
    house.complete(new, values={})
    house.complete(old, values={"意见": "旧表单"})
    assert (house.variables(new), house.variables(old)["意见"]) == ({}, "旧表单")


def test_a_picture_is_kept_as_a_draft_and_cannot_be_published(house: House) -> None:
    # given a diagram that is only a picture
    picture = process(title="=1").user_task().end()
    picture.executable = False
    xml = picture.xml().decode()
    # when it is saved, then it is there again as it was
    save(house, picture)
    kept = draft(house)
    assert kept is not None
    assert kept.diagram == xml
    # and neither an analyst nor a file releases it
    with pytest.raises(InvalidDefinition) as refusal:
        publish(house, picture)
    assert [each.rule for each in refusal.value.findings if each.severity == "error"] == ["process.executable"]
    assert "不能发布" in refusal.value.findings[0].message
    with pytest.raises(InvalidDefinition):
        house.deploy(picture)
    # and as a drawing nothing is wrong with it
    assert [each for each in bpmn.check(bpmn.read(picture.xml()), deploy=False) if each.severity == "error"] == []
