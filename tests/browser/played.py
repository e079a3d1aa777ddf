"""A scenario gone through in browsers: everybody signs in, finds the own work, and fills in the forms.

What people do, they do at a browser; time, the machine and what is expected are as in every other play of a scenario.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from playwright.sync_api import expect
from sqlalchemy import select

from engine import scenarios
from engine.lifecycle import NoticeState, VoteState
from engine.model.notice import Notice
from engine.model.process import ProcessInstance
from engine.model.vote import Vote
from engine.people import ANONYMOUS, SYSTEM, Actor, org_tree
from engine.scenarios import VirtualClock
from engine.scenarios.actors import applicant_of, performer_of, starter_of, unit_at
from engine.scenarios.script import Step
from engine.scenarios.stage import Stage
from engine.scenarios.steps import STEPS
from engine.scenarios.steps.tasks import choose
from tests.browser.desks import Desks
from tests.browser.filing import choose_group
from tests.browser.visitor import Site, Visitor
from webapp import library

_OBJECTOR = {"name": "楼栋居民", "phone": "13800000000"}
#: What pages answer when they refuse.
_REFUSED = 422


class Play:
    """Scenarios on a served platform. ``check`` looks at every kind of page, and at every form, once in this play."""

    def __init__(
        self,
        visit: Callable[..., Visitor],
        site: Site,
        clock: VirtualClock,
        check: Callable[[Visitor, str | None], None] = lambda visitor, part: None,
    ) -> None:
        self.site = site
        self.desks = Desks(visit, site)
        self._clock = clock
        self._check = check
        self._looked_at: set[str] = set()

    def run(self, key: str, name: str) -> None:
        """Play the scenario file from its start to its last step."""
        script = scenarios.read(library.folder("processes") / key / "scenarios" / f"{name}.yaml")
        means = {
            "given": self._begin,
            "start": self._start,
            "complete": self._complete,
            "message": self._withdraw,
            "object": self._object,
            "vote": self._vote,
            "advance": self._advance,
        }
        scenarios.play(script, self.site.engine, self._clock, means=means)

    def case(self, place: str) -> ProcessInstance:
        """The newest case of a process, or of it at a unit: ``appeal``, ``appeal@jinxing-1``."""
        key, _, unit = place.partition("@")
        query = select(ProcessInstance).where(ProcessInstance.process_key == key)
        with self.site.engine.read(SYSTEM) as tx:
            if unit:
                query = query.where(ProcessInstance.unit_id == unit_at(tx, unit))
            newest = query.order_by(ProcessInstance.started_at.desc(), ProcessInstance.business_key.desc())
            return tx.session.scalars(newest.limit(1)).one()

    def follow(self, place: str) -> Visitor:
        """Whoever filed the case, at its page."""
        case = self.case(place)
        with self.site.engine.read(SYSTEM) as tx:
            actor = applicant_of(tx, case)
        return self._seen(self.desks.follow(actor, case), "follow")

    def look(self, login: str, address: str) -> Visitor:
        """Somebody at an address; without a login the telephone of those who have none."""
        visitor = self.desks.at(login)
        visitor.page.goto(address)
        return self._seen(visitor, address)

    def official_at(self, login: str, place: str) -> Visitor:
        """An official who took part in a case, at its page."""
        case = self.case(place)
        desk = self.desks.at(login)
        desk.page.goto(f"/tasks?tab=done&q={case.business_key}")
        self._seen(desk, "tasks done")
        desk.page.locator(f'a[href$="/cases/{case.id}"]').first.click()
        expect(desk.page.get_by_role("heading", level=1)).to_have_text(case.title)
        return self._seen(desk, f"case of {case.process_key}")

    def _begin(self, stage: Stage, given: Step) -> None:
        stage.instance_id = self._file(stage.starter, stage.script.key, stage.unit_id, given.get("start", {}), given)

    def _start(self, stage: Stage, step: Step) -> None:
        with self.site.engine.read(SYSTEM) as tx:
            unit = unit_at(tx, step["unit"]) if "unit" in step else stage.unit_id
            actor = starter_of(tx, step["by"], unit) if "by" in step else stage.starter
        self._file(actor, step["start"], unit, step.get("values", {}), step)

    def _file(self, actor: Actor, key: str, unit_id: UUID | None, values: Step, step: Step) -> UUID | None:
        """A resident files at the counter, an official from the list of what may be started; gives the case."""
        desk = self.desks.of(actor)
        page = desk.page
        with self.site.engine.read(SYSTEM) as tx:
            unit = org_tree(tx).unit(unit_id) if unit_id else None
        if self.desks.is_resident(actor):
            page.goto(f"/start/{key}")
            if unit:
                choose_group(desk, unit.name, unit.code)
        else:
            page.goto("/tasks")
            page.get_by_role("link", name="发起事项").click()
            self._seen(desk, "what may be started")
            page.locator(f'a[href="/processes/{key}/start"]').click()
            if unit and page.locator('[name="_place"]').count():
                choose_group(desk, unit.name, unit.code)
            elif unit and page.locator("#unit").count():
                page.locator("#unit").select_option(str(unit.id))
        desk.fill(values)
        if page.locator('[name="_agreed"]').count():
            page.locator('[name="_agreed"]').check()
        self._seen(desk, f"start of {key}")
        if not self._submit(desk, step):
            return None
        expect(page.locator(".receipt, #messages .notice-success").first).to_be_visible()
        self._seen(desk, f"started {key}")
        if page.locator(".receipt").count():
            number, code = page.locator(".receipt dd").all_inner_texts()
            self.desks.keep_receipt(number, code)
        with self.site.engine.read(SYSTEM) as tx:
            return tx.session.scalar(_NEWEST.where(ProcessInstance.process_key == key))

    def _complete(self, stage: Stage, step: Step) -> None:
        with self.site.engine.read(SYSTEM) as tx:
            case = stage.case(tx, step)
            actor, task = choose(tx, case, step)
        desk = self._find(actor, case, task.id)
        page = desk.page
        expect(page.get_by_role("heading", level=1)).to_have_text(task.name)
        desk.fill(step.get("values", {}))
        self._seen(desk, "task")
        self._seen(desk, f"{task.element_id} of {case.process_key}", part="#form")
        if self._submit(desk, step):
            expect(page.locator("#messages")).to_contain_text(f"“{task.name}”")

    def _find(self, actor: Actor, case: ProcessInstance, task_id: UUID) -> Visitor:
        """At the page of a task, by the way that its doer goes."""
        if self.desks.is_resident(actor):
            desk = self._seen(self.desks.follow(actor, case), "follow")
        else:
            desk = self.desks.of(actor)
            for tab in ("open", "mine"):
                desk.page.goto(f"/tasks?tab={tab}&q={case.business_key}")
                if desk.page.locator(f'a[href*="{task_id}"]').count():
                    break
            self._seen(desk, "tasks")
        desk.page.locator(f'a[href*="{task_id}"]').first.click()
        return desk

    def _withdraw(self, stage: Stage, step: Step) -> None:
        """The only message that people send: taking the own case back."""
        with self.site.engine.read(SYSTEM) as tx:
            case = stage.case(tx, step)
            actor = applicant_of(tx, case)
        desk = self._seen(self.desks.follow(actor, case), "follow")
        confirm = desk.page.locator("details.confirm")
        confirm.locator("summary").click()
        desk.fill({"reason": next(iter(step["values"].values()))})
        self._seen(desk, "withdraw")
        confirm.locator("button.btn-danger").click()
        expect(desk.page.locator("#messages")).to_contain_text("已撤回")
        self._seen(desk, "withdrawn")

    def _object(self, stage: Stage, step: Step) -> None:
        with self.site.engine.read(SYSTEM) as tx:
            case = stage.case(tx, step)
            query = select(Notice.number).where(Notice.instance_id == case.id, Notice.state == NoticeState.OPEN)
            number = tx.session.scalar(query.where(Notice.takes_objections).order_by(Notice.number.desc()).limit(1))
            actor = performer_of(tx, step["by"], case, case.unit_id) if "by" in step else ANONYMOUS
        who = {"name": actor.name, **_OBJECTOR} if "by" in step else _OBJECTOR
        desk = self.desks.of(actor)
        desk.page.goto("/notices")
        self._seen(desk, "notice board")
        desk.page.locator(f'a[href$="/notices/{number}"]').first.click()
        self._seen(desk, "notice")
        desk.fill({"text": step["object"], **{name: step.get(name, text) for name, text in who.items()}})
        if self._submit(desk, step):
            expect(desk.page.locator(".receipt dd")).to_contain_text(f"{number}-")
            self._seen(desk, "objected")

    def _vote(self, stage: Stage, step: Step) -> None:
        with self.site.engine.read(SYSTEM) as tx:
            case = stage.case(tx, step)
            query = select(Vote.number).where(Vote.instance_id == case.id, Vote.state == VoteState.OPEN)
            number = tx.session.scalar(query.order_by(Vote.number.desc()).limit(1))
            ballots = [(performer_of(tx, who, case, case.unit_id), choice) for who, choice in step["vote"].items()]
        for actor, choice in ballots:
            desk = self.desks.of(actor)
            desk.page.goto("/votes")
            self._seen(desk, "votes")
            desk.page.locator(f'a[href$="/votes/{number}"]').first.click()
            desk.page.get_by_label(str(choice), exact=True).check()
            self._seen(desk, "ballot paper")
            desk.submit()
            self._seen(desk, "confirm ballot")
            desk.submit()
            expect(desk.page.locator("#messages")).to_contain_text("已投票")
            self._seen(desk, "voted")

    def _advance(self, stage: Stage, step: Step) -> None:
        STEPS["advance"].run(stage, step)
        self.desks.stay_signed_in()

    def _submit(self, desk: Visitor, step: Step) -> bool:
        """Press the button; for a step that has to be refused, see the page say why, and give False."""
        if not step.get("refused"):
            desk.submit()
            return True
        desk.expect_refusals(_REFUSED)
        desk.submit()
        expect(desk.page.locator(".error-summary")).to_contain_text(str(step["because"]))
        self._seen(desk, "refused")
        return False

    def _seen(self, visitor: Visitor, kind: str, part: str | None = None) -> Visitor:
        """Look at a kind of page once; ``part`` is what tells it from others that were looked at in full."""
        if kind not in self._looked_at:
            self._looked_at.add(kind)
            self._check(visitor, part)
        return visitor


_NEWEST = select(ProcessInstance.id).order_by(ProcessInstance.started_at.desc(), ProcessInstance.business_key.desc())
