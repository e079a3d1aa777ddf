"""A public notice for the pages: all texts translated, all moments formatted."""

from __future__ import annotations

from dataclasses import dataclass

from engine.clock import local_day
from engine.lifecycle import NoticeState, state_name
from engine.queries.notices import Posted
from webapp.i18n import _, format_moment, format_period

#: How the word of a state looks.
_LOOKS = {
    NoticeState.OPEN: "active",
    NoticeState.CLOSED: "today",
    NoticeState.CONCLUDED: "done",
    NoticeState.WITHDRAWN: "neutral",
}


@dataclass(frozen=True)
class Posting:
    """``look`` chooses the look of the ``word`` for its state; ``until`` is empty for what stays on the board.

    ``settled`` is when ``outcome``, or the reason for taking it back, came; ``asks``: people may object, or could.
    """

    number: str
    kind: str
    title: str
    text: str
    unit: str
    state: NoticeState
    look: str
    word: str
    published: str
    period: str
    until: str
    settled: str
    outcome: str
    asks: bool
    takes_objections: bool
    objections: int

    @property
    def is_open(self) -> bool:
        """Whether its time is not over and nothing has come of it yet."""
        return self.state is NoticeState.OPEN


def posting(posted: Posted) -> Posting:
    """How a notice is shown."""
    notice, state = posted.notice, posted.state
    stays = state is NoticeState.OPEN and notice.until is None
    return Posting(
        number=notice.number,
        kind=_(notice.kind),
        title=notice.title,
        text=notice.text,
        unit=posted.unit,
        state=state,
        # Past its period, only what takes objections still waits for something.
        look="neutral" if state is NoticeState.CLOSED and not notice.takes_objections else _LOOKS[state],
        word=_("公开中") if stays else _(state_name(state)),
        published=format_moment(notice.published_at),
        period=_period(posted),
        until=format_moment(notice.until) if notice.until else "",
        settled=format_moment(notice.settled_at) if notice.settled_at else "",
        outcome=_(notice.outcome) if notice.outcome else "",
        asks=notice.takes_objections,
        takes_objections=posted.takes_objections,
        objections=posted.objections or 0,
    )


def _period(posted: Posted) -> str:
    """From when to when, in words; how far the end is matters only as long as the notice is open."""
    notice = posted.notice
    begin = local_day(notice.published_at)
    end = local_day(notice.until) if notice.until else None
    return format_period(begin, end, with_distance=posted.state is NoticeState.OPEN)
