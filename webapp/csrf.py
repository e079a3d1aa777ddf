"""The token against forged requests, masked anew for every page.

Pages travel compressed, together with words of the visitor, such as a search. Whoever can make a visitor's browser ask
for pages with words of theirs, and sees how long the answers are, could guess a text that is the same in all of them
letter by letter (BREACH). A token that looks different each time cannot be guessed so.
"""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error

from flask import Flask, g
from flask_wtf import CSRFProtect
from flask_wtf.csrf import generate_csrf


class MaskedTokens(CSRFProtect):
    """Flask-WTF's protection, whose tokens never go out as they are. Templates ask for one by ``csrf_token()``."""

    def init_app(self, app: Flask) -> None:
        """Check every form, and give the templates masked tokens."""
        super().init_app(app)
        app.jinja_env.globals["csrf_token"] = token
        app.context_processor(lambda: {"csrf_token": token})

    def _get_csrf_token(self) -> str | None:
        sent = super()._get_csrf_token()
        return unmasked(sent) if sent else None


def token() -> str:
    """The token of this answer, the same wherever the page needs it."""
    if "masked_token" not in g:
        g.masked_token = masked(generate_csrf())
    return g.masked_token  # type: ignore[no-any-return] # g holds anything; this name only tokens


def masked(text: str) -> str:
    """The text under a random mask that goes before it."""
    content = text.encode()
    mask = secrets.token_bytes(len(content))
    return urlsafe_b64encode(mask + _xor(mask, content)).decode()


def unmasked(sent: str) -> str:
    """What was masked; a text that nobody masked comes out as one that fits no session."""
    try:
        content = urlsafe_b64decode(sent)
        half = len(content) // 2
        return _xor(content[:half], content[half:]).decode()
    except (Error, UnicodeError, ValueError):
        return "?"


def _xor(mask: bytes, content: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(mask, content, strict=True))
