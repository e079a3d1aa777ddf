"""Data objects and properties: variables of the element that declares them."""

from engine.bpmn.model import Process, StandardLoop, Text
from engine.bpmn.read import read
from tests.bpmn_xml import Drawing, element, extension, zeebe
from tests.builders import ProcessBuilder, each, mappings
from tests.engine.tokens.case import Case


def _process(drawing: Drawing) -> Process:
    process = read(drawing.xml()).process()
    assert process is not None
    return process


def _write(inside: Drawing) -> Drawing:
    drawing = inside.start("s").script("write", '="inside"', "data").script("copy", "=data", "seen").end("e")
    return drawing.raw(element("bpmn:dataObject", id="d1", name="data"))


def test_a_data_object_of_a_sub_process_is_local_to_it() -> None:
    drawing = Drawing().start().sub_process("sub", _write).user_task("a").end()
    case = Case(_process(drawing), data="outside")
    assert case.open == ["a"]
    assert case.variables == {"data": "outside", "seen": "inside"}


def test_a_data_object_of_the_process_is_a_variable_of_the_case() -> None:
    drawing = Drawing().start().script("write", '="x"', "data").user_task("a").end()
    drawing.raw(element("bpmn:dataObject", id="d1", name="data"))
    drawing.raw(element("bpmn:dataObjectReference", id="r1", dataObjectRef="d1", name="Data [written]"))
    assert Case(_process(drawing)).variables == {"data": "x"}


def test_it_is_null_until_it_is_written_whatever_lies_outside() -> None:
    inside = ProcessBuilder().start("s").script("look", "=data = null", "empty").chain("s", "look")
    diagram = ProcessBuilder().start().sub("sub", inside, declared=("data",)).user("a").chain("start", "sub", "a")
    assert Case(diagram, data=1).variables == {"data": 1, "empty": True}


def test_an_input_mapping_can_fill_it_from_outside() -> None:
    inside = ProcessBuilder().start("s").script("look", "=data + 1", "result").chain("s", "look")
    filled = {"declared": ("data",), "inputs": mappings(("=data", "data"))}
    diagram = ProcessBuilder().start().sub("sub", inside, **filled).user("a").chain("start", "sub", "a")
    assert Case(diagram, data=1).variables == {"data": 1, "result": 2}


def test_every_run_of_a_repeated_sub_process_has_its_own() -> None:
    inside = ProcessBuilder().start("s").script("add", "=if data = null then n else data", "data").user("u")
    diagram = ProcessBuilder().start().user("a")
    diagram.sub("sub", inside.chain("s", "add", "u"), declared=("data",), multi_instance=each("=[1, 2]", "n"))
    case = Case(diagram.chain("start", "sub", "a"))
    assert [case.scopes.get(case.wait("u", index).scope, "data") for index in (0, 1)] == [1, 2]


def test_a_property_of_a_task_is_local_to_it_in_every_run() -> None:
    diagram = ProcessBuilder().start().user("z")
    again = StandardLoop(condition=Text("draft != null and loopCounter < 2", True))
    diagram.user("a", declared=("draft",), standard_loop=again)
    case = Case(diagram.chain("start", "a", "z"))
    assert case.complete("a", draft=1, final=2).open == ["a"]
    assert case.scopes.get(case.wait("a").scope, "draft") is None
    assert case.complete("a").open == ["z"]
    assert case.variables == {"final": 2}


def test_a_name_is_read_before_an_id() -> None:
    properties = element("bpmn:property", id="p1", name="draft") + element("bpmn:property", id="p2")
    mapping = extension(zeebe("script", expression="=1", resultVariable="p2"))
    process = _process(Drawing().start().node("scriptTask", "a", mapping + properties).end())
    assert process.scope.nodes["a"].declared == ("draft", "p2")
    assert Case(process).variables == {}
