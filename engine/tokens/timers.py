"""When a timer is due. SpiffWorkflow never sees a clock: due times are data, and the caller triggers the token."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from engine import feel
from engine.bpmn.cron import Cron, CronError, is_cron
from engine.bpmn.model import TimerDefinition
from engine.errors import N_, InvalidDefinition, StepFailed
from engine.tokens.expressions import Value

if TYPE_CHECKING:
    from engine.tokens.core import Token

_CYCLE = re.compile(r"R(?P<count>\d*)/(?:(?P<start>[^/]+)/)?(?P<interval>P[^/]+)")
_WEEKS = re.compile(r"P(\d+)W")
_SUM = feel.compile("moment + step")
_PARSE = {"date": feel.compile("date and time(text)"), "duration": feel.compile("duration(text)")}


def after(moment: datetime, duration: Any) -> datetime:
    """The moment (UTC) that lies a duration (FEEL value or ISO 8601 text) after another.

    Raises StepFailed for what is no duration or leads nowhere.
    """
    return _after(moment, _duration(duration))


def is_duration(text: str) -> bool:
    """Whether a text is an ISO 8601 duration that leads forward."""
    try:
        return after(_EPOCH, text) >= _EPOCH
    except StepFailed:
        return False


@dataclass(frozen=True)
class _Cycle:
    count: int | None
    start: datetime | None
    interval: Any


class Timer:
    """A timer of the diagram. A literal is checked when the process is built."""

    def __init__(self, definition: TimerDefinition, element_id: str) -> None:
        self.kind = definition.kind
        self._value = Value(definition.text, element_id)
        if self.kind not in ("date", "duration", "cycle"):
            raise InvalidDefinition(N_("元素“{id}”的定时种类“{kind}”不支持。"), id=element_id, kind=self.kind)
        #: The value of a literal duration, which needs no reading at every wait.
        self._fixed: Any = None
        if self._value.is_literal:
            self._check(definition.text.value, element_id)

    def due(self, token: Token, occurrence: int, previous: datetime | None) -> datetime | None:
        """The moment (UTC) of this occurrence, counted from 0; None when a cycle has run out.

        ``previous`` is when the last occurrence was due: a cycle keeps its rhythm, and what was missed while nobody
        looked comes once, not many times. Raises StepFailed for a value that is no moment or duration.
        """
        env = token.workflow.env.feel_env
        now = env.now()
        value = self._value.of(token) if self._fixed is None else self._fixed
        return self._moment_of(value, env, occurrence, previous, now)

    def count(self, token: Token) -> int:
        """How often it fires for a token that it does not hold up: as often as a cycle says, else once."""
        if self.kind != "cycle":
            return 1
        value = self._value.of(token)
        return 1 if isinstance(value, str) and is_cron(value) else _cycle(value, UTC).count or 1

    def value_under(self, context: Mapping[str, Any], env: feel.Environment) -> Any:
        """What its date, duration or cycle comes to under these names."""
        return self._value.under(context, env)

    def due_under(
        self, context: Mapping[str, Any], env: feel.Environment, occurrence: int, previous: datetime | None
    ) -> datetime | None:
        """Like :meth:`due`, where no token says what is known (nothing has started yet) or another clock counts."""
        return self._moment_of(self.value_under(context, env), env, occurrence, previous, env.now())

    def _moment_of(
        self, value: Any, env: feel.Environment, occurrence: int, previous: datetime | None, now: datetime
    ) -> datetime | None:
        if self.kind == "date":
            return _moment(value, env.timezone)
        if self.kind == "duration":
            return _after(now, _duration(value))
        if isinstance(value, str) and is_cron(value):
            return _cron(value).after(now if previous is None else max(now, previous), env.timezone)
        return _occurrence(_cycle(value, env.timezone), occurrence, previous, now)

    def _check(self, text: str, element_id: str) -> None:
        try:
            if self.kind == "date":
                _moment(text, UTC)
            elif self.kind == "duration":
                self._fixed = _duration(text)
            elif is_cron(text):
                _cron(text)
            else:
                _cycle(text, UTC)
        except StepFailed as error:
            raise InvalidDefinition(N_("元素“{id}”的定时有错：{reason}"), id=element_id, reason=str(error)) from error


def _occurrence(cycle: _Cycle, occurrence: int, previous: datetime | None, now: datetime) -> datetime | None:
    if cycle.count is not None and occurrence >= cycle.count:
        return None
    if previous is None:
        return cycle.start or _after(now, cycle.interval)
    return _first_after(now, previous, cycle.interval)


def _first_after(now: datetime, previous: datetime, interval: Any) -> datetime:
    """The first moment after ``now`` in the rhythm that ``previous`` and ``interval`` give."""
    if isinstance(interval, timedelta) and previous < now:
        previous += (now - previous) // interval * interval
    following = _after(previous, interval)
    while following <= now:
        following = _after(following, interval)
    return following


def _cycle(value: Any, zone: Any) -> _Cycle:
    found = _CYCLE.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise StepFailed(
            N_("“{value}”不是循环时间，应写成“R3/PT1H”、“R/P1D”，或者 cron，如“0 0 9 * * MON-FRI”。"), value=value
        )
    interval = _duration(found["interval"])
    if _after(_EPOCH, interval) <= _EPOCH:
        raise StepFailed(N_("循环时间“{value}”的间隔必须大于零。"), value=value)
    start = _moment(found["start"], zone) if found["start"] else None
    return _Cycle(int(found["count"]) if found["count"] else None, start, interval)


@lru_cache(maxsize=256)
def _cron(text: str) -> Cron:
    try:
        return Cron.parse(text)
    except CronError as error:
        raise StepFailed(N_("cron 周期“{value}”不对：{reason}。"), value=text, reason=error.reason) from error


def _moment(value: Any, zone: Any) -> datetime:
    if isinstance(value, str):
        value = _PARSE["date"].evaluate({"text": value})
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if not isinstance(value, datetime):
        raise StepFailed(N_("定时的值“{value}”不是日期时间。"), value=value)
    return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)


def _duration(value: Any) -> Any:
    if isinstance(value, str):
        weeks = _WEEKS.fullmatch(value)
        value = timedelta(weeks=int(weeks[1])) if weeks else _PARSE["duration"].evaluate({"text": value})
    if not isinstance(value, timedelta | feel.YearsMonths):
        raise StepFailed(N_("定时的值“{value}”不是时长，应写成“PT1H”或“P3D”。"), value=value)
    return value


def _after(moment: datetime, step: Any) -> datetime:
    result = _SUM.evaluate({"moment": moment, "step": step})
    if not isinstance(result, datetime):
        raise StepFailed(N_("定时的时长“{value}”太长，算不出日期。"), value=step)
    return result.astimezone(UTC)


_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
