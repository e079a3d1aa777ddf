"""DMN, the OMG's decision models, versions 1.1 to 1.5: files → plain data → closures.

``load(xml).evaluate("费用减免", {"年龄": 70})`` is the decision's value; ``trace`` also says which rules matched.
Models come from outside, so they are strangers: nothing they say can reach the server, and limits end them.
"""

from engine.dmn.analysis import Analysis, Gap, NotAnalysed, Overlap, analyse
from engine.dmn.errors import DmnError, DmnEvaluationError, DmnModelError
from engine.dmn.evaluation import DEFAULT, Outcome, RuleHit, Step, TableHit
from engine.dmn.models import Decision, Input, Model, load
from engine.dmn.tree_nodes import Table

__all__ = [
    "DEFAULT",
    "Analysis",
    "Decision",
    "DmnError",
    "DmnEvaluationError",
    "DmnModelError",
    "Gap",
    "Input",
    "Model",
    "NotAnalysed",
    "Outcome",
    "Overlap",
    "RuleHit",
    "Step",
    "Table",
    "TableHit",
    "analyse",
    "load",
]
