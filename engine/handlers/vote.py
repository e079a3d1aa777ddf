"""Service tasks that let people with accounts vote; see ``engine.votes``.

``open_vote`` (``question``, ``text``, ``electors``, ``secret``, ``until``, ``options``) gives ``vote`` or throws
``NO_ELECTORS``; ``count_vote`` (``vote``, ``quorum``, ``majority``, ``of``) gives ``tally``; ``cancel_vote`` (``vote``,
``reason``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine import people, votes, voting
from engine.database import Engine
from engine.errors import N_, StepFailed
from engine.handlers.bpmn_error import BpmnError
from engine.handlers.inputs import (
    optional_flag,
    optional_text,
    required_moment,
    required_number,
    required_text,
    texts,
    unit,
)
from engine.jobs import Ticket

NO_ELECTORS = "NO_ELECTORS"
_OF = (voting.OF_VOTED, voting.OF_ELECTORS)


def open_vote(engine: Engine, ticket: Ticket) -> Mapping[str, Any]:
    """Ask the electors. Raises BpmnError when there are none, StepFailed for missing or faulty inputs."""
    asked, groups = _question(ticket), texts(ticket, "electors")
    with engine.begin(people.SYSTEM) as tx:
        try:
            vote, electors = votes.open_vote(
                tx,
                ticket.instance_id,
                ticket.job_id,
                asked,
                groups,
                unit_id=unit(ticket),
                element_id=ticket.element_id,
            )
        except votes.NoElectors as error:
            raise BpmnError(NO_ELECTORS, str(error)) from error
        return {"vote": {"number": vote.number, "electors": electors, "until": vote.until}}


def count_vote(engine: Engine, ticket: Ticket) -> Mapping[str, Any]:
    """Close the vote and count it. Raises StepFailed for missing or faulty inputs."""
    number, of = required_number(ticket, "vote"), optional_text(ticket, "of") or voting.OF_VOTED
    if of not in _OF:
        raise StepFailed(N_("of“{of}”不对，可以是 {known}。"), of=of, known="、".join(_OF))
    shares = {name: voting.percent(ticket.inputs.get(name), name) for name in ("quorum", "majority")}
    with engine.begin(people.SYSTEM) as tx:
        tally = votes.count(tx, ticket.instance_id, number, of=of, element_id=ticket.element_id, **shares)
    return {"tally": tally}


def cancel_vote(engine: Engine, ticket: Ticket) -> Mapping[str, Any]:
    """End a vote without a count. Raises StepFailed for missing or faulty inputs."""
    number, reason = required_number(ticket, "vote"), required_text(ticket, "reason")
    with engine.begin(people.SYSTEM) as tx:
        votes.cancel(tx, ticket.instance_id, number, reason, ticket.element_id)
    return {}


def _question(ticket: Ticket) -> votes.Question:
    options = texts(ticket, "options")
    return votes.Question(
        question=required_text(ticket, "question"),
        until=required_moment(ticket, "until"),
        text=optional_text(ticket, "text"),
        options=options or voting.CHOICES,
        secret=optional_flag(ticket, "secret"),
    )
