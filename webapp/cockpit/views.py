"""Pages of the cockpit."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("cockpit", __name__, template_folder="templates")
