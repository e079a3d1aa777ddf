"""The blueprint of all pages about messages to people."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("messages", __name__, template_folder="templates")
