"""Business rule tasks: a decision of the bundle, made in the step itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from engine.bpmn.model import Node
from engine.decisions import Decision, Decisions, Outcome
from engine.errors import N_, InvalidDefinition, StepFailed
from engine.tokens.activities import Activity
from engine.tokens.expressions import value
from engine.tokens.variables import apply_inputs, submit

if TYPE_CHECKING:
    from engine.tokens.core import Token
    from engine.tokens.spec import Spec


@dataclass(frozen=True)
class Decided:
    """A decision that was made: where, by which rules, and the variable that its value went to.

    ``run`` tells the runs of a repeated task apart, from 1; it is None for a task that is not repeated.
    """

    element_id: str
    token_id: UUID
    outcome: Outcome
    variable: str
    run: int | None = None


class BusinessRule(Activity):
    """Evaluates a decision with the variables that its token sees; the value goes to the result variable."""

    def __init__(self, spec: Spec, name: str, number: int, node: Node, decisions: Decisions) -> None:
        super().__init__(spec, name, number, node)
        self.decisions = decisions
        self.decision_id = value(node.decision, node.id)
        self.result = node.result_variable or ""
        if node.decision is not None and not node.decision.is_feel and decisions.find(node.decision.value) is None:
            template = N_("业务规则任务“{id}”的决策“{decision}”不在流程的决策文件里。")
            raise InvalidDefinition(template, id=node.id, decision=node.decision.value)

    def enter(self, token: Token) -> bool:
        apply_inputs(token)
        workflow = token.workflow
        visible = workflow.scopes.view(token.scope, workflow.env.globals)
        outcome = self._decision(token).decide(visible, workflow.env.feel_env)
        run = token.internal_data["x"] + 1 if self.is_body else None
        workflow.decided.append(Decided(self.node.id, token.id, outcome, self.result, run))
        submit(token, {self.result: outcome.value})
        return True

    def _decision(self, token: Token) -> Decision:
        wanted = self.decision_id.of(token) if self.decision_id is not None else None
        found = self.decisions.find(wanted) if isinstance(wanted, str) else None
        if found is None:
            raise StepFailed(
                N_("“{name}”要用的决策“{decision}”不在流程的决策文件里。请检查决策标识，再重试。"),
                name=self.label,
                decision=wanted,
            )
        return found
