"""Diagrams of the betsy suite in our dialect: its words for scripts and its Java-like conditions become Zeebe and FEEL.

Only the language is translated; the rule is the same for every file. What a diagram did is read from the history of its
cases: a script element that completes leaves the trace that its script stands for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import lxml.etree as etree

from engine.bpmn.names import BPMN, ZEEBE

#: The process variable that scripts with data write and read, and what they write.
DATA, DATUM = "data", "String"
INTEGER = "integerVariable"
#: The variable that tells whether a script with data read what it should.
CHECKED = "checked"
MARKER = "MarkerExists"
_ERROR_CODE = "ERR_CODE"
_FORMULAE = (
    "conditionExpression", "condition", "completionCondition", "activationCondition", "loopCondition",
    "loopCardinality",
)  # fmt: skip
#: What refers to a declaration goes by this attribute of it; some files of the suite give an id alone.
_TOLD_BY = {"name": ("message", "signal"), "errorCode": ("error",), "escalationCode": ("escalation",)}
#: Writes down when it ran; the suite compares that on engines with several threads.
_OTHER_LOG = re.compile(r"CREATE_TIMESTAMP_LOG_\d+")
_LOOPS = ("multiInstanceLoopCharacteristics", "standardLoopCharacteristics")


@dataclass(frozen=True)
class Script:
    """What a script element leaves behind when it completes; ``repeats`` when it runs several times by itself."""

    trace: str | None
    repeats: bool


@dataclass(frozen=True)
class Diagram:
    """A translated file: a text for each executable process, what is called first, and the scripts by element id.

    ``main`` is the process that a case starts, None when all of them start by themselves.
    """

    processes: Mapping[str, str]
    main: str | None
    scripts: Mapping[str, Script]


def translate(source: bytes) -> Diagram:
    """A diagram of the suite in our dialect."""
    root = etree.fromstring(source, etree.XMLParser(remove_comments=True))
    scripts = dict(_scripts(root))
    for formula in _all(root, *_FORMULAE):
        formula.text = "=" + feel("".join(formula.itertext()))
    for call in _all(root, "callActivity"):
        _extend(call, "calledElement", processId=call.get("calledElement", "").rpartition(":")[2])
    for message in _all(root, "message"):
        _extend(message, "subscription", correlationKey='="betsy"')
    for attribute, tags in _TOLD_BY.items():
        for declared in _all(root, *tags):
            declared.set(attribute, declared.get(attribute) or declared.get("id", ""))
    main = _main(root)
    return Diagram(dict(_one_by_one(root)), main, scripts)


def feel(java: str) -> str:
    """A condition of the suite as FEEL."""
    text = re.sub(r"(\w+)\.contains\((.*?)\)", r"contains(\1, \2)", java.strip())
    text = re.sub(r"(\w+)\.equals\((.*?)\)", r"\1 = \2", text)
    text = re.sub(r"!\s*(\w+(?:\(.*?\))?)", r"not(\1)", text)
    return text.replace("==", "=").replace("&&", "and").replace("||", "or")


def _one_by_one(root: etree._Element) -> Iterator[tuple[str, str]]:
    """A file for each executable process, in which the others are only partners: a bundle is one process."""
    processes = _called_first(_executable(root))
    for process in processes:
        for each in processes:
            each.set("isExecutable", "true" if each is process else "false")
        yield process.get("id", ""), etree.tostring(root, encoding="unicode")


def _executable(root: etree._Element) -> list[etree._Element]:
    return [each for each in _all(root, "process") if each.get("isExecutable") == "true"]


def _called_first(processes: list[etree._Element]) -> list[etree._Element]:
    """The processes in an order in which each stands behind those that it calls."""
    ordered: list[etree._Element] = []
    waiting = list(processes)
    while waiting:
        free = [
            each for each in waiting if not _calls(each) & {other.get("id") for other in waiting if other is not each}
        ]
        ordered += free or waiting[:1]
        waiting = [each for each in waiting if each not in ordered]
    return ordered


def _calls(process: etree._Element) -> set[str]:
    return {call.get("calledElement", "").rpartition(":")[2] for call in _all(process, "callActivity")}


def _main(root: etree._Element) -> str | None:
    """The first process that has a start event without a trigger, or no start event, and that no other one calls."""
    processes = _executable(root)
    for process in processes:
        starts = process.findall(f"{{{BPMN}}}startEvent")
        is_called = any(process.get("id") in _calls(other) for other in processes if other is not process)
        if not is_called and (not starts or any(_has_no_trigger(start) for start in starts)):
            return str(process.get("id", ""))
    return None


def _has_no_trigger(start: etree._Element) -> bool:
    return not any("ventDefinition" in each.tag for each in start.iterchildren("*"))


def _scripts(root: etree._Element) -> Iterator[tuple[str, Script]]:
    for task in list(_all(root, "scriptTask")):
        repeats = any(task.find(f"{{{BPMN}}}{loop}") is not None for loop in _LOOPS)
        word = task.find(f"{{{BPMN}}}script")
        text = (word.text or "").strip() if word is not None else ""
        if word is not None:
            task.remove(word)
        task.attrib.pop("scriptFormat", None)
        if _OTHER_LOG.fullmatch(text):
            text = "CREATE_LOG_FILE"
        if trace := re.fullmatch(r"SCRIPT_task(\d+)", text):
            _run(task, f'="Task{trace[1]}"')
            yield task.get("id", ""), Script(f"Task{trace[1]}", repeats)
        else:
            _WORDS[text](task)
            yield task.get("id", ""), Script(_TRACES.get(text), repeats)


def _run(task: etree._Element, expression: str, result: str = "last") -> None:
    _extend(task, "script", expression=expression, resultVariable=result)


def _inside(task: etree._Element, tag: str) -> etree._Element:
    """Make a sub-process of a script task, with one node in it that leads to the end, or is it; give the node back."""
    task.tag = f"{{{BPMN}}}subProcess"
    tags = ["startEvent", tag] if tag == "endEvent" else ["startEvent", tag, "endEvent"]
    nodes = [_add(task, each, id=f"{task.get('id')}_{number}") for number, each in enumerate(tags)]
    for source, target in pairwise(nodes):
        ends = {"sourceRef": source.get("id", ""), "targetRef": target.get("id", "")}
        flow = _add(task, "sequenceFlow", id=f"{ends['sourceRef']}_flow", **ends)
        _add(source, "outgoing").text = _add(target, "incoming").text = flow.get("id")
    return nodes[1]


def _wait(task: etree._Element) -> None:
    timer = _add(_inside(task, "intermediateCatchEvent"), "timerEventDefinition", id=f"{task.get('id')}_timer")
    _add(timer, "timeDuration").text = "PT10S"


def _fail(task: etree._Element) -> None:
    root = task.getroottree().getroot()
    codes = {each.get("errorCode"): each.get("id", "") for each in _all(root, "error")}
    if _ERROR_CODE not in codes:
        error = etree.Element(f"{{{BPMN}}}error", id=f"{_ERROR_CODE}_thrown", errorCode=_ERROR_CODE, name=_ERROR_CODE)
        root.insert(0, error)
        codes[_ERROR_CODE] = f"{_ERROR_CODE}_thrown"
    _add(_inside(task, "endEvent"), "errorEventDefinition", id=f"{task.get('id')}_error", errorRef=codes[_ERROR_CODE])


_WORDS: Mapping[str, Callable[[etree._Element], None]] = {
    "": lambda task: _run(task, "=null"),
    "CREATE_LOG_FILE": lambda task: _run(task, "=null"),
    "CREATE_MARKER_FILE": lambda task: _run(task, "=null"),
    "INCREMENT_INTEGER_VARIABLE": lambda task: _run(task, f"={INTEGER} + 1", INTEGER),
    "INCREMENT_INTEGER_VARIABLE_AND_LOG": lambda task: _run(task, f"={INTEGER} + 1", INTEGER),
    "SET_STRING_DATA": lambda task: _run(task, f'="{DATUM}"', DATA),
    "LOG_DATA": lambda task: _run(task, f'={DATA} = "{DATUM}"', CHECKED),
    "WAIT_TEN_SECONDS": _wait,
    "THROW_ERROR": _fail,
}
_TRACES = {
    "CREATE_MARKER_FILE": MARKER,
    "INCREMENT_INTEGER_VARIABLE_AND_LOG": "Increment",
    "LOG_DATA": "DataCorrect",
}


def _all(root: etree._Element, *tags: str) -> Iterator[etree._Element]:
    yield from root.iter(*(f"{{{BPMN}}}{tag}" for tag in tags))


def _add(parent: etree._Element, tag: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{BPMN}}}{tag}", attributes)


def _extend(element: etree._Element, name: str, **attributes: str) -> None:
    """Add a ``zeebe:`` extension element; extension elements come right after the documentation."""
    extensions = element.find(f"{{{BPMN}}}extensionElements")
    if extensions is None:
        extensions = etree.Element(f"{{{BPMN}}}extensionElements")
        element.insert(len(element.findall(f"{{{BPMN}}}documentation")), extensions)
    etree.SubElement(extensions, f"{{{ZEEBE}}}{name}", attributes)
