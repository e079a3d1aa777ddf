"""Casting ballots."""

from __future__ import annotations

from sqlalchemy import select

from engine import votes
from engine.errors import N_
from engine.lifecycle import VoteState
from engine.model.vote import Vote
from engine.people import SYSTEM
from engine.scenarios.actors import performer_of
from engine.scenarios.failure import ScenarioFailed
from engine.scenarios.script import Step
from engine.scenarios.stage import Stage
from engine.scenarios.steps.kind import Kind, command


def _vote(stage: Stage, step: Step) -> None:
    """Let each cast a ballot in the newest open vote of the case, in the order in which they are written."""
    with stage.engine.read(SYSTEM) as tx:
        case = stage.case(tx, step)
        query = select(Vote.number).where(Vote.instance_id == case.id, Vote.state == VoteState.OPEN)
        number = tx.session.scalar(query.order_by(Vote.opened_at.desc(), Vote.number.desc()).limit(1))
        if number is None:
            raise ScenarioFailed(N_("事项现在没有进行中的表决。"))
        ballots = [(performer_of(tx, who, case, case.unit_id), choice) for who, choice in step["vote"].items()]
    for actor, choice in ballots:
        with command(step), stage.engine.begin(actor) as tx:
            votes.cast(tx, number, str(choice))


STEPS = {"vote": Kind(_vote, frozenset({"vote", "in", "refused", "because"}))}
