"""Who is responsible and who may act, said once more in a few lines that know nothing of the engine.

Posts, people and steps have short names, as in ``town_facts``. What the engine does is held against this by chance.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from tests.engine.commands.town_facts import ABOVE, DIAGRAMS, LEADING, LEADS, PEOPLE, RELIEVED, UNITS


class Who(NamedTuple):
    """Somebody in the acting post; None for whoever holds none."""

    person: str
    post: str | None


@dataclass
class Standing:
    """Somebody does the work of somebody else on some days; ``generation`` names one appointment to ``post``."""

    giver: str
    takers: frozenset[str]
    first: int
    last: int
    covers: bool
    post: str | None = None
    generation: int = 0


@dataclass
class Task:
    """An open task: for which posts it waits, who has claimed it, and for whom."""

    step: str
    posts: frozenset[str]
    has: str | None = None
    has_for: str | None = None

    @property
    def owner(self) -> str | None:
        return self.has_for or self.has


@dataclass
class Question:
    step: str
    post: str
    asker: str
    is_countersign: bool


class Request(NamedTuple):
    """Somebody has asked for a later deadline of a step, perhaps for somebody else; a post above decides."""

    step: str
    post: str
    askers: frozenset[str]


class Done(NamedTuple):
    person: str
    posts: frozenset[str]
    giver: str | None
    moves: int


@dataclass
class Case:
    """One case, with what has been done in it; ``stirred`` says that somebody acted since the last completion."""

    diagram: str
    starter: str | None
    applicant: str | None
    tasks: dict[str, Task] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    done: dict[str, Done] = field(default_factory=dict)
    last: str | None = None
    stirred: bool = False
    urged: set[tuple[str, str]] = field(default_factory=set)
    requests: dict[str, Request] = field(default_factory=dict)
    #: The community that it belongs to, and how often it has come to another one.
    unit: str = "jinxing"
    moves: int = 0

    def posts_of(self, step: str, unit: str | None = None) -> tuple[str, ...]:
        """The posts that the diagram names for a step, at the unit of the case or another one."""
        there = dict(zip(UNITS["jinxing"], UNITS[unit or self.unit], strict=True))
        return tuple(there.get(post, post) for post in DIAGRAMS[self.diagram][step].posts)


class Town:
    """Who holds which post, who is away, and the case on the desk."""

    def __init__(self) -> None:
        self.day = 0
        self.held = {person: dict.fromkeys(posts, 0) for person, posts in PEOPLE.items()}
        self.active = set(PEOPLE)
        self.standings: dict[UUID, Standing] = {}
        #: Who holds which post today for the last time.
        self.leaving: set[tuple[str, str]] = set()
        self.case = Case("line", None, None)

    def sleep(self) -> None:
        self.day += 1
        self.case.urged = set()
        for person, post in self.leaving:
            self.held[person].pop(post, None)
        self.leaving = set()

    def open(self, diagram: str, starter: str | None, is_own: bool) -> None:
        self.case = Case(diagram, starter, starter if is_own else None)
        self._open("a")

    def behind(self, posts: frozenset[str]) -> set[str]:
        """Everybody who stands behind some posts."""
        there = {person for person in self.active if not posts.isdisjoint(self.held[person])}
        return there | ({"district"} if "district" in posts else set())

    def givers(self, who: Who) -> Iterator[tuple[str, str]]:
        """For whom somebody works today, and in which post of theirs."""
        for each in self.standings.values() if who.post is not None else ():
            if who.person in each.takers and each.covers and each.first <= self.day <= each.last:
                for post, generation in self.held[each.giver].items():
                    if each.post in (None, post) and (each.post is None or each.generation == generation):
                        yield each.giver, post

    def ways(self, who: Who, task: Task) -> list[str | None]:
        """Why somebody could do a task: None for the own post, else for whom."""
        person = who.person
        if person not in self.active or person == self.case.applicant:
            return []
        mine = set(self.held[person]) if task.owner == person else {who.post}
        own: list[str | None] = [None] if not task.posts.isdisjoint(mine) else []
        theirs = [giver for giver, post in self.givers(who) if post in task.posts and giver != self.case.applicant]
        return own + list(dict.fromkeys(theirs))

    def ways_now(self, who: Who, task: Task) -> list[str | None]:
        """The ways that are open while others may have claimed it."""
        ways = self.ways(who, task)
        if task.has is None or task.owner == who.person:
            return ways
        return [way for way in ways if self._is_open(way, who.person, task)]

    def _is_open(self, way: str | None, person: str, task: Task) -> bool:
        if way is None:
            return task.has == person
        return task.owner == way and task.has in (way, person)

    def may(self, who: Who, task: Task) -> bool:
        return bool(self.ways_now(who, task))

    def may_hand_on(self, who: Who, task: Task) -> bool:
        if who.person not in self.active:
            return False
        if who.person == self.case.applicant:
            return task.has == who.person or who.post in task.posts
        return not task.posts.isdisjoint(LEADS.get(who.post or "", set())) or self.may(who, task)

    def is_receiver(self, post: str) -> bool:
        return bool(self.behind(frozenset({post})) - {self.case.applicant})

    def may_answer(self, who: Who, question: Question) -> bool:
        if who.person not in self.active or who.person == self.case.applicant:
            return False
        if who.person in (question.asker, self.case.tasks[question.step].has):
            return False
        others = {post for giver, post in self.givers(who) if giver != self.case.applicant}
        return question.post == who.post or question.post in others

    def may_recall(self, who: Who) -> bool:
        """What somebody did last and could do again, while nobody else has done anything."""
        case = self.case
        if case.last is None or case.stirred or len(case.tasks) != 1 or who.person not in self.active:
            return False
        done, (open_,) = case.done[case.last], case.tasks
        return (
            done.person == who.person
            and case.last in DIAGRAMS[case.diagram][open_].back
            and self.way_to_recall(who) is not False
        )

    def way_to_recall(self, who: Who) -> str | bool | None:
        done = self.case.done[self.case.last or ""]
        everywhere = [Who(who.person, post) for post in (who.post, *self.held[who.person])]
        own = any(None in self.ways(each, Task("", done.posts)) for each in everywhere)
        theirs = [way for way in self.ways(who, Task("", done.posts)) if way is not None]
        return None if own else (theirs[0] if theirs else False)

    def may_urge(self, who: Who, task: Task) -> bool:
        if who.person not in self.active or task.has == who.person or (who.person, task.step) in self.case.urged:
            return False
        if task.has is None and who.post in task.posts:
            return False
        return who.person == self.case.starter or who.post in ABOVE[self.case.unit]

    def may_decide(self, who: Who, request: Request) -> bool:
        """Nobody decides a request of one's own, or about what one does, and no substitute of who asked does."""
        barred = {*request.askers, self.case.applicant}
        if who.person not in self.active or who.person in {*barred, self.case.tasks[request.step].has}:
            return False
        others = {post for giver, post in self.givers(who) if giver not in barred}
        return request.post == who.post or request.post in others

    def may_transfer(self, who: Who) -> bool:
        """Whoever may do a step, or leads the unit, to where somebody holds the posts of the steps that move."""
        if who.person not in self.active or who.person == self.case.applicant or who.post is None:
            return False
        if who.post not in LEADING[self.case.unit] and not any(
            self.ways(who, each) for each in self.case.tasks.values()
        ):
            return False
        return all(self._is_held(posts) for posts in self.moving().values())

    def moving(self) -> dict[str, frozenset[str]]:
        """For what steps the posts change when the case comes to the other unit, and to which."""
        other = next(unit for unit in UNITS if unit != self.case.unit)
        found = {}
        for step, task in self.case.tasks.items():
            before, after = self._waiting(step, self.case.unit), self._waiting(step, other)
            if before != after or not task.posts.isdisjoint(UNITS[self.case.unit]):
                found[step] = after
        return found

    def _is_held(self, posts: frozenset[str]) -> bool:
        return "district" in posts or any(not posts.isdisjoint(held) for held in self.held.values())

    def transfer(self) -> None:
        case, moving = self.case, self.moving()
        for step, posts in moving.items():
            case.tasks[step] = Task(step, posts)
            case.requests.pop(step, None)
        case.questions = [each for each in case.questions if each.step not in moving]
        case.unit = next(unit for unit in UNITS if unit != case.unit)
        case.moves, case.stirred = case.moves + 1, True

    def complete(self, who: Who, step: str, way: str | None) -> None:
        task = self._close(step)
        self.case.done[step] = Done(who.person, task.posts, way, self.case.moves)
        self.case.last, self.case.stirred = step, False
        diagram = DIAGRAMS[self.case.diagram]
        for following in diagram[step].next:
            before = [each for each, found in diagram.items() if following in found.next]
            if not any(each in self.case.tasks for each in before):
                self._open(following)

    def go_back(self, step: str, target: str, giver: str | None = None) -> None:
        """It goes to whoever did it, if that person still has the post, with the posts that it had come to by then.

        Not once the case has come to another unit: then it is for the posts there.
        """
        self._close(step)
        done = self.case.done[target]
        if giver is not None:
            self.case.tasks[target] = Task(target, done.posts, done.person, giver)
        elif done.moves == self.case.moves and done.person in self.behind(done.posts):
            self.case.tasks[target] = Task(target, done.posts, done.person)
        else:
            self._open(target)
        self.case.urged = {each for each in self.case.urged if each[1] != target}
        self.case.stirred = True

    def review(self) -> None:
        """Nobody keeps what they may not do any more: it stays as the own work, or waits for its posts."""
        for task in self.case.tasks.values():
            if task.has is None:
                continue
            active = task.has in self.active
            as_self = Who(task.has, next(iter(self.held[task.has]), None))
            if active and any(giver == task.has_for and post in task.posts for giver, post in self.givers(as_self)):
                continue
            own = active and task.has != self.case.applicant and not task.posts.isdisjoint(self.held[task.has])
            if own and task.has_for is None:
                continue
            task.has, task.has_for = (task.has if own else None), None
            self.case.stirred = True

    def _open(self, step: str) -> None:
        self.case.tasks[step] = Task(step, self._waiting(step, self.case.unit))
        self.case.urged = {each for each in self.case.urged if each[1] != step}

    def _waiting(self, step: str, unit: str) -> frozenset[str]:
        """The posts of a step; where only the applicant could do it, the next one above that somebody else holds."""
        posts = self.case.posts_of(step, unit)
        if self.behind(frozenset(posts)) != {self.case.applicant}:
            return frozenset(posts)
        above = (each for post in posts for each in RELIEVED[post])
        return frozenset({next(each for each in above if each not in posts and self.is_receiver(each))})

    def _close(self, step: str) -> Task:
        self.case.requests.pop(step, None)
        self.case.questions = [each for each in self.case.questions if each.step != step]
        return self.case.tasks.pop(step)
