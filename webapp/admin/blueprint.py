"""The blueprint that the administrator's pages share, and the tabs above them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request, url_for

from webapp.i18n import _

blueprint = Blueprint("admin", __name__, template_folder="templates")


def tabs() -> list[dict[str, Any]]:
    """The pages of this part."""
    pages = (("admin.schedules", _("定期启动")),)
    return [{"url": url_for(name), "label": label, "active": request.endpoint == name} for name, label in pages]
