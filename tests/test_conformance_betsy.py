"""The translation of betsy's language into our dialect, on a diagram of our own."""

from __future__ import annotations

import json
from pathlib import Path

import lxml.etree as etree
import pytest

from engine import bpmn
from tests.conformance import betsy, executable
from tests.conformance.groups import Group


@pytest.mark.parametrize(
    ("java", "feel"),
    [
        ('test.contains("a")', 'contains(test, "a")'),
        ('!test.contains("a")', 'not(contains(test, "a"))'),
        ('test.contains("a") && integerVariable == 3', 'contains(test, "a") and integerVariable = 3'),
        ("integerVariable<3 || false", "integerVariable<3 or false"),
        ("integerVariable != 3", "integerVariable != 3"),
    ],
)
def test_conditions_become_feel(java: str, feel: str) -> None:
    assert betsy.feel(java) == feel


def _diagram(script: str, inner: str = "") -> bytes:
    nodes = [
        _node("startEvent", "s", None, "s_a"),
        _node("scriptTask", "a", "s_a", "a_b", f"{inner}<script>{script}</script>"),
        _node("scriptTask", "b", "a_b", "b_e", "<script>SCRIPT_task9</script>"),
        _node("endEvent", "e", "b_e", None),
    ]
    flows = [f'<sequenceFlow id="{id}" sourceRef="{id[0]}" targetRef="{id[2]}"/>' for id in ("s_a", "a_b", "b_e")]
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="urn:d">'
        f'<process id="p" isExecutable="true">{"".join(nodes + flows)}</process></definitions>'
    ).encode()


def _node(tag: str, id: str, incoming: str | None, outgoing: str | None, inner: str = "") -> str:
    listed = f"<incoming>{incoming}</incoming>" if incoming else ""
    listed += f"<outgoing>{outgoing}</outgoing>" if outgoing else ""
    return f'<{tag} id="{id}">{listed}{inner}</{tag}>'


@pytest.mark.parametrize(
    "script",
    ["SCRIPT_task1", "INCREMENT_INTEGER_VARIABLE", "SET_STRING_DATA", "LOG_DATA", "WAIT_TEN_SECONDS", "THROW_ERROR"],
)
def test_every_word_becomes_something_that_can_be_deployed(script: str) -> None:
    translated = betsy.translate(_diagram(script)).processes["p"]
    assert [each for each in bpmn.check(bpmn.read(translated.encode())) if each.severity == "error"] == []


def test_a_word_that_nobody_knows_is_an_error() -> None:
    with pytest.raises(KeyError, match="SCRIPT_more"):
        betsy.translate(_diagram("SCRIPT_more"))


def test_a_diagram_that_breaks_the_harness_does_not_hide_the_others(tmp_path: Path) -> None:
    (failure,) = _run(tmp_path, _diagram("SCRIPT_more"), 0, ["Task9"]).failures
    assert "SCRIPT_more" in failure.sentence


def _file(*processes: str) -> bytes:
    head = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="urn:d">'
    return f"{head}{''.join(processes)}</definitions>".encode()


def _process(id: str, start: str = "", *calls: str) -> str:
    called = "".join(f'<callActivity id="{id}{each}" calledElement="{each}"/>' for each in calls)
    return f'<process id="{id}" isExecutable="true"><startEvent id="{id}s">{start}</startEvent>{called}</process>'


def test_what_is_called_comes_first_and_what_nobody_calls_is_started() -> None:
    translated = betsy.translate(
        _file(_process("a", "", "c"), _process("b", "", "a", "b"), _process("c"), _process("e"))
    )
    assert list(translated.processes) == ["c", "e", "a", "b"]
    assert translated.main == "b"


def test_processes_that_start_by_themselves_are_not_started() -> None:
    translated = betsy.translate(_file(_process("a", "<timerEventDefinition/>")))
    assert (list(translated.processes), translated.main) == (["a"], None)


def test_the_rest_of_a_file_stays_as_it_is() -> None:
    translated = etree.fromstring(betsy.translate(_diagram("SCRIPT_task1")).processes["p"])
    original = etree.fromstring(_diagram("SCRIPT_task1"))
    assert [each.get("id") for each in translated.iter("{*}sequenceFlow")] == [
        each.get("id") for each in original.iter("{*}sequenceFlow")
    ]


_THREE = "<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>"


@pytest.mark.parametrize(
    ("script", "inner", "delay", "expect"),
    [
        ("SCRIPT_task1", "", 0, ["Task1", "Task9"]),
        ("SCRIPT_task1", _THREE, 0, ["Task1"] * 3 + ["Task9"]),
        ("INCREMENT_INTEGER_VARIABLE_AND_LOG", "", 0, ["Increment", "Task9"]),
        ("WAIT_TEN_SECONDS", "", 9_000, []),
        ("WAIT_TEN_SECONDS", "", 10_000, ["Task9"]),
        ("THROW_ERROR", "", 0, ["RuntimeException"]),
        ("CREATE_TIMESTAMP_LOG_1", "", 0, ["Task9", "ExecutionParallel"]),
    ],
)
def test_what_ran_is_what_is_compared(tmp_path: Path, script: str, inner: str, delay: int, expect: list[str]) -> None:
    assert _run(tmp_path, _diagram(script, inner), delay, expect).total.passed == 1


def test_data_that_is_not_what_was_written_is_told(tmp_path: Path) -> None:
    (failure,) = _run(tmp_path, _diagram("LOG_DATA"), 0, ["DataCorrect", "Task9"]).failures
    assert "not DataCorrect" in failure.sentence


@pytest.mark.parametrize("expect", [["Task1"], ["Task1", "Task1", "Task9"], ["Task1", "Task9", "RuntimeException"]])
def test_what_differs_is_a_failure(tmp_path: Path, expect: list[str]) -> None:
    group = _run(tmp_path, _diagram("SCRIPT_task1"), 0, expect)
    assert (group.total.failed, len(group.failures), group.kept) == (1, 1, False)


def test_what_the_checker_turns_away_is_refused_with_the_rule(tmp_path: Path) -> None:
    source = _diagram("SCRIPT_task1").replace(b'<scriptTask id="b"', b'<endEvent id="x"/><scriptTask id="b"')
    group = _run(tmp_path, source, 0, ["Task1", "Task9"])
    assert (group.total.refused, group.failures[0].sentence) == (1, "refused: flow.to-end")


def _run(folder: Path, source: bytes, delay: int, expect: list[str]) -> Group:
    (folder / "bpmn").mkdir()
    (folder / "bpmn" / "d.bpmn").write_bytes(source)
    case = {"test": None, "iv": 0, "delay": delay, "par": False, "expect": expect}
    entry = {"group": "Own", "name": "d", "file": "d.bpmn", "cases": [case]}
    (folder / "bpmn" / "executable.json").write_text(json.dumps([entry]))
    return executable.run(folder)
