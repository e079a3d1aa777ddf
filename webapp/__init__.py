"""The web application: pages for residents, officials, admins, analysts and auditors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask

from engine.database import Engine
from engine.people import SYSTEM
from engine.queries.newest import english_names
from webapp import assets, auth, compression, errors, expired, i18n, navigation, platform, security
from webapp.account.views import blueprint as account
from webapp.admin import blueprint as admin
from webapp.audit.views import blueprint as audit
from webapp.cockpit.views import blueprint as cockpit
from webapp.csrf import MaskedTokens
from webapp.diagrams import blueprint as diagrams
from webapp.files import blueprint as files
from webapp.inbox import blueprint as inbox
from webapp.inbox.work import blueprint as work
from webapp.ledger import blueprint as ledger
from webapp.meetings.views import blueprint as meetings
from webapp.messages import blueprint as messages
from webapp.portal.notices import blueprint as notices
from webapp.portal.results import blueprint as results
from webapp.portal.views import blueprint as portal
from webapp.preferences import blueprint as preferences
from webapp.standard.views import blueprint as standard
from webapp.studio.views import blueprint as studio
from webapp.substitutions import blueprint as substitutions
from webapp.votes.views import blueprint as votes

BLUEPRINTS = (
    portal,
    notices,
    results,
    account,
    preferences,
    messages,
    inbox,
    substitutions,
    work,
    meetings,
    votes,
    cockpit,
    studio,
    audit,
    standard,
    admin,
    ledger,
    diagrams,
    files,
)


def create_app(engine: Engine, config: Mapping[str, Any]) -> Flask:
    """The WSGI application on an engine. ``config`` needs SECRET_KEY; the rest has defaults."""
    app = Flask(__name__, static_folder=None)  # assets serves what is static
    app.config.update(
        SESSION_COOKIE_NAME="wuji",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.config.update(config)
    platform.init_app(app, engine)
    MaskedTokens(app)
    for part in (compression, security, errors, expired, assets, auth, navigation):
        part.init_app(app)
    i18n.init_app(app, auth.account_locale, engine.clock, lambda: _names(engine))
    app.add_url_rule("/static/<path:filename>", "static", assets.static)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app


def _names(engine: Engine) -> Mapping[str, str]:
    with engine.read(SYSTEM) as tx:
        return english_names(tx)
