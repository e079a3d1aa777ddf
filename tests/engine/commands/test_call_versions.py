"""Which version a call activity calls, and what goes in."""

from __future__ import annotations

from uuid import UUID

import pytest

from engine.errors import InvalidDefinition
from tests.bpmn_xml import element, extension, zeebe
from tests.engine.commands.house import Drawing, House, process


def child(house: House, task: str, tag: str | None = None, key: str = "child") -> None:
    """Publish a version of the called process: its task tells which one it is."""
    inner = extension(zeebe("versionTag", value=tag)) if tag else ""
    house.deploy(Drawing(key, process_inner=inner).start().user_task(task, form="g").end())


def calling(house: House, **binding: str) -> None:
    called = zeebe("calledElement", processId="child", **binding)
    house.deploy(process().node("callActivity", "call", extension(called)).end())


def called(house: House) -> list[str]:
    case = house.start()
    house.drain()
    (row,) = house.children(case)
    return house.open(row.id)


def test_the_newest_version_is_called(house: House) -> None:
    child(house, "v1")
    calling(house)
    child(house, "v2")
    assert called(house) == ["v2"]


def test_deployment_is_the_newest_when_the_caller_was_published(house: House) -> None:
    child(house, "v1")
    house.clock.advance(hours=1)
    child(house, "v2")
    calling(house, bindingType="deployment")
    house.clock.advance(hours=1)
    child(house, "v3")
    assert called(house) == ["v2"]


def test_a_version_tag_names_the_newest_version_with_it(house: House) -> None:
    child(house, "v1", "春")
    child(house, "v2", "春")
    child(house, "v3", "夏")
    child(house, "v4")
    calling(house, bindingType="versionTag", versionTag="春")
    assert called(house) == ["v2"]


def test_a_tag_that_no_version_has_is_refused(house: House) -> None:
    child(house, "v1", "春")
    with pytest.raises(InvalidDefinition) as refused:
        calling(house, bindingType="versionTag", versionTag="秋")
    assert [found.rule for found in refused.value.findings] == ["call.version-tag"]


def test_a_computed_tag_that_no_version_has_is_an_incident(house: House) -> None:
    child(house, "v1", "春")
    calling(house, bindingType="versionTag", versionTag='="秋" + ""')
    case = house.start()
    house.drain()
    (incident,) = house.incidents(case)
    assert "秋" in incident.template.format(**incident.params)
    child(house, "v2", "秋")
    house.retry(case)
    house.drain()
    (row,) = house.children(case)
    assert house.open(row.id) == ["v2"]


def test_a_process_that_was_published_after_its_caller_is_an_incident(house: House) -> None:
    computed = zeebe("calledElement", processId='="chi" + "ld"', bindingType="deployment")
    house.deploy(process().node("callActivity", "call", extension(computed)).end())
    house.clock.advance(hours=1)
    child(house, "v1")
    case = house.start()
    house.drain()
    assert len(house.incidents(case)) == 1


def inputs(house: House, inner: str, **attributes: str) -> list[dict[str, object]]:
    child(house, "v1")
    call = extension(zeebe("calledElement", processId="child", **attributes)) + inner
    house.deploy(process(start_form=True).node("callActivity", "call", call).end())
    case: UUID = house.start(values={"意见": "请协办"})
    house.drain()
    return [house.variables(row.id) for row in house.children(case)]


def test_without_the_callers_variables_and_without_mappings_nothing_goes_in(house: House) -> None:
    assert inputs(house, "", propagateAllParentVariables="false") == [{}]


def test_the_element_of_a_multi_instance_belongs_to_the_call(house: House) -> None:
    loop = zeebe("loopCharacteristics", inputCollection='=["甲", "乙"]', inputElement="谁")
    inner = element("bpmn:multiInstanceLoopCharacteristics", extension(loop))
    found = inputs(house, inner, propagateAllParentVariables="false")
    assert sorted(str(each["谁"]) for each in found) == ["乙", "甲"]
    assert all("意见" not in each for each in found)
