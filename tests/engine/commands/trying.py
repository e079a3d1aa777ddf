"""Somebody tries something at the desk: mostly one of those who may."""

from __future__ import annotations

import json

from engine.lifecycle import UserTaskState
from engine.model.work import UserTask
from tests.engine.commands.comings import Comings
from tests.engine.commands.office import About, Ids, offers
from tests.engine.commands.responsibility import Task, Who
from tests.engine.commands.town_facts import DIAGRAMS


class Trying(Comings):
    """How acts are tried, and what history says of them."""

    ids: Ids
    #: How the last one to act could do it.
    ways: list[str | None] | list[str | bool | None]

    def everybody(self) -> list[Who]:
        return [Who(each, post) for each, held in self.town.held.items() for post in (list(held) or [None])]

    def about(self, t: int, post: str = "clerk", by_name: bool = False, countersign: bool = True) -> About:
        town = self.town
        steps, questions = sorted(town.case.tasks), town.case.questions
        requests = [each for _step, each in sorted(town.case.requests.items())]
        there = sorted(town.behind(frozenset({post})) - {town.case.applicant})
        targets = sorted(DIAGRAMS[town.case.diagram])
        return About(
            town.case.tasks[steps[t % len(steps)]],
            post,
            there[t % len(there)] if there and by_name else None,
            targets[t % len(targets)],
            questions[t % len(questions)] if questions else None,
            countersign,
            requests[t % len(requests)] if requests else None,
        )

    def act(self, name: str, n: int, about: About) -> Who | None:
        """Let somebody try it, half of the time one of those who may, if possible for others; who has done it."""
        chances = [(who, *offers(self.office, self.town, self.ids, who, about)[name]) for who in self.everybody()]
        able = [each for each in chances if each[1]]
        for_others = [each for each in able if None not in self.town.ways_now(each[0], about.task)]
        some = (n % 2 and ((n % 4 == 3 and for_others) or able)) or chances
        who, allowed, deed = some[n // 4 % len(some)]
        self.ways = self.town.ways_now(who, about.task)
        return who if self.office.attempt(who, allowed, deed) else None

    def rows(self, state: UserTaskState) -> list[UserTask]:
        rows = self.office.house.tasks(self.id, state)
        return sorted(rows, key=lambda each: (each.completed_at or each.created_at, each.created_at))

    def claimed(self, who: Who, task: Task) -> None:
        """The own post comes first; of several who are away the platform takes one."""
        (row,) = (each for each in self.rows(UserTaskState.CREATED) if each.element_id == task.step)
        for_whom = self.office.logins[row.claimed_for] if row.claimed_for else None
        assert for_whom is None if None in self.ways else for_whom in self.ways
        self.town.case.stirred |= (task.has, task.has_for) != (who.person, for_whom)
        task.has, task.has_for = who.person, for_whom

    def signed(self, who: Who, type: str) -> str | None:
        """For whom it was done, as history says with both names."""
        event, data = [each for each in self.office.house.history(self.id) if each[0].type == type][-1]
        assert json.loads(event.payload)["actor"]["account"] == str(self.office.accounts[who.person])
        giver = next((each for each, id in self.office.accounts.items() if str(id) == data.get("principal")), None)
        assert giver is None if None in self.ways else giver in self.ways
        assert (giver is None) == ("on_behalf_of" not in data)
        return giver
