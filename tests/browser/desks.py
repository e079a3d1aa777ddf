"""The browsers of a play: everybody has one of their own, and signs in once."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect
from sqlalchemy import select, update

from engine.accounts import LIMITS
from engine.model.people import Account, AccountKind, WebSession
from engine.model.process import ProcessInstance
from engine.people import SYSTEM, Actor
from tests.browser.filing import follow
from tests.browser.visitor import PHONE, Site, Visitor

#: Who has no account has no desk either.
ON_A_PHONE = {"viewport": PHONE, "has_touch": True}


class Desks:
    """Who sits where. Residents without an account share one telephone, as each knows only the own receipts."""

    def __init__(self, visit: Callable[..., Visitor], site: Site) -> None:
        self._visit = visit
        self._site = site
        self._browsers: dict[str, Visitor] = {}
        self._signed_in: set[str] = set()
        self._receipts: dict[str, str] = {}

    def of(self, actor: Actor) -> Visitor:
        """The browser of an actor, signed in and acting in the right post."""
        desk = self.at(self.login_of(actor))
        if actor.position:
            desk.act_as(actor.name)
        return desk

    def at(self, login: str) -> Visitor:
        """The browser of an account, signed in; for an empty login the telephone of those without one."""
        if login not in self._browsers:
            self._browsers[login] = self._visit() if login else self._visit(**ON_A_PHONE)
        if login and login not in self._signed_in:
            self._browsers[login].sign_in(login)
            self._signed_in.add(login)
        return self._browsers[login]

    def stay_signed_in(self) -> None:
        """Days pass, and sessions would end: they go on here, since everybody has signed in through the page once.

        Those that the platform has forgotten meanwhile are over.
        """
        with self._site.engine.begin(SYSTEM) as tx:
            going_on = {"last_seen_at": tx.now, "expires_at": tx.now + LIMITS.absolute}
            tx.session.execute(update(WebSession).values(going_on))
            known = select(Account.login).join(WebSession, WebSession.account_id == Account.id)
            self._signed_in &= set(tx.session.scalars(known))

    def login_of(self, actor: Actor) -> str:
        """The login of an actor; empty without an account."""
        account = self._account(actor)
        return account.login if account else ""

    def is_resident(self, actor: Actor) -> bool:
        """Whether the pages for residents are the actor's; outside parties work at the desk, as officials do."""
        account = self._account(actor)
        return account is None or account.kind is AccountKind.RESIDENT

    def keep_receipt(self, number: str, code: str) -> None:
        """Write down number and code of a case."""
        self._receipts[number] = code

    def follow(self, actor: Actor, case: ProcessInstance) -> Visitor:
        """At the page of a case for whoever filed it: without an account by number and code."""
        desk = self.of(actor)
        page = desk.page
        if actor.account_id is None:
            follow(desk, case.business_key, self._receipts[case.business_key])
        else:
            page.goto("/mine")
            page.locator(f'a[href$="/follow/case/{case.id}"]').first.click()
            expect(page.locator(".standing")).to_be_visible()
        return desk

    def _account(self, actor: Actor) -> Account | None:
        if actor.account_id is None:
            return None
        with self._site.engine.read(SYSTEM) as tx:
            return tx.get(Account, actor.account_id)
