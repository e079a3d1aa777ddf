"""A scenario gone through in browsers: everybody signs in, finds the own work, and fills in the forms.

What people do, they do at a browser; time, the machine and what is expected are as in every other play of a scenario.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import expect
from sqlalchemy import select

from engine import scenarios
from engine.lifecycle import NoticeState, VoteState
from engine.model.notice import Notice
from engine.model.people import Account, AccountKind
from engine.model.process import ProcessInstance
from engine.model.vote import Vote
from engine.people import SYSTEM, Actor, org_tree
from engine.scenarios import VirtualClock
from engine.scenarios.actors import performer_of
from engine.scenarios.script import Step
from engine.scenarios.stage import Stage
from engine.scenarios.steps import STEPS
from engine.scenarios.steps.tasks import choose
from tests.browser.visitor import Site, Visitor
from webapp import library

_OBJECTOR = {"name": "楼栋居民", "phone": "13800000000"}


@dataclass
class Play:
    """One scenario on a served platform. ``check`` looks at every kind of page once."""

    visit: Callable[..., Visitor]
    site: Site
    clock: VirtualClock
    check: Callable[[Visitor], None] = lambda visitor: None
    number: str = ""
    code: str = ""
    _desks: dict[str, Visitor] = field(default_factory=dict)
    _looked_at: set[str] = field(default_factory=set)

    def run(self, key: str, name: str) -> None:
        """Play the scenario file from its start to its last step."""
        script = scenarios.read(library.folder("processes") / key / "scenarios" / f"{name}.yaml")
        means = {
            "given": self._start,
            "complete": self._complete,
            "object": self._object,
            "vote": self._vote,
            "advance": self._advance,
        }
        scenarios.play(script, self.site.engine, self.clock, means=means)

    def desk(self, actor: Actor) -> Visitor:
        """The browser of an account, signed in and acting in the right post; of nobody for an empty name."""
        login = self._login(actor)
        if login not in self._desks:
            self._desks[login] = self.visit(login or None)
        desk = self._desks[login]
        if login and actor.position:
            desk.act_as(actor.name)
        return desk

    def _login(self, actor: Actor) -> str:
        with self.site.engine.read(SYSTEM) as tx:
            return tx.get(Account, actor.account_id).login if actor.account_id else ""

    def _start(self, stage: Stage, given: Step) -> None:
        """A resident files at the counter, an official from the list of what may be started."""
        with self.site.engine.read(SYSTEM) as tx:
            unit = org_tree(tx).unit(stage.unit_id) if stage.unit_id else None
        starter = self.desk(stage.starter)
        page = starter.page
        if self._is_resident(stage.starter):
            page.goto(f"/start/{stage.script.key}?group={unit.code if unit else ''}")
        else:
            page.goto("/processes")
            page.locator(f'a[href="/processes/{stage.script.key}/start"]').click()
            if unit and page.locator("#unit").count():
                page.locator("#unit").select_option(str(unit.id))
        starter.fill(given.get("start", {}))
        self._look(starter, "start")
        starter.submit()
        expect(page.locator(".receipt, #messages .notice-success").first).to_be_visible()
        if page.locator(".receipt dd").count():
            self.number, self.code = page.locator(".receipt dd").all_inner_texts()
        with self.site.engine.read(SYSTEM) as tx:
            stage.instance_id = stage.started(tx, stage.script.key).id

    def _complete(self, stage: Stage, step: Step) -> None:
        with self.site.engine.read(SYSTEM) as tx:
            case = stage.case(tx, step)
            actor, task = choose(tx, case, step)
        if self._is_resident(actor):
            desk = self._at_the_case(actor, case)
            desk.page.locator(f'a[href*="{task.id}"]').first.click()
        else:
            desk = self.desk(actor)
            desk.page.goto(f"/tasks?tab=open&q={case.business_key}")
            if not desk.page.locator(f'a[href*="{task.id}"]').count():
                desk.page.goto(f"/tasks?tab=mine&q={case.business_key}")
            desk.page.locator(f'a[href*="{task.id}"]').first.click()
        expect(desk.page.get_by_role("heading", level=1)).to_have_text(task.name)
        desk.fill(step.get("values", {}))
        self._look(desk, task.element_id)
        desk.submit()
        expect(desk.page.locator("#messages")).to_contain_text(f"“{task.name}”")

    def _object(self, stage: Stage, step: Step) -> None:
        with self.site.engine.read(SYSTEM) as tx:
            case = stage.case(tx, step)
            query = select(Notice.number).where(Notice.instance_id == case.id, Notice.state == NoticeState.OPEN)
            number = tx.session.scalar(query.where(Notice.takes_objections).order_by(Notice.number.desc()).limit(1))
        visitor = self.visit()
        visitor.page.goto("/notices")
        visitor.page.locator(f'a[href$="/notices/{number}"]').first.click()
        self._look(visitor, "notice")
        visitor.fill({"text": step["object"], **{name: step.get(name, text) for name, text in _OBJECTOR.items()}})
        visitor.submit()
        expect(visitor.page.locator("main")).to_contain_text(f"{number}-")

    def _vote(self, stage: Stage, step: Step) -> None:
        with self.site.engine.read(SYSTEM) as tx:
            case = stage.case(tx, step)
            query = select(Vote.number).where(Vote.instance_id == case.id, Vote.state == VoteState.OPEN)
            number = tx.session.scalar(query.order_by(Vote.number.desc()).limit(1))
            ballots = [(performer_of(tx, who, case, case.unit_id), choice) for who, choice in step["vote"].items()]
        for actor, choice in ballots:
            desk = self.desk(actor)
            desk.page.goto("/votes")
            desk.page.locator(f'a[href$="/votes/{number}"]').first.click()
            self._look(desk, "vote")
            desk.page.get_by_label(str(choice), exact=True).check()
            desk.submit()
            expect(desk.page.locator("main")).to_contain_text("已投票")

    def _advance(self, stage: Stage, step: Step) -> None:
        """Sessions do not outlive the days that pass: everybody signs in anew."""
        STEPS["advance"].run(stage, step)
        self._desks.clear()

    def _at_the_case(self, actor: Actor, case: ProcessInstance) -> Visitor:
        desk = self.desk(actor)
        if actor.account_id is None:
            desk.page.goto("/follow")
            desk.page.get_by_label("编号").fill(self.number)
            desk.page.get_by_label("查询码").fill(self.code)
            desk.submit()
        else:
            desk.page.goto(f"/follow/case/{case.id}")
        expect(desk.page.locator(".standing")).to_be_visible()
        self._look(desk, "follow")
        return desk

    def _is_resident(self, actor: Actor) -> bool:
        if actor.account_id is None:
            return True
        with self.site.engine.read(SYSTEM) as tx:
            return tx.get(Account, actor.account_id).kind is not AccountKind.OFFICIAL

    def _look(self, visitor: Visitor, kind: str) -> None:
        if kind not in self._looked_at:
            self._looked_at.add(kind)
            self.check(visitor)
