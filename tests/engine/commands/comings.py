"""What changes who may act: people go away and come back, leave and begin, are disabled; a night passes."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from engine import accounts, instances, substitutions
from engine.clock import local_day
from engine.database import Transaction
from engine.people.commands import end_appointment
from tests.engine.commands.office import Office
from tests.engine.commands.responsibility import Standing, Town, Who
from tests.engine.commands.town_facts import PEOPLE, POSTS

chance = st.integers(0, 71)
persons = st.sampled_from(sorted(PEOPLE))
posts = st.sampled_from([post for post in POSTS if post != "district"])


class Comings(RuleBasedStateMachine):
    """The town around the desk."""

    office: Office
    #: The case on the desk.
    id: UUID

    def begin(self) -> None:
        self.town, self.appointed = Town(), 0

    def teardown(self) -> None:
        """Everybody is back for the next example."""
        office, town = self.office, self.town
        if town.leaving:
            office.house.clock.advance(days=1)
            town.sleep()
        if town.case.tasks:
            with office.at_once() as tx:
                instances.cancel(tx, self.id, "收尾")
        with office.at_once() as tx:
            for id, each in town.standings.items():
                if each.last >= town.day:
                    substitutions.end(tx, id, "收尾")
            for person in PEOPLE.keys() - town.active:
                accounts.enable_account(tx, office.accounts[person])
        for person, all_posts in PEOPLE.items():
            for post in set(all_posts) - town.held[person].keys() | {
                each for who, each in town.leaving if who == person
            }:
                office.appoint(person, post)

    def who(self, person: str, n: int) -> Who:
        held = list(self.town.held[person])
        return Who(person, held[n % len(held)] if held else None)

    def somebody(self, n: int) -> str:
        """Mostly one of those who have to do with the case: what happens to others changes little."""
        case = self.town.case
        near = {each.has for each in case.tasks.values()} | {each.person for each in case.done.values()}
        near |= {each for task in case.tasks.values() for each in self.town.behind(task.posts)} - {"district"}
        some = sorted(each for each in near | {case.applicant} if each is not None) if n % 3 else []
        return (some or sorted(PEOPLE))[n // 3 % len(some or PEOPLE)]

    @rule(g=chance, taker=persons, second=st.none() | persons, n=chance, by=st.none() | persons)
    def stand_in(self, g: int, taker: str, second: str | None, n: int, by: str | None) -> None:
        """Mostly for today and for everything, so that something comes of it; set up by the one whose work it is."""
        giver = self.somebody(g)
        first, held = self.town.day + (n % 6 == 5), self.town.held[giver]
        post = next(iter(held), None) if n % 4 == 3 else None
        takers, last = frozenset({taker, second or taker}), first + n % 3
        each = Standing(giver, takers, first, last, n % 5 != 4, post, held.get(post or "", 0))
        who, ids = self.who(by if by and n % 8 == 7 else giver, 0), list[UUID]()
        allowed = who.person in self.town.active and who.person == giver and self._fits(each)
        if self.office.attempt(who, allowed, lambda tx: ids.append(self._set_up(tx, each))):
            self.town.standings[ids[0]] = each

    def _set_up(self, tx: Transaction, each: Standing) -> UUID:
        office, today = self.office, local_day(tx.now)
        first, last = (today + timedelta(days=day - self.town.day) for day in (each.first, each.last))
        takers = [office.accounts[taker] for taker in each.takers]
        appointment = office.appointment(tx, Who(each.giver, each.post)) if each.post else None
        keys = () if each.covers else ("elsewhere",)
        giver = office.accounts[each.giver]
        return substitutions.set_up(tx, giver, takers, first, last, "休假", appointment, keys).id

    def _fits(self, new: Standing) -> bool:
        """Those who are asked can, the work does not come back, and is not in other hands."""
        town = self.town
        if new.giver in new.takers or not all(each in town.active and town.held[each] for each in new.takers):
            return False
        others = [each for each in town.standings.values() if each.first <= new.last and each.last >= new.first]
        reached: set[str] = set(new.takers)
        while more := {taker for each in others if each.giver in reached for taker in each.takers} - reached:
            reached |= more
        return new.giver not in reached and not any(_is_the_same_work(each, new) for each in others)

    @precondition(lambda self: any(each.last >= self.town.day for each in self.town.standings.values()))
    @rule(n=chance, by=persons)
    def come_back(self, n: int, by: str) -> None:
        running = [id for id, each in self.town.standings.items() if each.last >= self.town.day]
        id = running[n % len(running)]
        giver = self.town.standings[id].giver
        who = self.who(by if n % 4 == 3 else giver, 0)
        allowed = who.person == giver and giver in self.town.active
        if self.office.attempt(who, allowed, lambda tx: substitutions.end(tx, id, "提前返岗")):
            del self.town.standings[id]
            self.town.review()

    @rule(p=chance, n=chance)
    def leave_or_begin(self, p: int, n: int) -> None:
        """At once, or with the last day today, so that it is over after the night."""
        town, office, person = self.town, self.office, self.somebody(p)
        post = PEOPLE[person][n % len(PEOPLE[person])]
        if (person, post) in town.leaving:
            return
        if post not in town.held[person]:
            office.appoint(person, post)
            self.appointed += 1
            town.held[person][post] = self.appointed
            return
        with office.at_once() as tx:
            ended = office.appointment(tx, Who(person, post))
            assert ended is not None
            end_appointment(tx, ended, local_day(tx.now) if n % 3 else None)
        if n % 3:
            town.leaving.add((person, post))
        else:
            del town.held[person][post]
            town.review()

    @rule(p=chance, n=chance)
    def disable_or_enable(self, p: int, n: int) -> None:
        """Rarely, since with everybody gone nothing would happen."""
        person = self.somebody(p)
        if person in self.town.active and n % 4:
            return
        with self.office.at_once() as tx:
            change = accounts.disable_account if person in self.town.active else accounts.enable_account
            change(tx, self.office.accounts[person])
        self.town.active ^= {person}
        self.town.review()


def _is_the_same_work(one: Standing, other: Standing) -> bool:
    """For one post or for all; the one process that some are for is the same for all of those."""
    same_post = None in (one.post, other.post) or (one.post, one.generation) == (other.post, other.generation)
    return one.giver == other.giver and same_post
