"""Pages of the studio."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("studio", __name__, template_folder="templates")
