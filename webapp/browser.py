"""A browser that nobody has signed in with, known again by a random token in a cookie for some weeks.

By it a resident finds drafts and uploads again after the browser was closed. On the server only hashes of it are kept.
"""

from __future__ import annotations

import hashlib
import re
import secrets

from flask import Response, after_this_request, current_app, g, request

COOKIE = "wuji_browser"
#: As long as the longest time that drafts can be set to live.
_LIVES_SECONDS = 60 * 24 * 3600
_TOKEN = re.compile(r"[\w-]{43}")


def token() -> str | None:
    """The token of this browser, None for one that never kept anything here."""
    if "browser_token" not in g:
        sent = request.cookies.get(COOKIE, "")
        g.browser_token = sent if _TOKEN.fullmatch(sent) else None
    return g.browser_token  # type: ignore[no-any-return] # g holds anything; this name only tokens


def token_to_keep() -> str:
    """The same; a browser without one gets one, and one that has it keeps it for as long again."""
    found = token() or secrets.token_urlsafe(32)
    g.browser_token = found

    @after_this_request
    def remember(response: Response) -> Response:
        is_secure = current_app.config["SESSION_COOKIE_SECURE"] or request.is_secure
        response.set_cookie(COOKIE, found, max_age=_LIVES_SECONDS, secure=is_secure, httponly=True, samesite="Lax")
        return response

    return found


def forget() -> None:
    """Let this browser be known no more."""
    g.browser_token = None

    @after_this_request
    def drop(response: Response) -> Response:
        response.delete_cookie(COOKIE)
        return response


def upload_session_of(token: str) -> str:
    """Stands for the token where uploads are kept; it opens nothing else."""
    return hashlib.sha256(f"uploads {token}".encode()).hexdigest()[:32]
