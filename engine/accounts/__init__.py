"""Accounts: passwords, signing in, and web sessions on the server."""

from engine.accounts.changes import change_password, disable_account, enable_account, set_password
from engine.accounts.passwords import ensure_acceptable, hash_password
from engine.accounts.sessions import (
    LIMITS,
    Limits,
    Visit,
    act_as,
    end_sessions,
    forget_old_sessions,
    open_sessions,
    resume,
    sign_out,
)
from engine.accounts.signing_in import LOCKED_FOR, MOST_FAILURES, forget_old_failures, sign_in

__all__ = [
    "LIMITS",
    "LOCKED_FOR",
    "MOST_FAILURES",
    "Limits",
    "Visit",
    "act_as",
    "change_password",
    "disable_account",
    "enable_account",
    "end_sessions",
    "ensure_acceptable",
    "forget_old_failures",
    "forget_old_sessions",
    "hash_password",
    "open_sessions",
    "resume",
    "set_password",
    "sign_in",
    "sign_out",
]
