"""Passwords: what is accepted (OWASP ASVS 5.0, 6.2), and how they are kept (Argon2id)."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from engine.errors import N_, InvalidVariables

SHORTEST = 8
LONGEST = 128
#: 19 MiB, two passes, one lane (OWASP Password Storage Cheat Sheet): 64 MiB in four lanes would let a crowd that signs
#: in at eight in the morning take all memory and both processors of a small server.
_HASHER = PasswordHasher(memory_cost=19_456, time_cost=2, parallelism=1)


def ensure_acceptable(password: str, login: str = "") -> None:
    """Raise InvalidVariables (path ``password``) for a password that is too short, too long, common or the login.

    There are no rules of composition and no expiry: they make passwords worse (ASVS 6.2.5, 6.2.10).
    """
    text = _normal(password)
    if len(text) < SHORTEST:
        raise InvalidVariables.at("password", N_("密码至少要有 {count} 个字符。"), count=SHORTEST)
    if len(text) > LONGEST:
        raise InvalidVariables.at("password", N_("密码最多 {count} 个字符。"), count=LONGEST)
    if text.lower() in _common():
        raise InvalidVariables.at("password", N_("这个密码太常见，容易被猜到，请换一个。"))
    if login and text.lower() == login.lower():
        raise InvalidVariables.at("password", N_("密码不能与登录名相同。"))


def hash_password(password: str) -> str:
    """The Argon2id hash with its own salt. Slow on purpose: never call it inside a write transaction."""
    return _HASHER.hash(_normal(password))


def is_right(password_hash: str | None, password: str) -> bool:
    """Whether the password belongs to the hash; takes as long when there is no hash to compare with."""
    if len(password) > LONGEST:
        password = password[: LONGEST + 1]
    try:
        matches = _HASHER.verify(password_hash or _nobody(), _normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return matches and password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with weaker settings than today's."""
    return _HASHER.check_needs_rehash(password_hash)


def _normal(password: str) -> str:
    """The same password typed on another keyboard must be the same (NIST SP 800-63B, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


@cache
def _nobody() -> str:
    return _HASHER.hash("nobody has this account")


@cache
def _common() -> frozenset[str]:
    return frozenset((Path(__file__).parent / "common_passwords.txt").read_text(encoding="utf-8").split())
