"""The loop: what is due in the machine and what people have in mind, in the order of time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import select

from engine import instances, messages, notices, tasks, votes
from engine.database import Engine, Transaction
from engine.district.crowd import Crowd
from engine.district.fitting import among_options, places, renamed
from engine.district.habits import Entry, Habits, Opening
from engine.district.pace import Pace
from engine.errors import AlreadyDone, EngineError, InvalidState, InvalidVariables
from engine.lifecycle import JobState, UserTaskState
from engine.messages import WITHDRAWAL
from engine.model.notice import Notice
from engine.model.vote import Vote
from engine.model.work import Job, TaskCandidate, UserTask
from engine.people import ANONYMOUS, SYSTEM, Actor
from engine.queries import inbox
from engine.queries.inbox import Work
from engine.queries.portal import WITHDRAWAL_REASON
from engine.queries.starting import is_public, start_environment
from engine.scenarios import SettableClock
from engine.workdays import calendar
from engine.worker import Worker

Act = Callable[[], None]
#: Of a hundred tasks of the last weeks, so many are left lying; whatever is older was done at last.
_LEFT, _LAST_WEEKS = 6, timedelta(days=21)
#: Of a hundred electors, so many vote, mostly so; of a hundred notices, so many meet an objection.
_VOTING, _OBJECTING = 85, 15
_LEANING = {"同意": 70, "反对": 12, "弃权": 8}  # zh: what may be chosen
#: Of a hundred cases that can be taken back, so many are, within so much time.
_TAKEN_BACK, _PATIENCE = 5, timedelta(days=9)
#: Of a hundred cases, so many are cancelled by an administrator.
_CANCELED = 2


class Life:
    """A district at work. ``clock`` has to be the engine's; nothing else may use the database meanwhile."""

    def __init__(self, engine: Engine, clock: SettableClock, habits: Habits, seed: int = 0) -> None:
        self.engine = engine
        self.clock = clock
        self.habits = habits
        self.random = Random(seed)  # noqa: S311 (a life of chance, nothing secret)
        self.crowd = Crowd(self.random)
        self.worker = Worker(engine)
        #: Why people could not do what they had in mind; a library whose scenarios hold leaves nothing here.
        self.refusals: list[str] = []
        self._plans: list[tuple[datetime, int, Act]] = []
        self._order = count()
        self._seen: set[UUID] = set()
        self._end = clock.now
        with engine.read(SYSTEM) as tx:
            self.pace = Pace(calendar(tx), self.random)

    def live(self, until: datetime) -> None:
        """Let time pass from the clock's moment up to ``until``; what was planned for later never happens."""
        self._end = until
        self._plan_starts(self.clock.now, until)
        while (moment := self._next()) is not None and moment <= until:
            self.clock.move_to(moment)
            if self._plans and self._plans[0][0] <= moment:
                heappop(self._plans)[2]()
            while self.worker.drain():
                pass
            self._notice_work()
            self._notice_public()
        self.clock.move_to(until)

    def _plan_starts(self, start: datetime, end: datetime) -> None:
        for key, share in sorted(self.habits.shares.items()):
            openings = list(self.habits.openings[key])
            self.random.shuffle(openings)
            for number in range(share):
                act = partial(self._start, openings[number % len(openings)])
                self._plan(self.pace.workday_between(start, end), act)

    def _plan(self, moment: datetime, act: Act) -> None:
        heappush(self._plans, (max(moment, self.clock.now), next(self._order), act))

    def _next(self) -> datetime | None:
        with self.engine.read(SYSTEM) as tx:
            due = tx.session.scalar(select(Job.due_at).where(Job.state == JobState.DUE).order_by(Job.due_at).limit(1))
        moments = [moment for moment in (due, self._plans[0][0] if self._plans else None) if moment is not None]
        return max(min(moments), self.clock.now) if moments else None

    def _notice_work(self) -> None:
        """Somebody will get round to every task that is new, sooner or later or never."""
        waiting = select(UserTask).where(UserTask.state == UserTaskState.CREATED, UserTask.created_at == self.clock.now)
        with self.engine.read(SYSTEM) as tx:
            new = [task for task in tx.session.scalars(waiting.order_by(UserTask.id)) if task.id not in self._seen]
            holders = {task.id: _holders(tx, task.id) for task in new}
        for task in new:
            self._seen.add(task.id)
            if self._end - task.created_at < _LAST_WEEKS and self.random.randrange(100) < _LEFT:
                continue
            holder = self.random.choice(holders[task.id])
            moment = self.pace.for_task(task.created_at, task.due_at, resident="@" not in holder)
            self._plan(moment, partial(self._complete, task.id, holder))

    def _notice_public(self) -> None:
        """Most electors vote, and now and then somebody objects to a notice."""
        with self.engine.read(SYSTEM) as tx:
            opened = list(tx.session.scalars(select(Vote).where(Vote.opened_at == self.clock.now)))
            ballots = [(vote, actor) for vote in opened for actor in self.crowd.electors(tx, vote.id)]
            new = Notice.published_at == self.clock.now, Notice.takes_objections, Notice.until.is_not(None)
            published = list(tx.session.scalars(select(Notice).where(*new)))
        for vote, actor in ballots:
            if self.random.randrange(100) < _VOTING:
                moment = self.pace.at_home(self.pace.between(self.clock.now, vote.until))
                choice = self.random.choices(vote.options, [_LEANING.get(str(option), 20) for option in vote.options])[
                    0
                ]
                self._plan(moment, partial(self._cast, vote.number, str(choice), actor))
        for notice in published:
            if self.habits.objections and notice.until and self.random.randrange(100) < _OBJECTING:
                moment = self.pace.at_home(self.pace.between(self.clock.now, notice.until))
                self._plan(moment, partial(self._object, notice.number))

    def _cast(self, number: str, choice: str, actor: Actor) -> None:
        with suppress(InvalidState, AlreadyDone), self.engine.begin(actor) as tx:
            votes.cast(tx, number, choice)

    def _object(self, number: str) -> None:
        objection = self.random.choice(list(self.habits.objections))
        with suppress(InvalidState), self.engine.begin(ANONYMOUS) as tx:
            notices.file_objection(tx, number, **objection)

    def _start(self, opening: Opening) -> None:
        with self.engine.read(SYSTEM) as tx:
            unit = self.crowd.unit_like(tx, opening.unit)
            starter = self.crowd.starter_like(tx, opening.starter, unit, is_public(tx, opening.key))
            values = opening.entry.on(self.clock.now, {}, start_environment(tx))
            values = renamed(values, places(tx, opening.unit, unit))
        with self._trying(opening.key), self.engine.begin(starter) as tx:
            case = instances.start(tx, opening.key, values, unit).instance
            chance, soon = self.random.randrange(100), self.clock.now + _PATIENCE
            if chance < _TAKEN_BACK:
                moment = self.pace.at_home(self.pace.between(self.clock.now, soon))
                self._plan(moment, partial(self._take_back, case.business_key, starter))
            elif chance < _TAKEN_BACK + _CANCELED and self.habits.cancellations:
                self._plan(self.pace.workday_between(self.clock.now, soon), partial(self._cancel, case.id))

    def _complete(self, task_id: UUID, holder: str) -> None:
        """Enter what people enter at this step: the first of it that the form accepts in this case."""
        with self.engine.read(SYSTEM) as tx:
            work = inbox.work(tx, task_id)
            actor = self.crowd.actor(tx, holder)
        if actor is None or not work.is_open:
            return
        key, element = work.instance.process_key, work.task.element_id
        refused: EngineError | None = None
        for entry in self.habits.possible(key, element, self.random):
            try:
                with self.engine.begin(actor) as tx:
                    tasks.complete(tx, task_id, self._fitting(tx, entry, work))
                return
            except InvalidVariables as error:
                refused = error
        self.refusals.append(f"{key} {element}: {refused or 'no scenario says what is entered here'}")

    def _fitting(self, tx: Transaction, entry: Entry, work: Work) -> dict[str, Any]:
        values = entry.on(self.clock.now, work.context, work.env)
        if entry.unit:
            values = renamed(values, places(tx, entry.unit, work.task.unit_id))
        if work.form is None:
            return values
        return among_options(work.form, values, work.context, work.env, self.random)

    def _take_back(self, number: str, starter: Actor) -> None:
        """A case that is over, or can't be taken back any more, stays as it is."""
        reason = self.random.choice(list(self.habits.withdrawals))
        with suppress(InvalidState), self.engine.begin(starter) as tx:
            messages.correlate(tx, WITHDRAWAL, number, {WITHDRAWAL_REASON: reason})

    def _cancel(self, instance_id: UUID) -> None:
        reason = self.random.choice(list(self.habits.cancellations))
        with self.engine.read(SYSTEM) as tx:
            actor = self.crowd.somebody(tx, self.habits.administrator)
        with suppress(InvalidState), self.engine.begin(actor) as tx:
            instances.cancel(tx, instance_id, reason)

    @contextmanager
    def _trying(self, what: str) -> Iterator[None]:
        try:
            yield
        except EngineError as error:
            self.refusals.append(f"{what}: {error}")


def _holders(tx: Transaction, task_id: UUID) -> list[str]:
    query = select(TaskCandidate.holder).where(TaskCandidate.task_id == task_id)
    return list(tx.session.scalars(query.order_by(TaskCandidate.holder)))
