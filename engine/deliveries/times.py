"""When a message may go out: not in the quiet hours of its reader, and digests at their hour."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from engine.clock import TIMEZONE
from engine.database import Transaction
from engine.errors import InvalidState
from engine.model.delivery import MessageSettings
from engine.notifications import Outside
from engine.workdays import calendar

_ONE_DAY = timedelta(days=1)
#: Longer than any holidays; a calendar that knows no working day in it is taken as wrong.
_MOST_DAYS = 31
_SATURDAY = 5


def due_at(tx: Transaction, settings: MessageSettings, wish: Outside) -> datetime:
    """When something that is told now goes out to this person. Raises ValueError for ``OFF``."""
    if wish is Outside.DIGEST:
        return _next_digest(tx, settings)
    if wish is Outside.NOW:
        return after_quiet(settings, tx.now)
    raise ValueError(wish)


def after_quiet(settings: MessageSettings, moment: datetime) -> datetime:
    """The moment itself, or the end of the quiet hours in which it lies."""
    begin, end = settings.quiet_from, settings.quiet_until
    if begin is None or end is None or begin == end:
        return moment
    local = moment.astimezone(TIMEZONE)
    is_quiet = begin <= local.hour < end if begin < end else local.hour >= begin or local.hour < end
    if not is_quiet:
        return moment
    over = datetime.combine(local.date(), time(end), TIMEZONE)
    return over if over > local else datetime.combine(local.date() + _ONE_DAY, time(end), TIMEZONE)


def _next_digest(tx: Transaction, settings: MessageSettings) -> datetime:
    local = tx.now.astimezone(TIMEZONE)
    day = local.date() if local.hour < settings.digest_hour else local.date() + _ONE_DAY
    for _ in range(_MOST_DAYS):
        if not settings.workdays_only or _is_workday(tx, day):
            break
        day += _ONE_DAY
    return datetime.combine(day, time(settings.digest_hour), TIMEZONE)


def _is_workday(tx: Transaction, day: date) -> bool:
    try:
        return calendar(tx).is_workday(day)
    except InvalidState:  # its year has not been entered yet; that must not keep mails back
        return day.weekday() < _SATURDAY
