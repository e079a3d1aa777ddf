"""The bell, the list of messages, and the way from a message to the place where something is to be done."""

from __future__ import annotations

from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import muting, notifications
from engine.notifications import KINDS
from engine.people import OFFICIAL, post_holder
from engine.queries import bell
from engine.queries.bell import Place, Wish
from webapp import auth
from webapp.auth import current_actor, signed_in
from webapp.i18n import _
from webapp.messages.blueprint import blueprint
from webapp.platform import engine
from webapp.sent import page_number

_ALL = "all"


@blueprint.get("/messages", endpoint="messages")
@signed_in
def messages_page() -> ResponseReturnValue:
    """The messages of the acting post and the own account: the unread ones first, all on demand."""
    kind = request.args.get("kind", "")
    wish = Wish(kind if kind in KINDS else "", request.args.get("show") != _ALL, page_number())
    with engine().read(current_actor()) as tx:
        page = bell.messages(tx, wish)
        unread = bell.count_unread(tx)
    names = [(key, _(each.name)) for key, each in KINDS.items() if each.in_bell]
    return render_template("messages/messages.html", page=page, wish=wish, unread=unread, kinds=names, MOST=bell.MOST)


@blueprint.get("/messages/count")
@signed_in
def count() -> ResponseReturnValue:
    """The bell alone; nothing when it shows the right number already."""
    with engine().read(current_actor()) as tx:
        unread = bell.count_unread(tx)
    if request.args.get("shown") == str(unread):
        return Response(status=204)
    return render_template("_bell.html", bell=unread)


@blueprint.get("/messages/<uuid:message_id>")
@signed_in
def message(message_id: UUID) -> ResponseReturnValue:
    """Go where something is to be done, in the post that was told; the message counts as read from now on."""
    _act_for(message_id)
    with engine().begin(current_actor()) as tx:
        place = bell.place_of(tx, message_id)
        notifications.mark_one_read(tx, message_id)
    return redirect(_address(place))


def _act_for(message_id: UUID) -> None:
    """Mails tell all posts of a person; the link in one leads into the post that it is about."""
    visitor = auth.current_visitor()
    posts = {post_holder(post.position, post.unit_id): post for post in visitor.posts} if visitor else {}
    with engine().read(current_actor()) as tx:
        told = bell.holders_told(tx, message_id)
    if told & current_actor().holders:
        return
    for holder in sorted(told & posts.keys()):
        auth.act_as(posts[holder].appointment_id)
        return


def _address(place: Place) -> str:
    """Officials and residents have different pages of the same case."""
    if place.instance_id is None:
        return url_for("messages.messages", show=_ALL)
    if any(map(current_actor().may, OFFICIAL)):
        if place.task_id is not None:
            return url_for("inbox.task", task_id=place.task_id)
        return url_for("inbox.case", instance_id=place.instance_id)
    if place.task_id is not None:
        return url_for("portal.task", instance_id=place.instance_id, task_id=place.task_id)
    return url_for("portal.case", instance_id=place.instance_id)


@blueprint.post("/messages/<uuid:message_id>/read")
@signed_in
def read(message_id: UUID) -> ResponseReturnValue:
    """Mark one message as read and go on with the list."""
    with engine().begin(current_actor()) as tx:
        notifications.mark_one_read(tx, message_id)
    return redirect(url_for("messages.messages", **request.args))


@blueprint.post("/messages/<uuid:message_id>/mute")
@signed_in
def mute(message_id: UUID) -> ResponseReturnValue:
    """Be reminded no more of the case that a message is about, and go on with the list."""
    with engine().begin(current_actor()) as tx:
        muting.mute_case_of(tx, message_id)
    flash(_("不再提醒这个事项。需要办理时仍会提醒；在消息设置里可以恢复。"), "success")
    return redirect(url_for("messages.messages", **request.args))


@blueprint.post("/messages/settings/muted/<uuid:instance_id>")
@signed_in
def unmute(instance_id: UUID) -> ResponseReturnValue:
    """Be reminded of a case again."""
    with engine().begin(current_actor()) as tx:
        muting.unmute_case(tx, instance_id)
    flash(_("已恢复提醒。"), "success")
    return redirect(url_for("messages.settings", _anchor="reminders-title"))


@blueprint.post("/messages/read")
@signed_in
def read_all() -> ResponseReturnValue:
    """Mark everything as read."""
    with engine().begin(current_actor()) as tx:
        notifications.mark_all_read(tx)
    flash(_("已全部标为已读。"), "success")
    return redirect(url_for("messages.messages"))
