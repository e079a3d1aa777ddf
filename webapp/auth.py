"""Who is asking, and what they may do. Every view names its permission with one of the decorators here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

from flask import Flask, current_app, flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from engine import accounts
from engine.errors import NotAuthenticated, NotAuthorized
from engine.people import ANONYMOUS, Actor, Post
from webapp import i18n
from webapp.expired import keep_and_ask_to_sign_in
from webapp.i18n import _
from webapp.platform import engine

View = TypeVar("View", bound=Callable[..., Any])
#: What ``access`` says of a view that anybody may open.
PUBLIC = "public"
#: What it says of a view for everybody who has signed in.
SIGNED_IN = "signed_in"


@dataclass(frozen=True)
class Visitor:
    """Who is signed in: the actor in the acting post, and the other posts of the same account."""

    actor: Actor
    posts: tuple[Post, ...]


def requires(permission: str, *others: str) -> Callable[[View], View]:
    """Let a view be opened only in a post that carries the permission, or one of the others."""
    return _guarded(permission, *others)


def public(view: View) -> View:
    """Let anybody open the view."""
    view.access = PUBLIC  # type: ignore[attr-defined] # functions carry attributes; their type does not say so
    return view


def signed_in(view: View) -> View:
    """Let everybody who has signed in open the view; what they see is decided row by row."""
    return _guarded(SIGNED_IN)(view)


def _guarded(access: str, *others: str) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            visitor = current_visitor()
            if visitor is None:
                return keep_and_ask_to_sign_in()
            if access != SIGNED_IN and not any(map(visitor.actor.may, (access, *others))):
                raise NotAuthorized(_("当前岗位（{post}）不能使用这个功能。"), post=visitor.actor.name)
            result: ResponseReturnValue = view(*args, **kwargs)
            return result

        guarded.access = access  # type: ignore[attr-defined] # the same reason as above
        return guarded  # type: ignore[return-value] # wraps keeps the signature; mypy can't see it

    return decorate


def current_visitor() -> Visitor | None:
    """Who is signed in, None when nobody is. Read once per request."""
    if "visitor" not in g:
        g.visitor = _load_visitor()
    return g.visitor  # type: ignore[no-any-return] # g holds anything; this name only visitors


def current_actor() -> Actor:
    """The actor of this request; ANONYMOUS when nobody is signed in."""
    visitor = current_visitor()
    return visitor.actor if visitor else ANONYMOUS


def account_locale() -> str | None:
    """The language that the account has chosen; what this browser was told last goes before it."""
    if i18n.COOKIE in request.cookies:
        return None
    visitor = current_visitor()
    return visitor.actor.locale if visitor else None


def _load_visitor() -> Visitor | None:
    token = session.get("token")
    if token is None:
        return None
    try:
        found = accounts.resume(engine(), token)
    except NotAuthenticated:
        session.pop("token", None)
        return None
    return Visitor(found.actor, tuple(found.posts))


def sign_in(login: str, password: str) -> None:
    """Check the password and open a session under a new token. Raises NotAuthenticated with a sentence."""
    client = f"{request.remote_addr} {request.user_agent.string}"[:300]
    session["token"] = accounts.sign_in(engine(), login, password, client)
    g.pop("visitor", None)


def sign_out() -> None:
    """End the session, here and on the server."""
    token = session.pop("token", None)
    if token is not None:
        accounts.sign_out(engine(), token)
    g.pop("visitor", None)


def act_as(appointment_id: UUID) -> None:
    """Act in another of one's posts from now on."""
    accounts.act_as(engine(), session["token"], appointment_id)
    g.pop("visitor", None)
    flash(_("现在以“{post}”的岗位办理。", post=current_actor().name), "success")


def init_app(app: Flask) -> None:
    """Give the templates the actor and refuse, in tests, views that do not name their access."""
    app.context_processor(_context)


def _context() -> dict[str, Any]:
    visitor = current_visitor()
    return {"actor": visitor.actor if visitor else None, "posts": visitor.posts if visitor else ()}


def home_url() -> str:
    """Where this visitor's work begins."""
    actor = current_actor()
    for permission, endpoint in (
        ("task.handle", "inbox.tasks"),
        ("definition.edit", "studio.processes"),
        ("history.read", "audit.search"),
        ("case.view_all", "cockpit.cases"),
    ):
        if actor.may(permission) and endpoint in current_app.view_functions:
            return url_for(endpoint)
    return url_for("portal.home")


def to_home() -> ResponseReturnValue:
    """Redirect there."""
    return redirect(home_url())
