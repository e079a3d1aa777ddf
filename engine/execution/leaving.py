"""What a case leaves when it ends: the agendas on which it stands, the meeting's table, its open votes."""

from __future__ import annotations

from sqlalchemy import or_, select

from engine.errors import N_
from engine.execution.loaded import Loaded
from engine.lifecycle import AgendaState, VoteState
from engine.model.agenda import IN_ORDER, AgendaItem
from engine.model.vote import Vote

_CASE_ENDED = N_("事项已结束")
_MEETING_ENDED = N_("会议结束时还没有议定")
_PENDING = (AgendaState.WAITING, AgendaState.TAKEN)


def leave_meetings_and_votes(loaded: Loaded) -> None:
    """Close what nobody needs any more. A case whose diagram has nothing of it costs no statement."""
    if _has_tasks(loaded, "put_on_agenda", "take_agenda"):
        _leave_agendas(loaded)
    if _has_tasks(loaded, "open_vote"):
        _cancel_votes(loaded)


def _has_tasks(loaded: Loaded, *types: str) -> bool:
    found = (node.job_type for node in loaded.release.nodes.values() if node.job_type)
    return any(each.is_feel or each.value in types for each in found)


def _leave_agendas(loaded: Loaded) -> None:
    """Its own items are not needed any more; what it had on its table as a meeting waits for the next one."""
    id = loaded.instance.id
    query = select(AgendaItem).where(or_(AgendaItem.instance_id == id, AgendaItem.meeting_id == id))
    pending = query.where(AgendaItem.state.in_(_PENDING)).order_by(*IN_ORDER).with_for_update()
    for item in loaded.tx.session.scalars(pending.execution_options(populate_existing=True)):
        if item.instance_id == id:
            item.move(AgendaState.WITHDRAWN)
            loaded.record("agenda_item_left", item=item.number, reason=_CASE_ENDED)
        else:
            item.give_back()
            loaded.record("agenda_item_postponed", item=item.number, reason=_MEETING_ENDED)


def _cancel_votes(loaded: Loaded) -> None:
    open_votes = select(Vote).where(Vote.instance_id == loaded.instance.id, Vote.state == VoteState.OPEN)
    for vote in loaded.tx.session.scalars(open_votes.order_by(Vote.number).with_for_update()):
        vote.move(VoteState.CANCELED, loaded.tx.now)
        loaded.record("vote_canceled", vote=vote.number, reason=_CASE_ENDED)
