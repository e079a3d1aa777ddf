"""The blueprint that the administrator's pages share, and the tabs above them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request, url_for

from engine.people import OFFICIAL
from webapp.auth import current_actor, requires
from webapp.i18n import _

blueprint = Blueprint("admin", __name__, template_folder="templates")
#: Lets every official open a view, whatever the post.
official = requires(*OFFICIAL)


def tabs() -> list[dict[str, Any]]:
    """The pages of this part."""
    of_units = (("admin.places", _("地名")), ("admin.phones", _("单位电话")))
    pages = (
        ("admin.schedules", _("定期启动")),
        ("admin.policies", _("制度参数")),
        ("admin.outgoing", _("消息发送")),
        ("admin.counter", _("居民窗口")),
        *(of_units if current_actor().may("people.manage") else ()),
    )
    return [{"url": url_for(name), "label": label, "active": request.endpoint == name} for name, label in pages]
