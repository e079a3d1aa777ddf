"""When people act: officials in office hours, residents while awake, most before a deadline and some after it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random

from engine.clock import TIMEZONE
from engine.workdays import Calendar

_OFFICE = (time(8, 30), time(17, 50))
_HOME = (time(7, 30), time(21, 30))
#: Of a hundred tasks with a deadline, so many are done in the first part of their time, late in it, and after it.
_IN_TIME, _LATE = 82, 12


class Pace:
    """Chooses moments by chance within a calendar."""

    def __init__(self, calendar: Calendar, random: Random) -> None:
        self.calendar = calendar
        self.random = random

    def for_task(self, created: datetime, due: datetime | None, resident: bool) -> datetime:
        """When somebody gets round to a task that came at ``created``."""
        if due is None or due <= created:
            wait = timedelta(hours=self.random.uniform(1, 20))
        else:
            wait = (due - created) * self._part()
        return self.at_home(created + wait) if resident else self.at_work(created + wait)

    def at_work(self, moment: datetime) -> datetime:
        """The moment, or one in the next office hours after it."""
        local = moment.astimezone(TIMEZONE)
        if self.calendar.is_workday(local.date()) and _OFFICE[0] <= local.time() <= _OFFICE[1]:
            return moment
        day = local.date() if local.time() < _OFFICE[0] else local.date() + timedelta(days=1)
        return self._within(self.calendar.add(day, 0), _OFFICE)

    def at_home(self, moment: datetime) -> datetime:
        """The moment, or one in the next hours when people are awake."""
        local = moment.astimezone(TIMEZONE)
        if _HOME[0] <= local.time() <= _HOME[1]:
            return moment
        day = local.date() if local.time() < _HOME[0] else local.date() + timedelta(days=1)
        return self._within(day, _HOME)

    def between(self, start: datetime, end: datetime) -> datetime:
        """Any moment between two, spread evenly."""
        return start + (end - start) * self.random.random()

    def workday_between(self, start: datetime, end: datetime) -> datetime:
        """A moment in office hours of a working day between two."""
        return min(self.at_work(self.between(start, end)), end)

    def _part(self) -> float:
        chance = self.random.randrange(100)
        if chance < _IN_TIME:
            return self.random.uniform(0.05, 0.75)
        return self.random.uniform(0.75, 0.98) if chance < _IN_TIME + _LATE else self.random.uniform(1.02, 1.4)

    def _within(self, day: date, hours: tuple[time, time]) -> datetime:
        start, end = (datetime.combine(day, hour, TIMEZONE) for hour in hours)
        return start + (end - start) * self.random.random() * 0.5
