"""Who is responsible, by chance: whatever is done in whichever order, one post or person has the task, and only who may
acts. What is right is said here anew, from what the test itself knows of posts and substitutions."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from engine import consultations, people, returns, substitutions, tasks
from engine.database import Engine
from engine.errors import AlreadyDone, Conflict, InvalidState, InvalidVariables, NotAuthorized
from engine.lifecycle import ConsultationState, InstanceState, UserTaskState
from engine.model.consultation import Consultation, ConsultationKind
from engine.model.work import UserTask
from engine.people.commands import appoint, end_appointment
from tests.clock import FrozenClock
from tests.engine.commands.desk import MEDIATOR, SECRETARY, account, answer, claim, post, substitute
from tests.engine.commands.house import CLERK, GIVEN, House, process

OTHER = "chaoyang-clerk"
PEOPLE = (CLERK, SECRETARY, MEDIATOR, OTHER)
#: Who leads the units of all posts but the last one's.
LEADERS = {SECRETARY: (CLERK, SECRETARY)}
ACTS = ("claim", "release", "hand_on", "ask", "answer", "withdraw", "complete", "return", "recall", "stand_in", "back",
        "leave")  # fmt: skip
REFUSALS = (NotAuthorized, AlreadyDone)
NOTHING_TO_DO = (Conflict, InvalidState, InvalidVariables)
deeds = st.lists(
    st.tuples(st.sampled_from(ACTS), st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)), min_size=1, max_size=10
)


class World:
    """One case, and what the test knows: who holds a post, and who stands in for whom."""

    def __init__(self, house: House, posts: dict[str, str], accounts: dict[str, UUID]) -> None:
        self.house, self.posts, self.accounts = house, posts, accounts
        self.holding = set(PEOPLE)
        self.standing: dict[tuple[str, str], UUID] = {}
        self.case = house.start()

    def task(self) -> UserTask:
        """The one task that waits."""
        (task,) = self.house.tasks(self.case)
        return task

    def principals(self, login: str) -> set[str]:
        """For whom somebody does the work today."""
        return {giver for giver, taker in self.standing if taker == login and giver in self.holding}

    def may(self, login: str) -> bool:
        """Whether somebody may do the task now."""
        task = self.task()
        asked = self.house.candidates(task.id)
        ways = {each for each in {login} & self.holding | self.principals(login) if self.posts[each] in asked}
        if task.assignee is None:
            return bool(ways)
        has = next(each for each in PEOPLE if self.accounts[each] == task.assignee)
        given = next((each for each in PEOPLE if self.accounts[each] == task.claimed_for), None)
        if given is not None:
            return login == given or (login == has and (given in ways or login in ways))
        return login == has or has in ways - {login}

    def leads(self, login: str) -> bool:
        """Whether somebody leads where the task waits."""
        asked = self.house.candidates(self.task().id)
        return login in self.holding and any(self.posts[each] in asked for each in LEADERS.get(login, ()))

    def check(self) -> None:
        """What holds after every act."""
        if self.house.case(self.case).state is InstanceState.COMPLETED:
            return
        task = self.task()
        asked = self.house.candidates(task.id)
        assert asked
        assert asked <= set(self.posts.values())
        with self.house.reading() as tx:
            waiting = select(Consultation).where(Consultation.state == ConsultationState.OPEN)
            rows = list(tx.session.scalars(waiting.where(Consultation.instance_id == self.case)))
        assert all(row.task_id == task.id for row in rows)
        assert (task.countersigns, task.advices) == (len(rows), 0)

    def question(self) -> Consultation | None:
        """An open one, if there is any."""
        with self.house.reading() as tx:
            query = select(Consultation).where(Consultation.instance_id == self.case)
            return tx.session.scalars(query.where(Consultation.state == ConsultationState.OPEN)).first()


def release(world: World, who: str) -> None:
    task = world.task()
    with world.house.at(who) as tx:
        tasks.release(tx, task.id)


def withdraw(world: World, who: str, question: UUID) -> None:
    with world.house.at(who) as tx:
        consultations.withdraw(tx, question, "不需要了")


def finish(world: World, who: str) -> None:
    task = world.task()
    world.house.complete(world.case, task.element_id, GIVEN if task.element_id == "a" else {}, who)


def send_back(world: World, who: str) -> None:
    task = world.task()
    with world.house.at(who) as tx:
        returns.return_to(tx, task.id, "a", "材料不全")


def recall(world: World, who: str) -> None:
    done = world.house.tasks(world.case, UserTaskState.COMPLETED)
    with world.house.at(who) as tx:
        returns.recall(tx, done[-1].id)


def attempt(allowed: bool, act: Callable[[], object]) -> None:
    """It is done exactly by those who may; where there is nothing to do, nobody does anything."""
    try:
        act()
    except REFUSALS:
        assert not allowed
    except NOTHING_TO_DO:
        pass
    else:
        assert allowed


def do(world: World, act: str, who: str, whom: str) -> None:
    house, case = world.house, world.case
    if act in ("claim", "release", "hand_on", "ask", "complete", "return"):
        may = world.may(who) or (act == "hand_on" and world.leads(who))
        deed: dict[str, Callable[[], object]] = {
            "claim": lambda: claim(house, case, who),
            "release": lambda: release(world, who),
            "hand_on": lambda: hand_on_to(world, whom, who),
            "ask": lambda: ask_post(world, whom, who),
            "complete": lambda: finish(world, who),
            "return": lambda: send_back(world, who),
        }
        attempt(may, deed[act])
    elif act in ("answer", "withdraw"):
        question = world.question()
        if question is None:
            return
        asked = {world.posts[each] for each in {who} & world.holding | world.principals(who)}
        if act == "answer":
            attempt(question.holder in asked, lambda: answer(house, question.id, who))
        else:
            mine = question.asked_by == world.accounts[who]
            attempt(mine or world.may(who), lambda: withdraw(world, who, question.id))
    elif act == "recall":
        done = house.tasks(case, UserTaskState.COMPLETED)
        if done:
            attempt(done[-1].completed_by == world.accounts[who], lambda: recall(world, who))
    else:
        arrange(world, act, who, whom)


def hand_on_to(world: World, whom: str, who: str) -> None:
    task = world.task()
    with world.house.at(who) as tx:
        tasks.reassign(tx, task.id, world.posts[whom], "对方更熟悉")


def ask_post(world: World, whom: str, who: str) -> None:
    task = world.task()
    with world.house.at(who) as tx:
        consultations.ask(tx, task.id, ConsultationKind.COUNTERSIGN, [world.posts[whom]], "是否可行")


def arrange(world: World, act: str, who: str, whom: str) -> None:
    """What changes who may."""
    house = world.house
    if act == "stand_in" and who in world.holding and whom in world.holding:
        try:
            world.standing[who, whom] = substitute(house, who, whom)
        except InvalidVariables:
            assert who == whom or world.standing
    elif act == "back" and (who, whom) in world.standing:
        with house.at(who) as tx:
            substitutions.end(tx, world.standing.pop((who, whom)), "提前返岗")
    elif act == "leave" and who == MEDIATOR and who in world.holding:
        with house.at() as tx:
            (held,) = people.posts_of(tx, world.accounts[who])
            end_appointment(tx, held.appointment_id)
        world.holding.discard(who)


def settle(world: World) -> None:
    """It is never lost: those in charge can always bring it to somebody who ends it."""
    house = world.house
    while house.case(world.case).state is InstanceState.ACTIVE:
        task = world.task()
        asked = house.candidates(task.id)
        if world.posts[OTHER] in asked or world.posts[MEDIATOR] in asked:
            with house.at("shizhong-leader") as tx:
                tasks.reassign(tx, task.id, world.posts[SECRETARY], "统一办理")
        elif task.assignee is not None:
            with house.at("shizhong-leader") as tx:
                other = CLERK if world.posts[CLERK] not in asked else SECRETARY
                tasks.reassign(tx, task.id, world.posts[other], "统一办理")
        asked = house.candidates(task.id)
        ends = SECRETARY if world.posts[SECRETARY] in asked else CLERK
        while question := world.question():
            withdraw(world, ends, question.id)
        finish(world, ends)


def tidy(world: World) -> None:
    for (giver, _taker), id in world.standing.items():
        with world.house.at(giver) as tx:
            substitutions.end(tx, id, "收尾")
    if MEDIATOR not in world.holding:
        unit = world.house.unit("shizhong")
        with world.house.at() as tx:
            appoint(tx, world.accounts[MEDIATOR], "mediator", unit)


@contextmanager
def office(template: Path, folder: Path) -> Iterator[House]:
    """One house for all examples; every example has a case of its own."""
    shutil.copyfile(template, folder / "wuji.db")
    clock = FrozenClock()
    with Engine(f"sqlite:///{folder / 'wuji.db'}", clock=clock, durable=False) as engine:
        yield House(engine, clock)


def test_one_is_responsible_nothing_is_lost_and_nobody_acts_without_the_right(
    furnished_sqlite: Path, tmp_path: Path
) -> None:
    with office(furnished_sqlite, tmp_path) as house:
        house.deploy(process().user_task().user_task("b", form="g").end())
        posts = {login: post(house, login) for login in PEOPLE}
        accounts = {login: account(house, login) for login in PEOPLE}

        @settings(max_examples=30)
        @given(deeds)
        def check(done: list[tuple[str, str, str]]) -> None:
            world = World(house, posts, accounts)
            for act, who, whom in done:
                if house.case(world.case).state is not InstanceState.ACTIVE:
                    break
                do(world, act, who, whom)
                world.check()
            settle(world)
            tidy(world)

        check()
