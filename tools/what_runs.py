"""Write docs/what-runs.md from the checker itself: what runs, what is refused, and every rule with its sentence.

``make docs`` runs it. Whether an event runs where it stands is asked of the checker with a small diagram, so that the
page can't say anything else than what analysts will see.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from engine.bpmn import check
from engine.bpmn.check import RULES, Rule
from engine.bpmn.check.events import TYPE_NAMES
from engine.bpmn.check.support import UNSUPPORTED_KINDS, UNSUPPORTED_PARTS
from engine.bpmn.diagram import Diagram
from engine.bpmn.model import EventDefinition, EventType, Kind, Node, Process, Scope
from tools import translations

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "what-runs.md"

_HEAD = """# 哪些能运行 · What runs

本页由 `make docs` 从检查器的代码生成，请不要手工修改。Generated from the checker by `make docs`; do not edit.

检查器只放行能按 BPMN 2.0（OMG formal/2011-01-03）的规定运行的图。不能运行的，发布时拒绝，并指出元素、规则和改法。
The checker lets pass what runs as BPMN 2.0 says. Anything else is refused on publishing, with the element, the rule and
what to draw instead.
"""

_KIND_NAMES: Mapping[Kind, tuple[str, str]] = {
    Kind.USER_TASK: ("用户任务", "user task"),
    Kind.SCRIPT_TASK: ("脚本任务（FEEL）", "script task (FEEL)"),
    Kind.SERVICE_TASK: ("服务任务", "service task"),
    Kind.SEND_TASK: ("发送任务", "send task"),
    Kind.RECEIVE_TASK: ("接收任务", "receive task"),
    Kind.BUSINESS_RULE_TASK: ("业务规则任务", "business rule task"),
    Kind.MANUAL_TASK: ("手工任务（直接通过）", "manual task (passes at once)"),
    Kind.TASK: ("未定类型的任务（直接通过）", "plain task (passes at once)"),
    Kind.SUB_PROCESS: ("子流程、事件子流程", "sub-process, event sub-process"),
    Kind.CALL_ACTIVITY: ("调用活动", "call activity"),
    Kind.AD_HOC: ("临时子流程", "ad-hoc sub-process"),
    Kind.TRANSACTION: ("事务子流程", "transaction"),
    Kind.EXCLUSIVE: ("排他网关", "exclusive gateway"),
    Kind.PARALLEL: ("并行网关", "parallel gateway"),
    Kind.INCLUSIVE: ("包容网关", "inclusive gateway"),
    Kind.EVENT_BASED: ("事件网关", "event-based gateway"),
    Kind.COMPLEX: ("复杂网关", "complex gateway"),
}
_TRIGGERS = tuple(type_ for type_ in EventType if type_ is not EventType.MULTIPLE)
_ABOUT_TRIGGERS = frozenset({"event.type", "event.cancel-place"})


def page() -> str:
    """The whole page."""
    english = translations.load()
    parts = (_HEAD, _kinds(english), _events(english), _parts(english), _rules(english))
    return "\n".join(parts)


def _kinds(english: Mapping[str, str]) -> str:
    rows = (
        (f"{zh} · {en}", f"`{kind.value}`", *_verdict(UNSUPPORTED_KINDS.get(kind, ""), english))
        for kind, (zh, en) in _KIND_NAMES.items()
    )
    return "## 活动和网关 · Activities and gateways\n\n" + _table(
        ("元素 element", "BPMN", "能否运行 runs", "改法 instead"), rows
    )


def _verdict(advice: str, english: Mapping[str, str]) -> tuple[str, str]:
    return ("否 no", _both(advice, english)) if advice else ("是 yes", "")


def _events(english: Mapping[str, str]) -> str:
    places = {
        "流程开始 start": _trigger_at_start,
        "事件子流程开始 event sub-process": _trigger_of_event_sub_process,
        "中间捕获 catch": lambda type_: _alone(_event(Kind.INTERMEDIATE_CATCH, type_)),
        "边界 boundary": _trigger_at_boundary,
        "中间抛出 throw": lambda type_: _alone(_event(Kind.INTERMEDIATE_THROW, type_)),
        "结束 end": _trigger_at_end,
    }
    rows = (
        (f"{TYPE_NAMES[type_]} · {english.get(TYPE_NAMES[type_], '')}", *(_mark(at(type_)) for at in places.values()))
        for type_ in _TRIGGERS
    )
    title = (
        "## 事件 · Events\n\n“–”表示 BPMN 不允许，或者这里拒绝；取消只用在事务里和事务的边界上。\n"
        "“–” is what BPMN forbids or we refuse; cancel events belong into transactions and onto their boundaries.\n\n"
    )
    return title + _table(("触发 trigger", *places), rows)


def _mark(diagram: Diagram) -> str:
    refused = any(found.element == "event" and found.rule in _ABOUT_TRIGGERS for found in check(diagram))
    return "–" if refused else "是 yes"


def _event(kind: Kind, type_: EventType) -> Node:
    definitions = () if type_ is EventType.NONE else (EventDefinition(type_),)
    single = definitions[0] if definitions else EventDefinition(EventType.NONE)
    return Node("event", kind, "", 0, event=single, events=definitions)


def _alone(node: Node) -> Diagram:
    return Diagram((Process("sample", "", True, Scope({node.id: node})),))


def _trigger_at_start(type_: EventType) -> Diagram:
    return _alone(_event(Kind.START_EVENT, type_))


def _trigger_of_event_sub_process(type_: EventType) -> Diagram:
    inner = Scope({"event": _event(Kind.START_EVENT, type_)})
    return _alone(Node("around", Kind.SUB_PROCESS, "", 0, scope=inner, triggered_by_event=True))


def _trigger_at_boundary(type_: EventType) -> Diagram:
    event = _event(Kind.BOUNDARY_EVENT, type_)
    return _with_transaction(Scope(), event) if type_ is EventType.CANCEL else _alone(event)


def _trigger_at_end(type_: EventType) -> Diagram:
    event = _event(Kind.END_EVENT, type_)
    return _with_transaction(Scope({event.id: event})) if type_ is EventType.CANCEL else _alone(event)


def _with_transaction(inside: Scope, *boundary: Node) -> Diagram:
    around = Node("around", Kind.TRANSACTION, "", 0, scope=inside)
    attached = {each.id: replace(each, attached_to=around.id) for each in boundary}
    return Diagram((Process("sample", "", True, Scope({around.id: around, **attached})),))


def _parts(english: Mapping[str, str]) -> str:
    rows = ((f"`{tag}`", _both(advice, english)) for tag, advice in UNSUPPORTED_PARTS.items())
    return "## 元素内部不能运行的部分 · Parts that are refused\n\n" + _table(("XML", "改法 instead"), rows)


def _rules(english: Mapping[str, str]) -> str:
    rows = (_rule_row(rule, english) for _, rule in sorted(RULES.items()))
    title = (
        "## 规则 · Rules\n\n错误不能发布；提醒要由人决定，不妨碍发布；说明是图的结果，用 `wuji check --notes` 列出。\n"
        "“图”是 BPMN 本身的规则，对任何图都查；“运行”只查要发布的流程。\n"
        "An error stops publishing. A warning asks for a decision and stops nothing. A note tells what follows from\n"
        "the drawing; `wuji check --notes` lists them. Rules of the drawing hold for every diagram, rules of the run\n"
        "for processes that are to be published.\n\n"
    )
    return title + _table(("规则 rule", "级别 severity", "范围 about", "依据 reference", "说明 sentence"), rows)


def _rule_row(rule: Rule, english: Mapping[str, str]) -> tuple[str, ...]:
    severity = {"error": "错误 error", "warning": "提醒 warning", "note": "说明 note"}[rule.severity]
    about = "运行 run" if rule.deploy else "图 drawing"
    return (f"`{rule.id}`", severity, about, rule.reference, _both(rule.template, english))


def _both(text: str, english: Mapping[str, str]) -> str:
    return f"{text}<br>{english.get(text, '')}"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    columns = tuple(head)
    lines = [columns, ("---",) * len(columns), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '∣') for cell in line)} |" for line in lines) + "\n"


def main() -> int:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
