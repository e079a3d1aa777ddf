"""Later deadlines, and cases that come to another unit."""

from __future__ import annotations

from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import select

from engine import people
from engine.lifecycle import UserTaskState
from engine.model.extension import Extension
from tests.engine.commands.comings import chance
from tests.engine.commands.responsibility import Request, Who
from tests.engine.commands.trying import Trying


class Longer(Trying):
    """What gives a case more time, or another place."""

    @precondition(lambda self: bool(self.town.case.tasks))
    @rule(n=chance, t=chance)
    def ask_later(self, n: int, t: int) -> None:
        about, case = self.about(t), self.town.case
        if who := self.act("ask_later", n, about):
            if about.task.has is None:
                self.claimed(who, about.task)
            case.requests[about.task.step] = self._asked(who, about.task.step)
            case.stirred = True

    def _asked(self, who: Who, step: str) -> Request:
        """A post on the way up decides, which somebody holds who has nothing to do with the request."""
        office, row = self.office, self.wish(step)
        with office.house.reading() as tx:
            behind = {office.logins.get(each, "somebody else") for each in people.accounts_behind(tx, [row.holder])}
            units = {holder: people.org_tree(tx).unit(UUID(holder.partition("@")[2])).path for holder in office.posts}
            above = people.org_tree(tx).unit(UUID(row.holder.partition("@")[2])).path
        assert any(units[office.holders[post]].startswith(above) for post in self.town.case.tasks[step].posts)
        giver = office.logins[row.asked_for] if row.asked_for else None
        assert giver is None if None in self.ways else giver in self.ways
        assert behind - {who.person, giver, self.town.case.applicant}
        askers = frozenset(each for each in (who.person, giver) if each is not None)
        return Request(step, office.posts.get(row.holder, "beyond"), askers)

    def wish(self, step: str) -> Extension:
        """The request for a step that was made last."""
        (task,) = (each for each in self.rows(UserTaskState.CREATED) if each.element_id == step)
        with self.office.house.reading() as tx:
            rows = tx.session.scalars(select(Extension).where(Extension.task_id == task.id)).all()
        return max(rows, key=lambda each: each.asked_at)

    @precondition(lambda self: bool(self.town.case.requests))
    @rule(n=chance, t=chance, name=st.sampled_from(["grant", "refuse", "wish_no_more"]))
    def end_request(self, n: int, t: int, name: str) -> None:
        about = self.about(t)
        if self.act(name, n, about) and about.request is not None:
            del self.town.case.requests[about.request.step]
            self.town.case.stirred = True
            row = self.wish(about.request.step)
            (task,) = (each for each in self.rows(UserTaskState.CREATED) if each.id == row.task_id)
            assert task.due_at == (row.until if name == "grant" else row.before)

    @precondition(lambda self: bool(self.town.case.tasks))
    @rule(n=chance, t=chance)
    def transfer(self, n: int, t: int) -> None:
        if self.act("transfer", n, self.about(t)):
            self.town.transfer()
