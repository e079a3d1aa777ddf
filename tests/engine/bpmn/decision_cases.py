"""What breaks the rules about business rule tasks and the decisions that they call."""

from __future__ import annotations

from tests.bpmn_xml import Drawing, extension, zeebe
from tests.engine.bpmn.world import Case


def _decides(*parts: str) -> Drawing:
    return Drawing().start().user_task().node("businessRuleTask", "n", extension(*parts)).end()


def _by(decision: str = "level", result: str = "级别", *more: str) -> Drawing:
    given = {"resultVariable": result} if result else {}
    return _decides(zeebe("calledDecision", decisionId=decision, **given), *more)


_JOB = zeebe("taskDefinition", type="notify")

CASES = (
    Case("decision.missing", _decides(), _by(), "n"),
    Case("decision.both", _by("level", "级别", _JOB), _decides(_JOB), "n"),
    Case("decision.result", _by(result=""), _by(), "n"),
    Case("decision.unknown", _by("nothing"), _by('="le" + "vel"'), "n"),
    Case(
        "decision.input",
        _by("unfed"),
        _by("unfed", "级别", zeebe("ioMapping", zeebe("input", source="=金额", target="户数"))),
        "n",
    ),
    Case("decision.overlap", _by("doubled"), _by(), "n"),
    Case("decision.conflict", _by("unsure"), _by(), "n"),
    Case("decision.unreachable", _by("late"), _by(), "n"),
    Case("decision.gap", _by("open"), _by(), "n"),
    Case("decision.unseen", _by("blind"), _by(), "n"),
)
