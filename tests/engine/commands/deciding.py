"""A process with a business rule task, and decisions for it."""

from __future__ import annotations

from tests.bpmn_xml import Drawing, extension, zeebe
from tests.decision_table import table
from tests.engine.commands.house import House, process

LEVEL = table("level", [("< 100", '"低"'), (">= 100", '"高"')], name="分级", inputs=("数量",))
_NEEDS = "<informationRequirement>{}</informationRequirement>".format
CALL = (
    '<inputData id="quantity" name="数量"/><decision id="call" name="回访">'
    + _NEEDS('<requiredInput href="#quantity"/>')
    + _NEEDS('<requiredDecision href="#line"/>')
    + '<literalExpression><text>线路 + "：" + string(数量)</text></literalExpression></decision>'
)
LINE = table(
    "line",
    [('starts with(?, "13")', '"移动"'), ("-", '"其他"')],
    name="线路",
    inputs=("电话",),
    hit_policy="FIRST",
    more=CALL,
)


def rule(decision: str, result: str, *more: str) -> str:
    """What a business rule task holds."""
    return extension(zeebe("calledDecision", decisionId=decision, resultVariable=result), *more)


def drawing(decision: str = "level", result: str = "级别", *more: str) -> Drawing:
    """A task, the decision, another task."""
    return process().user_task().node("businessRuleTask", "r", rule(decision, result, *more)).user_task("b").end()


def deploy(house: House, *args: str, **files: str) -> None:
    """Release the drawing with DMN files by their names without ``.dmn``."""
    house.deploy(drawing(*args), decisions={f"{name}.dmn": text for name, text in (files or {"level": LEVEL}).items()})
