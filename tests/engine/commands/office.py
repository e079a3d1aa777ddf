"""An office with two diagrams on the desk: what everybody could try there, and what the model says of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple
from uuid import UUID

from engine import calendars, consultations, extensions, people, returns, tasks, transfers, urging
from engine.calendars import YearOfDays
from engine.clock import local_day
from engine.database import Engine, Transaction
from engine.errors import EngineError
from engine.model.consultation import ConsultationKind, Opinion
from engine.model.work import UserTask
from engine.people import SYSTEM, Actor
from engine.people.commands import appoint, create_account
from engine.snapshots import forget
from engine.workdays import calendar
from tests.clock import FrozenClock
from tests.engine.commands.house import House, process
from tests.engine.commands.responsibility import Question, Request, Task, Town, Who
from tests.engine.commands.running import schedule
from tests.engine.commands.town_facts import DIAGRAMS, PEOPLE, POSTS, UNITS

Deed = Callable[[Transaction], object]


class Office:
    """The demo organisation with both diagrams, for all examples; each has cases of its own."""

    def __init__(self, engine: Engine, clock: FrozenClock) -> None:
        self.house = House(engine, clock)
        self.holders: dict[str, str] = {}
        for post, text in POSTS.items():
            position, _, code = text.partition("@")
            self.holders[post] = f"{position}@{self.house.unit(code)}"
        self.posts = {holder: post for post, holder in self.holders.items()}
        with self.house.at() as tx:
            create_account(tx, "second", "!", "金星社区工作人员二")
        self.units = {unit: self.house.unit(f"{unit}-1") for unit in UNITS}
        self.accounts = {login: self._account(login) for login in PEOPLE}
        self.logins = {account: login for login, account in self.accounts.items()}
        for post in PEOPLE["second"]:
            self.appoint("second", post)
        for key in DIAGRAMS:
            self.house.deploy(_drawing(key))
        with self.house.at() as tx:  # days pass with every example, and later deadlines need working days
            for year in range(2028, 2061):
                calendars.set_year(tx, YearOfDays(year, "只供测试", True, {}, {}))

    def _account(self, login: str) -> UUID:
        with self.house.reading() as tx:
            found = people.account_by_login(tx, login)
        assert found is not None
        return found.id

    def elsewhere(self, town: Town) -> UUID:
        """The group to which a case may come: one of the other community."""
        return self.units[next(unit for unit in UNITS if unit != town.case.unit)]

    @contextmanager
    def at_once(self) -> Iterator[Transaction]:
        """A change that the platform itself makes; compiled diagrams stay, since compiling them all takes a second."""
        with self.house.engine.begin(SYSTEM) as tx:
            yield tx
        forget(self.house.engine)

    def appoint(self, person: str, post: str) -> None:
        position, _, unit = self.holders[post].partition("@")
        with self.at_once() as tx:
            appoint(tx, self.accounts[person], position, UUID(unit))

    def appointment(self, tx: Transaction, who: Who) -> UUID | None:
        """The appointment to the acting post, which the model and the platform must both know."""
        held = people.posts_of(tx, self.accounts[who.person])
        found = next(
            (each for each in held if f"{each.position}@{each.unit_id}" == self.holders.get(who.post or "")), None
        )
        assert (found is None) == (who.post is None), who
        return found.appointment_id if found else None

    def actor(self, who: Who) -> Actor:
        """Raises NotAuthenticated for a disabled account."""
        with self.house.engine.read(SYSTEM) as tx:
            return people.load_actor(tx, self.accounts[who.person], self.appointment(tx, who))

    def attempt(self, who: Who, allowed: bool, deed: Deed, undo: bool = False) -> bool:
        """It is done exactly by those who may; whether it has been done for good."""
        said = self._heard(who, deed, undo)
        assert (said is None) == allowed, f"{who} {f'may, but heard: {said}' if allowed else 'may not'}"
        if said is None and not undo:
            forget(self.house.engine)
            self.house.clock.advance(seconds=1)
        return said is None and not undo

    def _heard(self, who: Who, deed: Deed, undo: bool) -> EngineError | None:
        try:
            with self.house.engine.begin(self.actor(who)) as tx:
                deed(tx)
                if undo:
                    raise _Undone
        except EngineError as error:
            return error
        except _Undone:
            pass
        return None


class _Undone(Exception):
    """It would have been done."""


def _drawing(key: str) -> Any:
    def task(drawing: Any, id: str) -> Any:
        due = schedule('=now() + duration("P30D")')
        return drawing.user_task(id, form="g", groups=_groups(DIAGRAMS[key][id].posts), more=due)

    drawing = task(process(key, starters="public"), "a")
    if key == "line":
        return task(task(drawing, "b"), "c").end()
    drawing = task(task(drawing.gateway("parallel", "split"), "x").gateway("parallel", "join"), "z").end()
    return task(drawing.at("split"), "y").flow("y", "join")


def _groups(posts: tuple[str, ...]) -> str:
    places = {"jinxing": "community", "shizhong": "subdistrict"}
    named = (POSTS[each].partition("@") for each in posts)
    return ",".join(f"{position}@{places[unit]}" for position, _, unit in named)


class About(NamedTuple):
    """What somebody tries something with: a task, another post or somebody there, a step to go back to, requests."""

    task: Task
    post: str
    to: str | None
    target: str
    question: Question | None
    countersign: bool
    request: Request | None


class Ids(NamedTuple):
    """The ids of the rows that stand for what the model knows."""

    tasks: Mapping[str, UUID]
    done: Mapping[str, UUID]
    questions: Mapping[tuple[str, str], UUID]
    requests: Mapping[str, UUID]
    case: UUID


def offers(office: Office, town: Town, ids: Ids, who: Who, about: About) -> dict[str, tuple[bool, Deed]]:
    """Every act that somebody might try, and whether the model allows it. A new act has its line here."""
    task, id = about.task, ids.tasks[about.task.step]
    may, holder = town.may(who, task), office.holders[about.post]
    account = office.accounts[about.to] if about.to else None
    kind = ConsultationKind.COUNTERSIGN if about.countersign else ConsultationKind.ADVICE
    done = ids.done.get(town.case.last or "", id)
    found: dict[str, tuple[bool, Deed]] = {
        "claim": (may, lambda tx: tasks.claim(tx, id)),
        "release": (may and task.has is not None, lambda tx: tasks.release(tx, id)),
        "draft": (may, lambda tx: tasks.save_draft(tx, id, {"乙": ["1"]}, known=10_000)),
        "hand_on": (_may_hand_on(town, who, about), lambda tx: tasks.reassign(tx, id, holder, "对方更熟悉", account)),
        "ask": (
            may and _may_be_asked(town, who, about),
            lambda tx: consultations.ask(tx, id, kind, [holder], "可行吗"),
        ),
        "complete": (may and not _waits_for_others(town, task), lambda tx: tasks.complete(tx, id, {})),
        "send_back": (_may_send_back(town, who, about), lambda tx: returns.return_to(tx, id, about.target, "材料不全")),
        "recall": (town.may_recall(who), lambda tx: returns.recall(tx, done)),
        "urge": (town.may_urge(who, task), lambda tx: urging.urge(tx, id)),
        "ask_later": (may and task.step not in town.case.requests, lambda tx: _ask_later(tx, id)),
        "transfer": (
            town.may_transfer(who),
            lambda tx: transfers.transfer(tx, ids.case, office.elsewhere(town), "不在本辖区"),
        ),
    }
    if about.request is not None:
        request, wish = about.request, ids.requests[about.request.step]
        is_theirs = who.person in request.askers and who.person in town.active
        of_task = town.may(who, town.case.tasks[request.step])
        found["grant"] = (town.may_decide(who, request), lambda tx: extensions.decide(tx, wish, True, ""))
        found["refuse"] = (town.may_decide(who, request), lambda tx: extensions.decide(tx, wish, False, "按期办"))
        found["wish_no_more"] = (is_theirs or of_task, lambda tx: extensions.withdraw(tx, wish))
    if about.question is not None:
        question, asked = about.question, ids.questions[about.question.step, about.question.post]
        theirs = who.person == question.asker and who.person in town.active
        may_withdraw = theirs or town.may(who, town.case.tasks[question.step])
        found["answer"] = (
            town.may_answer(who, question),
            lambda tx: consultations.answer(tx, asked, Opinion.AGREE, "可以"),
        )
        found["withdraw"] = (may_withdraw, lambda tx: consultations.withdraw(tx, asked, "不需要了"))
    return found


def _ask_later(tx: Transaction, task_id: UUID) -> None:
    """Until the next working day after the deadline."""
    due = tx.get(UserTask, task_id).due_at
    assert due is not None
    extensions.ask(tx, task_id, calendar(tx).add(local_day(max(due, tx.now)), 1), "等检测报告")


def _may_hand_on(town: Town, who: Who, about: About) -> bool:
    is_there = about.task.posts == {about.post} and about.task.has == about.to
    return town.may_hand_on(who, about.task) and town.is_receiver(about.post) and not is_there


def _may_be_asked(town: Town, who: Who, about: About) -> bool:
    asked = {each.post for each in town.case.questions if each.step == about.task.step}
    return town.is_receiver(about.post) and about.post not in asked and about.post != who.post


def _waits_for_others(town: Town, task: Task) -> bool:
    return any(each.is_countersign for each in town.case.questions if each.step == task.step)


def _may_send_back(town: Town, who: Who, about: About) -> bool:
    back = DIAGRAMS[town.case.diagram][about.task.step].back
    return town.may(who, about.task) and about.target in back and about.target in town.case.done
